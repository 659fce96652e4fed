"""What merging one case into another would do: which rows move, which stay behind, which fields are filled."""

from dataclasses import dataclass

from registry import access
from registry.choices import Method, Precision, Stance, Status, Visibility
from registry.models import (
    Adjudication,
    Case,
    CaseLink,
    CaseParty,
    CaseReader,
    CaseSource,
    CaseSystem,
    CaseWatch,
    Classification,
    Comment,
    DebtAcceptance,
    Evidence,
    ExternalId,
    Label,
    MitigationCase,
    Rating,
    Relabel,
    Safeguard,
)
from registry.models.case import NARRATIVE_FIELDS, OPTIONAL_CHOICES

# Filled together or not at all: a reason belongs to its own answer.
TOGETHER = (
    ("predictability", "predictability_reason", "warning_url", "warned_on"),
    ("realised_severity", "realised_rationale"),
    ("potential_severity", "potential_rationale"),
    ("occurred_from", "occurred_to", "occurred_precision"),
)
ALONE = ("kind", *NARRATIVE_FIELDS, *OPTIONAL_CHOICES, "detected_at", "event_group")
UNITS = (*((name,) for name in ALONE if name != "predictability"), *TOGETHER)
# What makes two rows of two cases say the same, so that the merged case's stays behind.
SAME = {
    CaseSystem: ("system_id", "version", "role"),
    CaseParty: ("organisation_id", "role"),
    CaseSource: ("source_id",),
    CaseReader: ("person_id",),
    ExternalId: ("source", "value"),
    Rating: ("rater_id",),
    Label: ("node_id", "rater_id"),
    Adjudication: ("node_id",),
    Safeguard: ("technique_id",),
    MitigationCase: ("mitigation_id",),
    CaseWatch: ("person_id",),
    Relabel: ("change_id",),
}
BESIDE = {
    CaseSystem: ("system",),
    CaseParty: ("organisation",),
    CaseSource: ("source",),
    CaseReader: ("person",),
    Rating: ("rater",),
    Label: ("node__scheme", "rater"),
    Adjudication: ("node__scheme",),
    Classification: ("node__scheme",),
    Safeguard: ("technique",),
    MitigationCase: ("mitigation",),
    DebtAcceptance: ("owner",),
    Comment: ("author",),
    CaseWatch: ("person",),
    Relabel: ("change__node",),
}


@dataclass(frozen=True)
class Move:
    """One row of the merged case; `why_not` says why it stays behind, and is empty where it moves."""

    row: object
    why_not: str = ""


@dataclass(frozen=True)
class Plan:
    """`moves` holds the Moves of each table; `filled` the names of the kept case's fields that get a value.

    `settled` are the ids of nodes on which raters of both cases have spoken, or that were decided in the merged one;
    `replaced` the kept case's classifications that give way to an adjudication; `new_readers` the people named on
    neither, who would otherwise lose a case of theirs.
    """

    kept: Case
    merged: Case
    moves: dict
    filled: list
    settled: list
    replaced: list
    new_readers: list

    def moving(self, model):
        return [move.row for move in self.moves[model] if not move.why_not]


def plan_of(kept, merged):
    """The Plan of two cases; both should be locked by whoever carries it out."""
    moves = {model: moves_of(model, kept, merged) for model in SAME}
    moves[Label] = without_held(moves[Rating], without_exclusions(kept, moves[Label]))
    moves |= {model: [Move(row) for row in rows_of(model, merged)] for model in (Evidence, Comment)}
    moves[DebtAcceptance] = acceptance_moves(kept, merged)
    moves[CaseLink] = link_moves(kept, merged)
    moves[Classification], replaced = classification_moves(kept, merged)
    return Plan(
        kept=kept,
        merged=merged,
        moves=moves,
        filled=[name for unit in UNITS if fills(unit, kept, merged) for name in unit],
        settled=settled_nodes(kept, moves),
        replaced=replaced,
        new_readers=new_readers(kept, merged),
    )


def refusal(kept, merged):
    """Why the two cannot be merged this way round, in words; empty if they can."""
    if kept.pk == merged.pk:
        return "A case is not merged into itself."
    for case in (kept, merged):
        if case.status == Status.DRAFT:
            return f"{case.reference} is a draft. Submit it first."
        if case.merged_into_id:
            return f"{case.reference} is merged into another case already."
    if kept.status in (Status.CLOSED, Status.WITHDRAWN):
        return f"{kept.reference} is {kept.status}. Reopen it first, or keep the other one."
    if (kept.visibility, kept.team_id) != (merged.visibility, merged.team_id):
        return (
            f"Different people may see the two. Change who may see {merged.reference} first, "
            f"so that nobody learns by a merge what was kept from them."
        )
    return ""


