"""What merging two cases would do, in words: everything that would move, stay behind or be filled."""

from dataclasses import dataclass

from registry import access, blind
from registry.actions.merge_plan import plan_of, refusal
from registry.choices import Visibility
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
    Relabel,
    Safeguard,
)
from registry.wording import day

KINDS = (
    (CaseSystem, "Systems"),
    (CaseParty, "Organisations"),
    (CaseSource, "Sources"),
    (ExternalId, "External numbers"),
    (Evidence, "Evidence"),
    (Label, "Labels"),
    (Adjudication, "Decisions between raters"),
    (Classification, "Agreed labels"),
    (Safeguard, "Safeguards"),
    (MitigationCase, "Mitigations"),
    (DebtAcceptance, "Accepted debt"),
    (Comment, "Comments"),
    (CaseWatch, "Who watches"),
    (Relabel, "To be labelled again"),
    (CaseLink, "Links"),
    (CaseReader, "Named people"),
)
SHORT = 240


@dataclass
class Line:
    """One row. `is_count` says that it stands for rows whose content is not shown."""

    words: str
    why_not: str = ""
    is_count: bool = False


@dataclass
class Group:
    """The rows of one kind; `lines` are those the person may know of."""

    words: str
    lines: list


def preview(person, kept, merged):
    """What a merge would do, as `person` may know it: the two cases, the `groups` of rows of `merged`, what it `fills`
    of `kept`, who sees `newly` and who is `losing`. `refusal` says why it cannot be done; then nothing else is said.
    """
    refused = refusal(kept, merged)
    context = {"kept": kept, "merged": merged, "refusal": refused}
    if refused:
        return context
    plan = plan_of(kept, merged)
    groups = [Group(words, lines_of(person, plan, model)) for model, words in KINDS]
    newly, losing = newly_and_losing(plan)
    return context | {
        "groups": [group for group in groups if group.lines],
        "fills": fills_of(plan),
        "newly": newly,
        "losing": losing,
    }


def lines_of(person, plan, model):
    moves = plan.moves[model]
    if model is CaseLink:
        return link_lines(person, plan, moves)
    if model is CaseReader:
        moves_lines = [Line(move.row.person.name, move.why_not) for move in moves]
        return moves_lines + [Line(f"{who.name}, who would lose it otherwise") for who in plan.new_readers]
    if model is Adjudication and moves and blind.is_blind(person, plan.merged):
        return []
    if model in (Label, Classification):
        return label_lines(person, plan, model)
    return [Line(words_of(move.row), move.why_not) for move in moves if not getattr(move.row, "removed_at", None)]


def words_of(row):
    words = {
        CaseParty: lambda: f"{row.organisation}, {row.get_role_display().lower()}",
        Evidence: lambda: f"{row.title} ({row.get_kind_display().lower()})",
        CaseSource: lambda: str(row.source),
        Adjudication: lambda: f"{row.node.name}: {'applies' if row.applies else 'does not apply'}",
        Safeguard: lambda: f"{row.technique.name}: {row.get_outcome_display().lower()}",
        MitigationCase: lambda: row.mitigation.title,
        DebtAcceptance: lambda: f"{row.owner.name}, until {day(row.expires_on)}",
        Comment: lambda: f"by {row.author.name}, {day(row.written_at)}",
        CaseWatch: lambda: row.person.name if row.watching else f"{row.person.name}, who would rather not hear of it",
        # Which node it was, whoever is blind may not know.
        Relabel: lambda: f"after a change of the vocabulary, {day(row.change.made_at)}",
    }
    return words.get(type(row), lambda: str(row))()


def label_lines(person, plan, model):
    """A rater who is still blind to the case learns how many others spoke, and not what they said.

    Why a row stays behind is told to who may know what the kept case carries; to others it looks like one that moves.
    """
    moves = plan.moves[model]
    if model is Label:
        is_blind = blind.is_blind(person, plan.merged)
        moves = [m for m in moves if m.row.submitted_at or m.row.rater_id == person.pk]
        seen = [m for m in moves if m.row.rater_id == person.pk or not is_blind]
        heard = set(blind.seen_labels(person, plan.kept).values_list("rater", flat=True)) | {person.pk}
        lines = [
            Line(
                f"{m.row.node.name}: {m.row.stance}, by {m.row.rater.name}",
                m.why_not if m.row.rater_id in heard else "",
            )
            for m in seen
        ]
    else:
        known = blind.seen_classifications(person).filter(case__in=[plan.kept, plan.merged])
        known = set(known.values_list("case", "node"))
        seen = [m for m in moves if (plan.merged.pk, m.row.node_id) in known]
        lines = [
            Line(
                f"{m.row.node.name} ({m.row.node.scheme.name})",
                m.why_not if (plan.kept.pk, m.row.node_id) in known else "",
            )
            for m in seen
        ]
    hidden = len(moves) - len(seen)
    if hidden and model is Label:
        words = "1 label" if hidden == 1 else f"{hidden} labels"
        lines.append(Line(f"{words} by other raters, which you see once you have labelled the case", is_count=True))
    return lines


def link_lines(person, plan, moves):
    """Never a link whose other end the person may not see."""
    ends = {move.row.pk: move.row.other_than(plan.merged) for move in moves}
    visible = access.visible_to(person).filter(pk__in=ends.values()).only("title").in_bulk()
    return [
        Line(f"{visible[ends[move.row.pk]].reference} {visible[ends[move.row.pk]].title}", move.why_not)
        for move in moves
        if ends[move.row.pk] in visible
    ]


def fills_of(plan):
    """(name, value in words) of each field that gets a value."""
    filled = []
    for name in plan.filled:
        field = Case._meta.get_field(name)
        words = value_in_words(plan.merged, field)
        if words:
            filled.append((str(field.verbose_name).capitalize(), words))
    return filled


def value_in_words(case, field):
    value = getattr(case, field.name)
    if value is None or value == "":
        return ""
    if field.choices:
        return getattr(case, f"get_{field.name}_display")()
    if field.get_internal_type() == "DateField":
        return day(value)
    text = str(value)
    return text if len(text) <= SHORT else f"{text[:SHORT].rsplit(' ', 1)[0]} …"


def newly_and_losing(plan):
    """([(names, what they newly see)] of who sees one of the two today, the names of who will not see it any more)."""
    if plan.kept.visibility == Visibility.EVERYONE:
        return [], []
    kept, merged = (set(access.people_who_see(case)) for case in (plan.kept, plan.merged))
    after = {row.person for row in plan.moving(CaseReader)} | set(plan.new_readers) | kept
    pairs = ((after - kept, plan.kept.reference), (after - merged, f"what {plan.merged.reference} says"))
    newly = [(sorted(who.name for who in people), what) for people, what in pairs if people]
    return newly, sorted(who.name for who in merged - after)
