"""From rows to content: what one reader is told about one period. Every case comes through `access`."""

from django.db.models import Count, Q

from registry import access
from registry.blind import seen_classifications
from registry.choices import DigestState, Status, Visibility, Weekday
from registry.digests import changes, links, periods
from registry.digests.content import CaseLine, CaseList, Content
from registry.digests.moved import headline, patterns_between
from registry.digests.queue import queue_of
from registry.digests.weekly import weeks_before
from registry.digests.wording import counted, in_words, listed, one_line, opening, sentence
from registry.models import Digest, PatternRun
from taxonomy.models import SchemeKind, SeverityTier

MOST_CASES = 12
HIGH = 3  # from this rank on a new case is named in the subject


def compose(*, digest, run):
    """The Content of `digest` for its reader, as they may see it now; `run` is the latest pattern run or None."""
    person, end = digest.person, digest.period_end
    cases = access.visible_to(person).exclude(status=Status.DRAFT)
    within = {"start": digest.period_start, "end": end}
    new, n_by_rank = _new(cases, reader=person, **within)
    changed, closed = _changed(cases, reader=person, **within), _closed(cases, **within)
    earlier = earlier_digest(digest)
    patterns = patterns_between(before=_run_before(digest, earlier), now=run)
    came_in, n_high = _came_in(n_by_rank)
    return Content(
        subject=_subject(patterns, new, changed, closed, n_high),
        period=periods.days_in_words(**within, time_zone=digest.subscription.time_zone),
        covers=_covers(digest, earlier),
        bottom_line=_bottom_line(patterns, new, changed, closed, came_in),
        context=_context(patterns, came_in, holds=cases.count()),
        weeks=weeks_before(cases, end=end, time_zone=digest.subscription.time_zone),
        patterns=patterns,
        new=new,
        changed=changed,
        closed=closed,
        queue=queue_of(person, time_zone=digest.subscription.time_zone),
        quiet=_quiet(patterns, new, changed, closed),
        schedule=schedule_in_words(digest.subscription),
        urls={
            "browser": links.address("digest", pk=digest.pk),
            "subscription": links.address("digest-subscription"),
            "stop": links.stop(digest.subscription),
            "home": links.address("home"),
        },
    )


def earlier_digest(digest):
    """The digest this reader surely received last, where this one takes up; None after a pause or at first."""
    sent = Digest.objects.filter(subscription=digest.subscription, state=DigestState.SENT).select_related("run")
    since = sent.filter(period_end__gte=digest.period_start, period_end__lt=digest.period_end)
    return since.order_by("-period_end").first()


def _run_before(digest, earlier):
    """The run to compare with: that of the reader's last digest, else the latest when the period began, else the
    first there is.
    """
    if earlier and earlier.run:
        return earlier.run
    runs = PatternRun.objects.standard()
    return runs.filter(computed_at__lte=digest.period_start).first() or runs.last()


def _new(cases, *, reader, start, end):
    """(the cases logged in the period, the worst first, {severity rank: how many})."""
    logged = cases.filter(reported_at__gte=start, reported_at__lt=end)
    ranks = dict(logged.order_by("severity_rank").values_list("severity_rank").annotate(n=Count("pk")))
    shown = list(_worst_first(logged)[:MOST_CASES])
    causes = _causes(shown, reader)
    lines = tuple(_new_line(case, causes.get(case.pk, ())) for case in shown)
    return CaseList(lines, sum(ranks.values()), links.address("case-list")), ranks


def _worst_first(cases):
    return cases.select_related("potential_severity").order_by("-severity_rank", "-pk")


def _new_line(case, causes):
    if case.visibility != Visibility.EVERYONE:
        return _restricted(case, "restricted; open it to read")
    stage = [case.get_stage_display()] if case.stage else []
    status = [case.get_status_display()] if case.status in (Status.CLOSED, Status.WITHDRAWN) else []
    tier = case.potential_severity
    return CaseLine(
        reference=case.reference,
        url=links.absolute(case.get_absolute_url()),
        title=one_line(case.title, at_most=200),
        summary=opening(case.observed_behaviour, at_most=240),
        facts=(case.reference, *causes, *stage, *status),
        severity=tier.name if tier else "",
        colour=tier.colour if tier else "",
    )


def _restricted(case, words):
    return CaseLine(case.reference, links.absolute(case.get_absolute_url()), restricted=words)


def _causes(cases, reader):
    """{case number: at most two agreed causes that the reader may know of} in words."""
    rows = seen_classifications(reader).filter(case__in=cases, node__scheme__kind=SchemeKind.CAUSE)
    causes = {}
    for case, name in rows.order_by("node__order", "node").values_list("case_id", "node__name"):
        causes.setdefault(case, []).append(name)
    return {case: names[:2] for case, names in causes.items()}


