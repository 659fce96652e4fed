"""What the page for deciding between raters shows: each node they differ on, with everything each of them said."""

from dataclasses import dataclass, field
from datetime import datetime

from registry.choices import RatingState, Stance
from registry.disputes import nodes_in_dispute
from registry.models import Adjudication, Label
from registry.web.label_page import NUL
from taxonomy.models import Node

LONGEST_REASON = 10_000
OPEN, APPLIES, ABSENT = "", "yes", "no"
ANSWERS = ((OPEN, "Leave it open"), (APPLIES, "Applies"), (ABSENT, "Does not apply"))


@dataclass
class Dispute:
    """One node to decide on: what each rater said, the decision that stands, and what the reviewer typed.

    `differ`: raters differ, be it that one passed over the node when going through its scheme. `seen` is when the
    decision was made that the reviewer looked at, as text; empty where there was none.
    """

    node: Node
    said: list
    agreed: object
    decision: Adjudication | None
    differ: bool = False
    answer: str = OPEN
    reason: str = ""
    seen: str = ""
    errors: list = field(default_factory=list)

    @property
    def split(self):
        return self.differ or {Stance.PRESENT, Stance.ABSENT} <= {label.stance for label in self.said}

    @property
    def passed_over(self):
        """Whether it is in dispute by what somebody did not say."""
        return self.differ and {label.stance for label in self.said} == {Stance.PRESENT}

    @property
    def answers(self):
        return [(value, words, value == self.answer) for value, words in ANSWERS]


def disputes_of(case, *, also=""):
    """Every Dispute of the case: what raters differ on, what was decided, and the node named by the key `also`."""
    labels = Label.objects.filter(case=case, submitted_at__isnull=False).select_related("node__scheme", "rater")
    said = {}
    for label in labels.order_by("rater__name", "rater_id"):
        said.setdefault(label.node, []).append(label)
    decisions = {row.node_id: row for row in case.adjudications.select_related("node__scheme", "decided_by")}
    agreed = {row.node_id: row for row in case.classifications.all()}
    nodes = {*said, *(row.node for row in decisions.values())}
    disputed = nodes_in_dispute(case)
    found = [
        Dispute(
            node,
            said.get(node, []),
            agreed.get(node.pk),
            decisions.get(node.pk),
            differ=node.pk in disputed,
            seen=seen_of(decisions, node),
        )
        for node in sorted(nodes, key=lambda node: (node.scheme.order, node.order, node.pk))
    ]
    return [each for each in found if each.split or each.decision or each.node.key == also]


def seen_of(decisions, node):
    return decisions[node.pk].decided_at.isoformat() if node.pk in decisions else ""


def read(disputes, data):
    """Put what was sent beside each Dispute; true if it can be recorded."""
    for each in disputes:
        number = each.node.pk
        answer = data.get(f"applies:{number}", OPEN)
        each.answer = answer if answer in (APPLIES, ABSENT) else OPEN
        each.reason = data.get(f"reason:{number}", "").replace("\r\n", "\n").strip()
        each.seen = data.get(f"seen:{number}", "")
        each.errors = problems_of(each)
    return not any(each.errors for each in disputes) and any(each.answer for each in disputes)


def problems_of(each):
    problems = []
    if each.answer and not each.reason:
        problems.append("Give a reason; it is kept in the history.")
    if each.reason and not each.answer:
        problems.append("You gave a reason: say whether it applies, or empty the reason.")
    if NUL in each.reason:
        problems.append("Null characters are not allowed.")
    if len(each.reason) > LONGEST_REASON:
        problems.append(f"A reason has at most {LONGEST_REASON:,} characters (this has {len(each.reason):,}).")
    return problems


def decisions_in(disputes):
    """What `labels.adjudicate_labels` takes: the decisions, and when those they replace were made."""
    given = [each for each in disputes if each.answer]
    decisions = [{"node": each.node, "applies": each.answer == APPLIES, "reason": each.reason} for each in given]
    return {"decisions": decisions, "seen": {each.node.pk: moment(each.seen) for each in given}}


def moment(text):
    """The time in a hidden field; None for no decision, and for what nobody could have been shown."""
    try:
        return datetime.fromisoformat(text) if text else None
    except ValueError:
        return None


def place_errors(disputes, error):
    """Errors by node id at their nodes."""
    by_node = error.message_dict if hasattr(error, "error_dict") else {}
    for each in disputes:
        each.errors += by_node.get(str(each.node.pk), [])


def adjudication_context(case, disputes, *, problem=""):
    return {
        "case": case,
        "undecided": [each for each in disputes if each.decision is None],
        "decided": [each for each in disputes if each.decision],
        "disputes": disputes,
        "with_errors": [each for each in disputes if each.errors],
        "problem": problem,
        "ratings": case.ratings.filter(state=RatingState.SUBMITTED)
        .select_related("rater", "realised_severity", "potential_severity")
        .order_by("rater__name", "rater_id"),
    }
