"""What changed in cases between two moments, read from the history and said in words."""

from collections import defaultdict

from django.db.models import Exists, OuterRef, Q

from registry.blind import PUBLIC, is_open_to
from registry.choices import Visibility
from registry.digests.content import Difference
from registry.digests.wording import listed, one_line, sentence
from registry.models import Case, Classification, Person
from registry.models.case import NARRATIVE_FIELDS
from taxonomy.models import Node, SeverityTier

TIERS = ("potential_severity", "realised_severity")
PEOPLE = ("owner", "reviewer")
CHOICES = (
    "status",
    "kind",
    "visibility",
    "stage",
    "locus",
    "predictability",
    "triage",
    "scope",
    "human_gap",
    "outer_gap",
    "inner_gap",
)
TEXTS = (*NARRATIVE_FIELDS, "predictability_reason", "realised_rationale", "potential_rationale")
DATES = ("occurred_from", "occurred_to", "occurred_precision")
CaseEvent = Case.pgh_event_model
ClassificationEvent = Classification.pgh_event_model


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
    names = _names(before, after, reader=reader)
    nodes = Node.objects.select_related("scheme").in_bulk(
        {node for number in numbers for group in labels.get(number, ()) for node in group}
    )
    return {
        number: _differences(before.get(number), after.get(number), names, labels.get(number), nodes)
        for number in numbers
    }


def _states(numbers, *, before):
    events = CaseEvent.objects.filter(pgh_obj__in=numbers, updated_at__lt=before)
    return {event.pgh_obj_id: event for event in events.order_by("pgh_obj", "-pgh_id").distinct("pgh_obj")}


def _names(before, after, *, reader):
    """{(field, id): word} of the people and tiers these states name."""
    states = [*before.values(), *after.values()]
    people = Person.objects.in_bulk({getattr(state, f"{field}_id") for state in states for field in PEOPLE} - {None})
    tiers = SeverityTier.objects.in_bulk()
    names = {("person", pk): one_line(person.name, at_most=60) for pk, person in people.items()}
    names |= {("tier", pk): tier.name.lower() for pk, tier in tiers.items()}
    return names | {("person", reader.pk): "you", ("person", None): "nobody", ("tier", None): "not assessed"}


def _differences(before, after, names, labels, nodes):
    if before is None or after is None:
        found = []
    elif before.visibility != Visibility.EVERYONE:
        # What it said while it was restricted stays with those who could see it then.
        return (Difference(said="Opened to everyone signed in."),)
    else:
        found = [*_values(before, after, names), *_texts(before, after)]
    found += _labels(labels, nodes)
    return tuple(found) or (Difference(said="Changed, and changed back."),)


def _values(before, after, names):
    words = {
        **{field: lambda state, field=field: state._get_FIELD_display(_field(field)).lower() for field in CHOICES},
        **{field: lambda state, field=field: names[("tier", getattr(state, f"{field}_id"))] for field in TIERS},
        **{field: lambda state, field=field: names[("person", getattr(state, f"{field}_id"))] for field in PEOPLE},
        "occurred": lambda state: Case(**{field: getattr(state, field) for field in DATES}).occurred,
        "title": lambda state: f"“{one_line(state.title, at_most=120)}”",
    }
    for field in ("status", *TIERS, *PEOPLE, *CHOICES[1:], "occurred", "title"):
        old, new = words[field](before), words[field](after)
        if old != new:
            yield Difference(_name(field), old or "not said", new or "not said")


def _texts(before, after):
    """One sentence each for what was written, rewritten and removed."""
    done = {"written": [], "rewritten": [], "removed": []}
    for field in TEXTS:
        old, new = getattr(before, field), getattr(after, field)
        if old != new:
            done["written" if not old else "rewritten" if new else "removed"].append(_field(field).verbose_name)
    for verb, names in done.items():
        if names:
            yield Difference(said=sentence(f"the {listed(names)} {'was' if len(names) == 1 else 'were'} {verb}"))


def _labels(labels, nodes):
    added, removed = labels or ((), ())
    for group, verb in ((added, "agreed"), (removed, "no longer agreed")):
        names = sorted(f"{nodes[node].name} ({nodes[node].scheme.name})" for node in group)
        if names:
            yield Difference(said=f"{'Label' if len(names) == 1 else 'Labels'} {verb}: {listed(names)}.")


def _field(name):
    return CaseEvent._meta.get_field(name)


def _name(field):
    return "Occurred" if field == "occurred" else _field(field).verbose_name.capitalize()
