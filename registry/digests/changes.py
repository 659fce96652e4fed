"""What changed in cases between two moments, read from the history and said in words."""

from collections import defaultdict

from django.db.models import Exists, OuterRef, Q, TextField, Value

from registry.blind import PUBLIC, is_open_to
from registry.choices import Visibility
from registry.digests.content import Difference
from registry.digests.wording import counted, listed, one_line, sentence
from registry.history.fields import PEOPLE, TIERS, Meanings, field_of, in_order, label_of
from registry.history.reading import DERIVED
from registry.models import Case, CaseParty, CaseSource, CaseSystem, Classification, Evidence, ExternalId
from taxonomy.models import Node

CaseEvent = Case.pgh_event_model
ClassificationEvent = Classification.pgh_event_model
DATES = ("occurred_from", "occurred_to", "occurred_precision")
KEPT = {field.attname for field in CaseEvent._meta.concrete_fields} - {*DERIVED}
COLUMNS = in_order(KEPT & {field.attname for field in Case._meta.concrete_fields})
# An address that somebody wrote is not for a mail, where a click would follow it.
TEXTS = [name for name in COLUMNS if isinstance(field_of(name), TextField) or name == "warning_url"]
# Told first; the others follow in the order of the fields, the three that say when it happened as one.
FIRST = ("status", "potential_severity_id", "realised_severity_id", "owner_id", "reviewer_id")
SHORT = (*FIRST, *(name for name in COLUMNS if name not in {*FIRST, *DATES, *TEXTS}), "occurred")
EMPTY = dict.fromkeys(PEOPLE, "nobody") | dict.fromkeys(TIERS, "not assessed")
BESIDE = {
    "systems": CaseSystem,
    "organisations": CaseParty,
    "sources": CaseSource,
    "external numbers": ExternalId,
    "evidence": Evidence,
}
MOST_LABELS, MOST_DIFFERENCES = 6, 8
UNREADABLE = "Changed while not everybody could see it."
OPENED = "Opened to everyone signed in."


def changed_cases(cases, *, start, end, labels):
    """Those of `cases` whose row was changed in [start, end), or whose agreed labels were (`labels`, see below).

    The events say when; the case's own time of change only narrows down, because it has an index.
    """
    edits = CaseEvent.objects.filter(pgh_obj=OuterRef("pk"), updated_at__gte=start, updated_at__lt=end)
    edited = Q(updated_at__gte=start) & Exists(edits.filter(pgh_label="update"))
    return cases.filter(edited | Q(pk__in=list(labels)))


def label_changes(*, start, end, reader):
    """{case number: (node ids agreed since, node ids no longer agreed)} over [start, end), as `reader` may know.

    What was agreed, given up and agreed again is no change.
    """
    rows = ClassificationEvent.objects.filter(
        Q(pgh_label="insert", decided_at__gte=start, decided_at__lt=end)
        | Q(pgh_label="delete", pgh_created_at__gte=start, pgh_created_at__lt=end)
    ).order_by("pgh_id")
    if open_to := is_open_to(reader, "case"):
        rows = rows.filter(Q(method__in=PUBLIC) | open_to)
    first, last = {}, {}
    for case, node, what in rows.values_list("case_id", "node_id", "pgh_label"):
        first.setdefault((case, node), what)
        last[case, node] = what
    found = defaultdict(lambda: (set(), set()))
    for (case, node), what in last.items():
        # Begun with an insert and ended with one: added. Begun and ended with a delete: removed.
        if what == first[case, node]:
            found[case][what == "delete"].add(node)
    return dict(found)


def differences(cases, *, start, end, labels, reader):
    """{case number: Differences} of these few cases: the state before `start` against the last before `end`."""
    numbers = [case.pk for case in cases]
    before, after = _states(numbers, before=start), _states(numbers, before=end)
    meanings = _meanings([*before.values(), *after.values()], reader)
    beside = _changed_beside(numbers, start=start, end=end)
    nodes = Node.objects.select_related("scheme").in_bulk(
        {node for number in numbers for group in labels.get(number, ()) for node in group}
    )
    found = {}
    for number in numbers:
        states = before.get(number), after.get(number)
        said = _hidden(*states) or [
            *_values(*states, meanings),
            *_texts(*states),
            *_beside(beside.get(number, ())),
            *_labels(labels.get(number), nodes),
        ]
        found[number] = _first_few(said)
    return found


