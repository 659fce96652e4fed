"""What may be done to many cases at once, for one case of them: doing it, and taking it back.

Each goes through the action that does the same to a single case, with its rights, guards, versions and history.
A change is a pair of functions of (case, meant, by, at, reason) and of (case, row, by, at, reason); the first
returns what the case was before and what it is after, as JSON.
"""

from dataclasses import dataclass, field

from registry.actions import cases, labels, ratings
from registry.choices import BulkAction, Stance, Status
from registry.models import EventGroup, Label, Person
from taxonomy.models import Node

RATED = labels.RATED
HELD = "Held with your other labels of this case until you submit your rating."


class Unchanged(Exception):
    """The case is as it was asked to be already."""


class Kept(Exception):
    """The case was changed again since, or there is no way back: it stays as it is."""


SINCE = "Changed since, and kept."


@dataclass(frozen=True)
class Step:
    """A step of many cases: where it starts, its action, and the way back for what each case was before."""

    words: str
    action: object
    frm: tuple
    asks_reason: bool = False
    back: dict = field(default_factory=dict)
    no_way_back: str = ""


STEPS = {
    "accept": Step(
        "Accept for analysis",
        cases.accept_case,
        (Status.TRIAGE,),
        no_way_back="An accepted case cannot go back to triage.",
    ),
    "request-review": Step(
        "Ask for review",
        cases.request_review,
        (Status.ANALYSIS,),
        back={Status.ANALYSIS: cases.return_to_analysis},
    ),
    "approve": Step(
        "Approve and close",
        cases.approve_case,
        (Status.REVIEW,),
        no_way_back="A closed case goes back to analysis, not to review: reopen it by hand.",
    ),
    "return": Step(
        "Return to analysis",
        cases.return_to_analysis,
        (Status.REVIEW,),
        asks_reason=True,
        back={Status.REVIEW: cases.request_review},
    ),
    "reopen": Step(
        "Reopen",
        cases.reopen_case,
        (Status.CLOSED, Status.WITHDRAWN),
        asks_reason=True,
        back={Status.WITHDRAWN: cases.withdraw_case},
        no_way_back="Only a case that was withdrawn goes back to what it was; one that was closed needs a review.",
    ),
    "withdraw": Step(
        "Withdraw",
        cases.withdraw_case,
        (Status.DRAFT, Status.TRIAGE, Status.ANALYSIS, Status.REVIEW),
        asks_reason=True,
        back={Status.ANALYSIS: cases.reopen_case},
        no_way_back="Only a case that was in analysis comes back to what it was.",
    ),
}
GIVE_REASON = frozenset({cases.return_to_analysis, cases.withdraw_case, cases.reopen_case})


def meant_by(change):
    """The rows that the ids in a change's arguments stand for, read once for all its cases."""
    wanted = change.arguments
    meant = dict(wanted)
    if wanted.get("owner"):
        meant["owner"] = Person.objects.get(pk=wanted["owner"])
    if wanted.get("node"):
        meant["node"] = Node.objects.select_related("scheme").get(pk=wanted["node"])
    if wanted.get("event_group"):
        meant["event_group"] = EventGroup.objects.get(pk=wanted["event_group"])
    return meant


def assign(case, meant, by, at, reason):
    owner, former = meant["owner"], case.owner
    if former == owner:
        raise Unchanged(f"{owner} owns it already.")
    cases.edit_case(case=case, by=by, at=at, version=case.version, owner=owner, reason=reason)
    return f"Owned by {former or 'nobody'} before.", {"owner": former and former.pk}, {"owner": owner.pk}


def give_back(case, row, by, at, reason):
    if case.owner_id != row.after["owner"]:
        raise Kept(SINCE)
    owner = Person.objects.filter(pk=row.before["owner"]).first()
    cases.edit_case(case=case, by=by, at=at, version=case.version, owner=owner, reason=reason)


def add_label(case, meant, by, at, reason):
    rating = {"stance": Stance.PRESENT, "confidence": meant.get("confidence"), "grounds": meant["grounds"]}
    label = Label.objects.filter(case=case, node=meant["node"], rater=by).first()
    if label and all(getattr(label, name) == value for name, value in rating.items()):
        raise Unchanged("You have said so already.")
    before = label and {name: getattr(label, name) for name in RATED}
    version = label.version if label else 0
    # Whoever is at work on the case says themselves when it is ready.
    hold = ratings.holds_labels(case, by)
    label = labels.label_case(case=case, node=meant["node"], by=by, at=at, version=version, hold=hold, **rating)
    words = [f"You had said “{before['stance']}” before."] if before else []
    words += [] if label.submitted_at else [HELD]
    return " ".join(words), before, {"label": label.pk, "version": label.version}


def take_back_label(case, row, by, at, reason):
    label = Label.objects.filter(pk=row.after["label"], case=case, rater=by).select_related("node__scheme").first()
    if label is None or label.version != row.after["version"]:
        raise Kept(SINCE)
    if row.before is None:
        labels.take_back_label(label=label, by=by, at=at, version=label.version)
    else:
        hold = label.submitted_at is None
        labels.label_case(case=case, node=label.node, by=by, at=at, version=label.version, hold=hold, **row.before)


def change_status(case, meant, by, at, reason):
    step, status = STEPS[meant["step"]], case.status
    arguments = {"reason": f"{meant['reason']} ({reason})"} if step.asks_reason else {}
    if meant["step"] == "accept" and case.owner_id is None:
        arguments["owner"] = meant.get("owner")
    case = step.action(case=case, by=by, at=at, version=case.version, **arguments)
    return "", {"status": status}, {"status": case.status, "version": case.version}


def move_back(case, row, by, at, reason):
    step = STEPS[row.change.arguments["step"]]
    if (case.status, case.version) != (row.after["status"], row.after["version"]):
        raise Kept(SINCE)
    back = step.back.get(row.before["status"])
    if back is None:
        raise Kept(step.no_way_back)
    arguments = {"reason": reason} if back in GIVE_REASON else {}
    back(case=case, by=by, at=at, version=case.version, **arguments)


def add_to_event(case, meant, by, at, reason):
    group, former = meant["event_group"], case.event_group
    if former == group:
        raise Unchanged("It is in this event group already.")
    cases.edit_case(case=case, by=by, at=at, version=case.version, event_group=group, reason=reason)
    words = "In another event group before." if former else ""
    return words, {"event_group": former and former.pk}, {"event_group": group.pk}


def take_out_of_event(case, row, by, at, reason):
    if case.event_group_id != row.after["event_group"]:
        raise Kept(SINCE)
    group = EventGroup.objects.filter(pk=row.before["event_group"]).first()
    cases.edit_case(case=case, by=by, at=at, version=case.version, event_group=group, reason=reason)


DO = {
    BulkAction.ASSIGN: assign,
    BulkAction.LABEL: add_label,
    BulkAction.STATUS: change_status,
    BulkAction.EVENT_GROUP: add_to_event,
}
UNDO = {
    BulkAction.ASSIGN: give_back,
    BulkAction.LABEL: take_back_label,
    BulkAction.STATUS: move_back,
    BulkAction.EVENT_GROUP: take_out_of_event,
}


def has_way_back(change):
    """Whether any case of the change can be put back to what it was."""
    return change.action != BulkAction.STATUS or bool(STEPS[change.arguments["step"]].back)