def _changed(cases, *, reader, start, end):
    labels = changes.label_changes(start=start, end=end, reader=reader)
    told_elsewhere = Q(reported_at__gte=start) | Q(closed_at__gte=start, closed_at__lt=end)
    found = changes.changed_cases(cases.exclude(told_elsewhere), start=start, end=end, labels=labels)
    shown = list(_worst_first(found)[:MOST_CASES])
    said = changes.differences(
        [case for case in shown if case.visibility == Visibility.EVERYONE],
        start=start,
        end=end,
        labels=labels,
        reader=reader,
    )
    lines = tuple(_changed_line(case, said.get(case.pk)) for case in shown)
    return CaseList(lines, found.count(), links.address("case-list"))


def _changed_line(case, said):
    if said is None:
        return _restricted(case, "restricted; open it to see what changed")
    url = links.absolute(case.get_absolute_url())
    return CaseLine(case.reference, url, title=one_line(case.title, at_most=200), differences=said)


def _closed(cases, *, start, end):
    # A case logged and closed in one period is told once, among the new ones.
    found = cases.filter(status=Status.CLOSED, closed_at__gte=start, closed_at__lt=end, reported_at__lt=start)
    shown = found.select_related("reviewer").order_by("-severity_rank", "-pk")[:MOST_CASES]
    lines = tuple(_closed_line(case) for case in shown)
    return CaseList(lines, found.count(), links.address("case-list"))


def _closed_line(case):
    if case.visibility != Visibility.EVERYONE:
        return _restricted(case, "restricted; open it to read")
    url = links.absolute(case.get_absolute_url())
    by = f"Approved by {one_line(case.reviewer.name, at_most=60)}." if case.reviewer else "Closed."
    return CaseLine(case.reference, url, title=one_line(case.title, at_most=200), summary=by)


def _came_in(n_by_rank):
    """(how many cases came in and how bad the worst could have been, (how many of the worst, its name))."""
    total, worst = sum(n_by_rank.values()), max(n_by_rank, default=-1)
    if not total:
        return "No case came in.", None
    noun = "case came in" if total == 1 else "cases came in"
    tier = SeverityTier.objects.filter(pk=worst).first() if worst >= HIGH else None
    if tier is None:
        return sentence(f"{in_words(total)} {noun}"), None
    n, name = n_by_rank[worst], tier.name.lower()
    share = f"{in_words(n)} of them " if total > n else "both " if n == 2 else "all of them " if n > 1 else ""
    return sentence(f"{in_words(total)} {noun}, {share}{name} in potential"), (n, name)


def _bottom_line(patterns, new, changed, closed, came_in):
    told = (*patterns.moved, *patterns.passive)
    if told:
        return headline(told[0])
    if new.total:
        return came_in
    if changed.total or closed.total:
        quantities = ((changed.total, "changed"), (closed.total, "closed"))
        parts = [f"{in_words(n)} {'was' if n == 1 else 'were'} {verb}" for n, verb in quantities if n]
        return f"No case came in; {listed(parts)}."
    return "Nothing changed in the cases you may see."


def _context(patterns, came_in, *, holds):
    """The sentence after the bottom line; says what that one did not."""
    first = came_in if patterns.total else "No pattern moved." if patterns.url else ""
    return f"{first} The registry holds {counted(holds, 'case')} you may see.".strip()


def _subject(patterns, new, changed, closed, n_high):
    parts = []
    if patterns.total:
        parts.append(f"{counted(patterns.total, 'pattern')} moved")
    if new.total:
        parts.append(counted(new.total, "new case"))
    if n_high:
        parts.append(f"{n_high[0]:,} {n_high[1]}")
    if not new.total and (changed.total or closed.total):
        parts += [f"{n:,} {verb}" for n, verb in ((changed.total, "changed"), (closed.total, "closed")) if n]
    return f"Registry digest: {', '.join(parts) or 'nothing changed'}"


def _quiet(patterns, new, changed, closed):
    """What did not change, so that silence is never mistaken for it."""
    lists = ((new, "logged"), (changed, "changed"), (closed, "closed"))
    still = [verb for cases, verb in lists if not cases.total]
    said = [f"No case was {listed(still, last='or')}."] if still else []
    return (*said, patterns.quiet) if patterns.quiet else tuple(said)


def _covers(digest, earlier):
    """A sentence where the period is not simply the week since the last digest."""
    weeks = round((digest.period_end - digest.period_start) / periods.WEEK)
    if weeks > 1:
        return f"It covers {in_words(weeks)} weeks: nothing of it had surely reached you before."
    return "" if earlier else "This subscription begins here; its first digest looks back one week."


def schedule_in_words(subscription):
    """“Mondays at 07:00 (Europe/London)”."""
    day = Weekday(subscription.weekday).label
    return f"{day}s at {subscription.hour:02}:00 ({subscription.time_zone})"
