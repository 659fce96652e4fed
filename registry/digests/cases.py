"""The cases a digest tells of, as its reader may see them now. One that is not open to everyone is told as its number,
and stands where its number puts it: neither its severity nor anything else of it is read.
"""

from collections import defaultdict
from datetime import UTC
from urllib.parse import urlencode

from django.db.models import Case as Choice
from django.db.models import Count, F, Value, When

from registry.blind import seen_classifications
from registry.choices import About, Status, Visibility
from registry.digests import changes, links
from registry.digests.content import CaseLine, CaseList, Difference
from registry.digests.scope import came_in, closed_in, known_before
from registry.digests.wording import listed, one_line, opening, sentence
from registry.models import CaseMerge
from registry.models.case import NARRATIVE_FIELDS
from registry.models.workflow import CAUSE_SCHEME, missing_for_review
from registry.patterns.debt_reading import end_of
from taxonomy.models import SchemeKind

MOST_CASES = 12
LONGEST_TITLE = 200
UNREAD = ("search", "node_path", "text_bands")
AS_BEFORE = Difference(said="Saved, and reads as it did before.")
MISSING = {"labels": "a cause of misalignment", "warning_url": "the earlier warning"}


def new_cases(scope, *, start, end):
    """(the cases logged in the period, the worst first, {severity rank: how many of those open to everyone})."""
    logged = came_in(scope.cases, start=start, end=end)
    counts = logged.order_by().values_list("visibility", "severity_rank").annotate(n=Count("pk"))
    total, ranks = 0, {}
    for visibility, rank, n in counts:
        total += n
        if visibility == Visibility.EVERYONE:
            ranks[rank] = n
    shown = _first_of(logged, "potential_severity", unread=set(NARRATIVE_FIELDS) - {"observed_behaviour"})
    causes = _causes(shown, scope.reader)
    lines = tuple(_new_line(case, causes.get(case.pk, ())) for case in shown)
    return CaseList(lines, total, _all_of(scope, reported__gte=start, reported__lt=end)), ranks


def _first_of(cases, *beside, unread=NARRATIVE_FIELDS):
    """The first few, the worst first, restricted ones last."""
    told = Choice(When(visibility=Visibility.EVERYONE, then=F("severity_rank")), default=Value(-2))
    rows = cases.select_related(*beside) if beside else cases
    return list(rows.defer(*UNREAD, *unread).order_by(told.desc(), "-pk")[:MOST_CASES])


def _all_of(scope, **period):
    """The address of the case list with these filters too; a queue has none of its own."""
    if scope.about == About.QUEUE:
        return scope.url
    times = {name: f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}" for name, at in period.items()}
    return f"{scope.url}&{urlencode(times)}"


def _new_line(case, causes):
    if case.visibility != Visibility.EVERYONE:
        return _restricted(case, "restricted; open it to read")
    stage = [case.get_stage_display()] if case.stage else []
    status = [case.get_status_display()] if case.status in (Status.CLOSED, Status.WITHDRAWN) else []
    tier = case.potential_severity
    return _line(
        case,
        summary=opening(case.observed_behaviour, at_most=240),
        facts=(case.reference, *causes, *stage, *status),
        severity=tier.name if tier else "",
        colour=tier.colour if tier else "",
    )


def _restricted(case, words):
    return CaseLine(case.reference, links.absolute(case.get_absolute_url()), restricted=words)


def _line(case, **told):
    title = one_line(case.title, at_most=LONGEST_TITLE)
    return CaseLine(case.reference, links.absolute(case.get_absolute_url()), title=title, **told)


def _causes(cases, reader):
    """{case number: at most two agreed causes that the reader may know of} in words."""
    told = [case.pk for case in cases if case.visibility == Visibility.EVERYONE]
    rows = seen_classifications(reader).filter(case__in=told, node__scheme__kind=SchemeKind.CAUSE)
    causes = {}
    for case, name in rows.order_by("node__order", "node").values_list("case_id", "node__name"):
        causes.setdefault(case, []).append(name)
    return {case: names[:2] for case, names in causes.items()}


