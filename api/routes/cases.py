"""Cases and what is done to one or many of them."""

from api.routing import EXTERNAL_ID, KEY, REFERENCE, SOURCE, route
from api.serializers import case_input
from api.views import batches, by_ref, cases, facets, labels
from registry.actions import cases as actions
from registry.choices import Right

# Step of a case → what does it, the right it needs, the values it takes.
STEPS = {
    "submit": (actions.submit_case, Right.EDIT, case_input.NothingInput),
    "accept": (actions.accept_case, Right.ANALYSE, case_input.AcceptInput),
    "request-review": (actions.request_review, Right.ANALYSE, case_input.NothingInput),
    "approve": (actions.approve_case, Right.REVIEW, case_input.NothingInput),
    "return": (actions.return_to_analysis, Right.REVIEW, case_input.ReasonInput),
    "withdraw": (actions.withdraw_case, Right.EDIT, case_input.ReasonInput),
    "reopen": (actions.reopen_case, Right.ANALYSE, case_input.ReasonInput),
}


def step(name):
    action, right, takes = STEPS[name]
    view = cases.step_view(name, action=action, right=right, takes=takes)
    return route(rf"cases/{REFERENCE}/{name}", view, f"case-{name}")


# What stands before `cases/{REFERENCE}` would else be taken for a reference.
routes = [
    route("cases", cases.CaseList, "case-list"),
    route("cases/facets", facets.CaseFacets, "case-facets"),
    route("cases/bulk", batches.ManyCases, "case-bulk"),
    route(rf"cases/by-ref/{SOURCE}/{EXTERNAL_ID}", by_ref.CaseByRef, "case-by-ref"),
    route(rf"cases/{REFERENCE}", cases.OneCase, "case"),
    *(step(name) for name in STEPS),
    route(rf"cases/{REFERENCE}/labels", labels.CaseLabels, "case-labels"),
    route(rf"cases/{REFERENCE}/labels/{KEY}", labels.OwnLabel, "case-label"),
]
