"""The pages of systems: only those that a case names which the reader may see, and how much they are used."""

from collections import defaultdict
from itertools import pairwise
from urllib.parse import urlencode

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, Exists, F, Func, IntegerField, Max, Min, OuterRef, Sum
from django.db.models.functions import Coalesce, Lower
from django.urls import reverse

from registry import access
from registry.actions.exposures import month_words
from registry.choices import ExposureUnit, SystemRole
from registry.models import CaseSystem, Exposure, Person, SystemAlias
from registry.paging import page_of
from registry.picking import COUNTED, LONGEST, ORGANISATIONS, SYSTEMS, going_by, seen, some_cases
from registry.web.cursors import neighbours

PER_PAGE = 50
MOST_ENTRIES = 50
UNITS = dict(ExposureUnit.choices)
MOST_CASES, BY_NAME = "cases", "name"
ORDERINGS = {MOST_CASES: ("few", "lowered", "id"), BY_NAME: ("lowered", "id")}
# What a list may be narrowed to: (value, words).
CHOICES = (("", "All"), ("recorded", "With recorded use"), ("missing", "Counted, no use recorded"))


def systems_for(person):
    """The systems that `person` may know of, with their other names."""
    names = SystemAlias.objects.filter(system=OuterRef("pk")).order_by("name").values("name")
    return seen(person, SYSTEMS).annotate(other_names=ArraySubquery(names))


class FewerFirst(Func):
    """Of the array that `some_cases` makes: how many different cases they are, below zero, so that one order serves
    the many first and the names from A.
    """

    template = (
        "(SELECT -CASE WHEN count(*) > %(counted)s THEN count(*) ELSE count(DISTINCT number) END"
        " FROM unnest(%(expressions)s) AS number)"
    )
    output_field = IntegerField()


def list_context(person, query):
    """Systems that most cases name first, or by name; raises paging.BadCursor."""
    words = " ".join(query.get("q", "").replace("\x00", "").split())[:LONGEST]
    use = query.get("use", "") if query.get("use") in dict(CHOICES) else ""
    sort = query.get("sort", "") if query.get("sort") in ORDERINGS else MOST_CASES
    found = narrowed(systems_for(person), words, use).annotate(
        few=FewerFirst(some_cases(person, SYSTEMS), counted=COUNTED), lowered=Lower("name")
    )
    page = page_of(found, ordering=sort, fields=ORDERINGS[sort], limit=PER_PAGE, cursor=query.get("cursor"))
    recorded, events = recorded_use(page.rows), counted_events(page.rows)
    for system in page.rows:
        system.n_cases, system.more_cases = min(-system.few, COUNTED), -system.few > COUNTED
        system.cases_url = cases_url(system)
        system.recorded, system.n_events = recorded[system.pk], events.get(system.pk, 0)
    kept = {"q": words, "use": use, "sort": sort if sort != MOST_CASES else ""}
    return {
        "systems": page.rows,
        "words": words,
        "use": use,
        "sort": sort,
        "kept_sort": kept["sort"],
        "heads": {name: address(kept, sort=name if name != MOST_CASES else "") for name in ORDERINGS},
        "choices": [(name, address(kept, use=value), value == use) for value, name in CHOICES],
        "page": neighbours(page, {name: value for name, value in kept.items() if value}),
    }


def address(kept, **changes):
    return f"?{urlencode({name: value for name, value in (kept | changes).items() if value})}"


def cases_url(system):
    return f"{reverse('case-list')}?{urlencode({'system': system.name})}"


def narrowed(systems, words, use):
    if words:
        systems = going_by(systems, SYSTEMS, words)
    recorded = Exists(Exposure.objects.filter(system=OuterRef("pk")))
    if use == "recorded":
        return systems.filter(recorded)
    return systems.filter(~recorded, Exists(counted_as_subject(OuterRef("pk")))) if use == "missing" else systems


