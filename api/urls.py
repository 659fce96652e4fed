"""Addresses of the REST API. Each works with and without its last slash, so that no POST meets a redirect."""

from django.urls import path, re_path

from api.serializers import case_input
from api.views import cases, document, labels, me, patterns, problems, taxonomy
from registry.actions import cases as actions
from registry.choices import Right

REFERENCE = r"(?P<reference>[A-Za-z0-9-]{1,24})"
KEY = r"(?P<key>[a-z0-9-]+:[a-z0-9-]+)"
RUN = r"(?P<number>\d{1,10})"

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


def route(address, view, name, **options):
    return re_path(rf"^{address}/?$", view.as_view(**options), name=f"api-{name}")


def step(name):
    action, right, takes = STEPS[name]
    view = cases.step_view(name, action=action, right=right, takes=takes)
    return route(rf"cases/{REFERENCE}/{name}", view, f"case-{name}")


urlpatterns = [
    route("me", me.Me, "me"),
    route("cases", cases.CaseList, "case-list"),
    route(rf"cases/{REFERENCE}", cases.OneCase, "case"),
    *(step(name) for name in STEPS),
    route(rf"cases/{REFERENCE}/labels", labels.CaseLabels, "case-labels"),
    route(rf"cases/{REFERENCE}/labels/{KEY}", labels.OwnLabel, "case-label"),
    route("schemes", taxonomy.SchemeList, "scheme-list"),
    route(r"schemes/(?P<slug>[a-z0-9-]+)", taxonomy.OneScheme, "scheme"),
    route("nodes", taxonomy.NodeList, "node-list"),
    route(rf"nodes/{KEY}", taxonomy.OneNode, "node"),
    route("severity-tiers", taxonomy.TierList, "tier-list"),
    route("reference-matrix", taxonomy.ReferenceMatrix, "reference-matrix"),
    route("patterns/latest", patterns.LatestRun, "pattern-latest"),
    route("patterns/runs", patterns.RunList, "pattern-run-list"),
    route(rf"patterns/runs/{RUN}", patterns.OneRun, "pattern-run"),
    route(rf"patterns/runs/{RUN}/pairs", patterns.PairsOfRun, "pattern-pairs"),
    route(rf"patterns/runs/{RUN}/nodes", patterns.NodesOfRun, "pattern-nodes"),
    route(rf"patterns/runs/{RUN}/trends", patterns.TrendsOfRun, "pattern-trends"),
    path("openapi.json", document.Document.as_view(), name="api-schema"),
    path("docs/", document.docs, name="api-docs"),
    path("problems/<slug:slug>/", problems.problem_page, name="api-problem"),
    re_path(r"", problems.nothing_here),
]