def _first_few(said):
    n_more = len(said) - MOST_DIFFERENCES
    if n_more < 1:
        return tuple(said)
    return (*said[:MOST_DIFFERENCES], Difference(said=f"And {counted(n_more, 'more change')}."))


def _states(numbers, *, before):
    events = CaseEvent.objects.filter(pgh_obj__in=numbers, updated_at__lt=before)
    return {event.pgh_obj_id: event for event in events.order_by("pgh_obj", "-pgh_id").distinct("pgh_obj")}


def _meanings(states, reader):
    """Names of the people and tiers these states refer to; `reader` is “you”."""
    people = {getattr(state, name) for state in states for name in PEOPLE} - {None}
    meanings = Meanings.of(people=people, teams=())
    meanings.people = {number: one_line(name, at_most=60) for number, name in meanings.people.items()}
    if reader:
        meanings.people[reader.pk] = "you"
    return meanings


def _changed_beside(numbers, *, start, end):
    """{case number: {what}} of the rows beside these cases that were changed with them."""
    edits = CaseEvent.objects.filter(pgh_label="update", updated_at__gte=start, updated_at__lt=end)
    with_the_case = edits.filter(pgh_obj=OuterRef("case"), pgh_context=OuterRef("pgh_context"))
    changed = [
        model.pgh_event_model.objects.filter(Exists(with_the_case), case__in=numbers)
        .order_by()
        .values_list("case", Value(what))
        for what, model in BESIDE.items()
    ]
    found = defaultdict(set)
    for number, what in changed[0].union(*changed[1:]):
        found[number].add(what)
    return found


def _hidden(before, after):
    """What is said of a case that not everybody could see at one of the two times: what it said then stays with
    those who could.
    """
    if before and before.visibility != Visibility.EVERYONE:
        return [Difference(said=OPENED)]
    if after and after.visibility != Visibility.EVERYONE:
        return [Difference(said=UNREADABLE)]
    return []


def _values(before, after, meanings):
    if before is None or after is None:
        return
    for name in SHORT:
        old, new = _value(before, name, meanings), _value(after, name, meanings)
        if old != new:
            label = "Occurred" if name == "occurred" else label_of(name)
            yield Difference(label, old, new)


def _value(state, name, meanings):
    if name == "occurred":
        return Case(**{field: getattr(state, field) for field in DATES}).occurred
    words = meanings.words(name, getattr(state, name)) or EMPTY.get(name, "not said")
    if name == "title":
        return f"“{one_line(words, at_most=120)}”"
    # A name keeps its capital; a choice stands within a sentence.
    chosen = name in TIERS or field_of(name).choices
    return f"{words[:1].lower()}{words[1:]}" if chosen else one_line(words, at_most=120)


def _texts(before, after):
    """One sentence each for what was written, rewritten and removed."""
    if before is None or after is None:
        return
    done = {"written": [], "rewritten": [], "removed": []}
    for name in TEXTS:
        old, new = getattr(before, name), getattr(after, name)
        if old != new:
            done["written" if not old else "rewritten" if new else "removed"].append(str(field_of(name).verbose_name))
    for verb, names in done.items():
        if names:
            yield Difference(said=sentence(f"the {listed(names)} {'was' if len(names) == 1 else 'were'} {verb}"))


def _beside(whats):
    names = [what for what in BESIDE if what in whats]
    if names:
        yield Difference(said=f"Changed beside it: {listed(names)}.")


def _labels(labels, nodes):
    added, removed = labels or ((), ())
    for group, verb in ((added, "agreed"), (removed, "no longer agreed")):
        names = sorted(f"{nodes[node].name} ({nodes[node].scheme.name})" for node in group)
        if names:
            more = [f"{len(names) - MOST_LABELS} more"] if len(names) > MOST_LABELS else []
            said = listed([*names[:MOST_LABELS], *more])
            yield Difference(said=f"{'Label' if len(names) == 1 else 'Labels'} {verb}: {said}.")