def counted_as_subject(system):
    """What says that a counted case is about the system."""
    return CaseSystem.objects.filter(system=system, role=SystemRole.SUBJECT, case__in=access.counted_cases())


def recorded_use(systems):
    """{system id: [what is recorded in each unit]}, in the order of the units."""
    found = defaultdict(list)
    sums = {"n": Count("pk"), "total": Sum("amount"), "first": Min("month"), "last": Max("month")}
    rows = Exposure.objects.filter(system__in=systems).order_by().values("system", "unit").annotate(**sums)
    order = list(UNITS)
    for row in sorted(rows, key=lambda row: order.index(row["unit"])):
        found[row["system"]].append(row | {"words": UNITS[row["unit"]].lower()})
    return found


def counted_events(systems):
    """{system id: how many events the patterns count about it}; the same for every reader."""
    event = Coalesce("case__event_group", -F("case"))
    rows = CaseSystem.objects.filter(system__in=systems, role=SystemRole.SUBJECT, case__in=access.counted_cases())
    return dict(rows.order_by().values_list("system").annotate(n=Count(event, distinct=True)))


def system_context(person, system):
    """One system of `systems_for(person)`."""
    developer = seen(person, ORGANISATIONS).filter(pk=system.developer_id).first() if system.developer_id else None
    rows = list(Exposure.objects.filter(system=system).order_by("-month", "unit"))
    n_cases = access.visible_to(person).filter(case_systems__system=system).distinct().count()
    return {
        "system": system,
        "facts": facts_of(system, developer),
        "n_cases": n_cases,
        "n_events": counted_events([system]).get(system.pk, 0),
        "cases_url": cases_url(system),
        "table": table_of(rows),
        "entries": entries_of(system),
        "may_edit": person.may_label,
    }


def facts_of(system, developer):
    return [
        ("Developer", developer and developer.name),
        ("Other names", ", ".join(system.other_names)),
    ]


def table_of(exposures):
    """{heads, rows} of month × unit, the latest month first; an empty cell is not recorded, never zero."""
    units = [unit for unit in UNITS if any(row.unit == unit for row in exposures)]
    cells = {(row.month, row.unit): row for row in exposures}
    months = sorted({row.month for row in exposures}, reverse=True)
    return {
        "heads": [UNITS[unit] for unit in units],
        "rows": [(month_words(month), [cells.get((month, unit)) for unit in units]) for month in months],
    }


def entries_of(system):
    """What was recorded, corrected and removed, the latest first."""
    columns = (
        "pgh_obj_id",
        "pgh_label",
        "pgh_created_at",
        "pgh_context__metadata",
        "month",
        "unit",
        "amount",
        "source",
    )
    events = Exposure.pgh_event_model.objects.filter(system=system).order_by("pgh_obj_id", "pgh_id").values(*columns)
    entries = []
    for before, now in pairwise([None, *events]):
        same = before and before["pgh_obj_id"] == now["pgh_obj_id"]
        entries.append(_entry(before if same else None, now))
    latest = sorted(entries, key=lambda entry: entry["at"], reverse=True)[:MOST_ENTRIES]
    people = Person.objects.filter(pk__in={entry["person"] for entry in latest})
    names = dict(people.values_list("pk", "name"))
    return [entry | {"person": names.get(entry["person"], "The registry")} for entry in latest]


def _entry(before, now):
    what = f"{month_words(now['month'])}, {UNITS[now['unit']].lower()}"
    said = f"{now['amount']:,} ({now['source']})"
    signature = now["pgh_context__metadata"] or {}
    entry = {"at": now["pgh_created_at"], "person": signature.get("person"), "what": what}
    if now["pgh_label"] == "delete":
        return entry | {"did": "removed", "said": said, "before": ""}
    was = f"{before['amount']:,} ({before['source']})" if before else ""
    return entry | {"did": "corrected" if before else "recorded", "said": said, "before": was}