def rows_of(model, case):
    return list(model.objects.filter(case=case).select_related(*BESIDE.get(model, ())).order_by("pk"))


def moves_of(model, kept, merged):
    columns = SAME[model]
    there = set(model.objects.filter(case=kept).values_list(*columns))
    why_not = f"{kept.reference} has the same"
    if model is Label:
        why_not = f"the same rater labelled {kept.reference} with it"
    return [
        Move(row, why_not if tuple(getattr(row, column) for column in columns) in there else "")
        for row in rows_of(model, merged)
    ]


def without_exclusions(kept, moves):
    """A rater says one label of an exclusive group, or of a scheme that allows one only: the kept case's stands."""
    theirs = Label.objects.filter(case=kept, stance=Stance.PRESENT).select_related("node__scheme")
    said = {(label.rater_id, room) for label in theirs if (room := room_of(label))}
    return [
        Move(move.row, "the same rater chose another label that excludes it")
        if not move.why_not and move.row.stance == Stance.PRESENT and (move.row.rater_id, room_of(move.row)) in said
        else move
        for move in moves
    ]


def without_held(ratings, labels):
    """What a rater has not submitted goes where their rating goes, and stays behind with it."""
    staying = {move.row.rater_id for move in ratings if move.why_not}
    return [
        Move(move.row, "its rater has not submitted it")
        if not move.why_not and move.row.submitted_at is None and move.row.rater_id in staying
        else move
        for move in labels
    ]


def acceptance_moves(kept, merged):
    """Debt is accepted once: what is in force for the kept case stands."""
    in_force = DebtAcceptance.objects.filter(case=kept, ended_at=None).exists()
    return [
        Move(row, f"the debt of {kept.reference} is accepted already" if in_force and row.ended_at is None else "")
        for row in rows_of(DebtAcceptance, merged)
    ]


def room_of(label):
    """What the label shares with those it excludes; None if it excludes none."""
    node = label.node
    if node.scheme.allows_several:
        return (node.scheme_id, node.exclusive_group) if node.exclusive_group else None
    return (node.scheme_id, "")


def link_moves(kept, merged):
    """Links to a third case; what was said of the two cases themselves stays, and so does what is said already."""
    known = {link.other_than(kept) for link in links_of(kept)}
    moves = []
    for link in links_of(merged):
        other = link.other_than(merged)
        if other == kept.pk:
            moves.append(Move(link, "it is about these two"))
        else:
            moves.append(Move(link, f"{kept.reference} is linked with it already" if other in known else ""))
    return moves


def links_of(case):
    rows = CaseLink.objects.filter(case=case) | CaseLink.objects.filter(other=case)
    return list(rows.order_by("pk"))


def classification_moves(kept, merged):
    """(moves, the kept case's rows that give way): what was adjudicated stands above what raters' numbers say."""
    there = {row.node_id: row for row in Classification.objects.filter(case=kept)}
    moves, replaced = [], []
    for row in rows_of(Classification, merged):
        known = there.get(row.node_id)
        if known and row.method == Method.ADJUDICATED != known.method:
            replaced.append(known)
            known = None
        moves.append(Move(row, f"it is agreed for {kept.reference} already" if known else ""))
    return moves, replaced


def settled_nodes(kept, moves):
    """The ids of nodes that raters of the kept case spoke on and that something new comes in for."""
    coming = {move.row.node_id for model in (Label, Classification) for move in moves[model] if not move.why_not}
    spoken = set(Label.objects.filter(case=kept).values_list("node_id", flat=True))
    agreed = set(Classification.objects.filter(case=kept).values_list("node_id", flat=True))
    labelled = {move.row.node_id for move in moves[Label] if not move.why_not}
    decided = {move.row.node_id for move in moves[Adjudication] if not move.why_not}
    return sorted((coming & spoken) | (labelled & agreed) | decided)


def fills(unit, kept, merged):
    return all(is_empty(getattr(kept, name)) for name in unit) and not all(
        is_empty(getattr(merged, name)) for name in unit
    )


def is_empty(value):
    return value is None or value == Precision.UNKNOWN or not str(value).strip()


def new_readers(kept, merged):
    """Who has to do with the merged case and would not see the kept one, although it is for named people only."""
    if kept.visibility != Visibility.NAMED:
        return []
    moving = CaseReader.objects.filter(case__in=[kept, merged]).values_list("person_id", flat=True)
    seeing = {kept.reporter_id, kept.owner_id, kept.reviewer_id, *moving}
    involved = access.people_who_see(merged).filter(
        pk__in=[pk for pk in (merged.reporter_id, merged.owner_id, merged.reviewer_id) if pk]
    )
    return [person for person in involved if person.pk not in seeing]