def changed_and_merged_cases(scope, *, start, end):
    """(the cases that changed, those that others were merged into); one that had both is told among the second."""
    within = {"start": start, "end": end}
    labels = changes.label_changes(**within, reader=scope.reader)
    merged = merged_into(scope, **within)
    known = known_before(scope.cases, **within)
    changed = changes.changed_cases(known.exclude(pk__in=merged), **within, labels=labels)
    kept = scope.cases.filter(pk__in=merged)
    shown, shown_kept = _first_of(changed), _first_of(kept)
    open_ones = [case for case in (*shown, *shown_kept) if case.visibility == Visibility.EVERYONE]
    said = changes.differences(open_ones, **within, labels=labels, reader=scope.reader)
    url = _all_of(scope, updated__gte=start)
    return (
        CaseList(tuple(_changed_line(case, said) for case in shown), changed.count(), url),
        CaseList(tuple(_merged_line(case, merged[case.pk], said) for case in shown_kept), len(merged), url),
    )


def _changed_line(case, said):
    if case.visibility != Visibility.EVERYONE:
        return _restricted(case, "restricted; open it to see what changed")
    return _line(case, differences=said[case.pk] or (AS_BEFORE,))


def merged_into(scope, *, start, end):
    """{number of a case in scope: the references of those merged into it in the period}, following later merges.

    A team is not told the number of a case that was not open to everyone.
    """
    standing = CaseMerge.objects.filter(undone_at=None, merged_at__gte=start).order_by("pk").select_related("merged")
    standing = list(standing.only("kept", "merged_at", "merged__visibility"))
    leads = {merge.merged_id: merge.kept_id for merge in standing}
    found = defaultdict(list)
    for merge in standing:
        if merge.merged_at < end and (scope.reader or merge.merged.visibility == Visibility.EVERYONE):
            found[end_of(merge.merged_id, leads)].append(merge.merged.reference)
    seen = set(scope.cases.filter(pk__in=found).values_list("pk", flat=True)) if found else ()
    return {number: references for number, references in found.items() if number in seen}


def _merged_line(case, references, differences):
    said = f"{listed(references)} {'was' if len(references) == 1 else 'were'} merged into it"
    if case.visibility != Visibility.EVERYONE:
        return _restricted(case, f"restricted; {said}")
    return _line(case, summary=sentence(said), differences=differences.get(case.pk, ()))


def closed_cases(scope, *, start, end):
    """The cases closed in the period that did not come in then as well, with who approved them and what they lack."""
    found = closed_in(scope.cases, start=start, end=end)
    shown = _first_of(found, "reviewer", unread=())
    rows = seen_classifications(scope.reader).filter(case__in=shown, node__scheme__slug=CAUSE_SCHEME)
    with_cause = set(rows.order_by().values_list("case_id", flat=True))
    lines = tuple(_closed_line(case, scope.reader, has_cause=case.pk in with_cause) for case in shown)
    return CaseList(lines, found.count(), _all_of(scope, closed__gte=start, closed__lt=end))


def _closed_line(case, reader, *, has_cause):
    if case.visibility != Visibility.EVERYONE:
        return _restricted(case, "restricted; open it to read")
    by = _approver(case, reader)
    missing = [_name_of(item.field, case) for item in missing_for_review(case, has_cause=has_cause)]
    lacks = f"{listed(missing)} {'is' if len(missing) == 1 else 'are'} missing" if missing else "nothing is missing"
    return _line(case, summary=f"{f'Approved by {by}' if by else 'Closed'}; {lacks}.")


def _approver(case, reader):
    if case.reviewer is None:
        return ""
    return "you" if case.reviewer == reader else one_line(case.reviewer.name, at_most=60)


def _name_of(field, case):
    return MISSING.get(field) or str(case._meta.get_field(field).verbose_name)
