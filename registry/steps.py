"""The steps in a case's life as people take them: who may, what is still missing, which action it is."""

from dataclasses import dataclass

from registry import access
from registry.actions import cases, owning
from registry.blind import missing_for_review_as_seen
from registry.choices import TRANSITIONS, Right, Status
from registry.models.workflow import missing_for


@dataclass(frozen=True)
class Step:
    """One step: the address's word for it, the button's words, and what it does to the case."""

    slug: str
    words: str
    explanation: str
    status: str
    right: str
    action: object
    symbol: str
    frm: tuple = tuple(Status)
    asks_reason: bool = False

    def fits(self, case):
        return case.status in self.frm and self.status in TRANSITIONS[Status(case.status)]


STEPS = (
    Step(
        "submit",
        "Submit for triage",
        "It gets in front of the analysts, and of everyone who may see it.",
        Status.TRIAGE,
        Right.EDIT,
        cases.submit_case,
        "status-triage",
    ),
    Step(
        "accept",
        "Accept for analysis",
        "Somebody owns it from here on and works out why it happened.",
        Status.ANALYSIS,
        Right.ANALYSE,
        cases.accept_case,
        "status-analysis",
        frm=(Status.TRIAGE,),
    ),
    Step(
        "request-review",
        "Ask for review",
        "A reviewer other than the owner reads the analysis and approves or returns it.",
        Status.REVIEW,
        Right.ANALYSE,
        cases.request_review,
        "status-review",
    ),
    Step(
        "approve",
        "Approve and close",
        "The analysis is finished. It can be reopened with a reason.",
        Status.CLOSED,
        Right.REVIEW,
        cases.approve_case,
        "status-closed",
    ),
    Step(
        "return",
        "Return to analysis",
        "The owner sees your reason on their home page.",
        Status.ANALYSIS,
        Right.REVIEW,
        cases.return_to_analysis,
        "return",
        frm=(Status.REVIEW,),
        asks_reason=True,
    ),
    Step(
        "reopen",
        "Reopen",
        "It goes back into analysis; nothing of its history is lost.",
        Status.ANALYSIS,
        Right.ANALYSE,
        cases.reopen_case,
        "refresh",
        frm=(Status.CLOSED, Status.WITHDRAWN),
        asks_reason=True,
    ),
    Step(
        "withdraw",
        "Withdraw",
        "It leaves the work and the statistics, and keeps its number and history.",
        Status.WITHDRAWN,
        Right.EDIT,
        cases.withdraw_case,
        "status-withdrawn",
        asks_reason=True,
    ),
)
BY_SLUG = {step.slug: step for step in STEPS}
FORWARD = {
    Status.DRAFT: "submit",
    Status.TRIAGE: "accept",
    Status.ANALYSIS: "request-review",
    Status.REVIEW: "approve",
}
# How many things each step asks for in all; what is done is this less what is missing.
ASKED = {"submit": 6, "accept": 2, "request-review": 13, "approve": 0}


def open_to(person, case):
    """The steps `person` may take with `case` as it stands."""
    return [step for step in STEPS if step.fits(case) and access.may(person, step.right, case)]


def refusal(person, case, step, *, blind):
    """Why `person` cannot take a step that is otherwise open to them; empty if they can."""
    if step.slug == "request-review" and blind:
        return cases.RATE_FIRST
    if step.slug == "approve" and case.owner_id == person.pk:
        return "You own this case. Somebody else has to approve it."
    if step.slug == "approve" and case.reporter_id == person.pk:
        return "You reported this case. Somebody else has to approve it."
    if step.slug == "approve" and step.fits(case) and person.may_review and owning.has_owned(case, person):
        return "You owned this case while it was analysed. Somebody else has to approve it."
    return ""


def missing_as_seen(person, case, status, *, blind):
    """What `case` lacks to become `status`, as far as `person` may know."""
    if (case.status, status) == (Status.ANALYSIS, Status.REVIEW):
        return missing_for_review_as_seen(person, case, blind=blind)
    return missing_for(case, status)


@dataclass(frozen=True)
class Ahead:
    """The step that leads on from here, what it still needs, and how much of what it asks for is done."""

    step: Step
    missing: list
    done: int
    total: int
    may_take: bool
    refusal: str


def ahead(person, case, *, blind):
    """What is Ahead of `case`, as `person` may know it; None for a case that is over."""
    if case.status not in FORWARD:
        return None
    step = BY_SLUG[FORWARD[case.status]]
    missing = missing_as_seen(person, case, step.status, blind=blind)
    total = ASKED[step.slug]
    may_take = access.may(person, step.right, case)
    why_not = refusal(person, case, step, blind=blind)
    return Ahead(step, missing, total - len(missing), total, may_take, why_not)
