"""What the pages of sources show: only sources of cases the reader may see, and only those cases."""

from itertools import pairwise
from urllib.parse import urlencode

from django.db.models import Count, Exists, OuterRef, Q
from django.urls import reverse

from registry import access
from registry.actions.sources import EDITABLE
from registry.models import CaseSource, Person, Source
from registry.paging import page_of
from registry.web.cursors import neighbours
from registry.web.differences import difference
from registry.wording import day

PER_PAGE = 50
MOST_CASES = 200
MOST_ENTRIES = 50
LONGEST_WORDS = 200


def list_context(person, query):
    """The newest sources first; raises paging.BadCursor."""
    words = query.get("q", "").replace("\x00", "").strip()[:LONGEST_WORDS]
    found = access.sources_for(person)
    if words:
        found = found.filter(Q(title__icontains=words) | Q(publisher__icontains=words) | Q(url__icontains=words))
    page = page_of(found, ordering="-id", fields=("-id",), limit=PER_PAGE, cursor=query.get("cursor"))
    counts = cases_of_each(person, page.rows)
    for source in page.rows:
        source.n_cases = counts.get(source.pk, 0)
    kept = {"q": words} if words else {}
    return {
        "sources": page.rows,
        "words": words,
        "page": neighbours(page, kept),
    }


def cases_of_each(person, sources):
    """{source id: how many cases `person` may see it reports}."""
    rows = CaseSource.objects.filter(source__in=sources, case__in=access.visible_to(person))
    return dict(rows.order_by().values_list("source").annotate(n=Count("case", distinct=True)))


def source_context(person, source):
    carried = Exists(CaseSource.objects.filter(source=source, case=OuterRef("pk")))
    cases = access.visible_to(person).filter(carried).select_related("potential_severity")
    cases = list(cases.only(*SHOWN).order_by("-pk")[: MOST_CASES + 1])
    return {
        "source": source,
        "cases": cases[:MOST_CASES],
        "more_cases": len(cases) > MOST_CASES,
        "facts": facts_of(source),
        "entries": entries_of(source),
        "may_edit": person.may_label,
        "log_url": log_url(source) if person.may_log else "",
    }


def facts_of(source):
    return [
        ("Publisher", source.publisher),
        ("Published on", source.published_on and day(source.published_on)),
        ("Kind", source.get_kind_display()),
        ("Seen by us", source.get_verification_display()),
    ]


# What a line of a list shows of a case.
SHOWN = ("title", "status", "occurred_from", "occurred_to", "occurred_precision", "potential_severity")


def log_url(source):
    """The log form with this source filled in."""
    return f"{reverse('case-log')}?{urlencode({'sources': source.url, 'source_title': source.title})}"


def entries_of(source):
    """Corrections of the source, newest first: when, by whom, and each fact before and after.

    How it came here is left out: that may have been with a case the reader may not see.
    """
    columns = ("pgh_created_at", "pgh_context__metadata", *EDITABLE)
    rows = list(source.events.order_by("pgh_id").values(*columns))
    entries = []
    for before, now in pairwise(rows):
        changes = [
            (
                str(Source._meta.get_field(name).verbose_name).capitalize(),
                difference(said(before, name), said(now, name)),
            )
            for name in EDITABLE
            if before[name] != now[name]
        ]
        if changes:
            signature = now["pgh_context__metadata"] or {}
            entries.append({"at": now["pgh_created_at"], "person": signature.get("person"), "changes": changes})
    entries = entries[::-1][:MOST_ENTRIES]
    names = dict(Person.objects.filter(pk__in={entry["person"] for entry in entries}).values_list("pk", "name"))
    return [entry | {"person": names.get(entry["person"], "The registry")} for entry in entries]


def said(row, name):
    value = row[name]
    choices = dict(Source._meta.get_field(name).choices or ())
    return str(choices.get(value, value) or "")
