"""Whether what a reader wanted to be told of has happened: asked before anything is composed."""

from django.db.models import Exists, OuterRef, Q, Subquery

from registry import owed
from registry.choices import About, Visibility
from registry.digests import changes
from registry.digests.cases import merged_into
from registry.digests.moved import pairs_in, patterns_between
from registry.digests.scope import came_in, closed_in, known_before
from registry.digests.wording import amount, in_words, listed, sentence
from registry.models import Case, PatternPair
from registry.patterns.sentences import pair_name, q_words

MOST_NAMED = 3
CaseEvent = Case.pgh_event_model


def reasons(*, digest, scope, now, before, earlier):
    """The conditions of `digest.subscription` that are met over the period of `digest`, as full sentences; empty where
    none is, and where it has none. That there is nothing to follow any more is a reason by itself.

    scope           of the subscription
    now, before     the runs of `run_for` and `run_before`; None where there is none
    earlier         the digest its reader surely received last, None for the first

    Costs a few queries whatever the number of changes, and none for a condition that is not asked for: call it before
    composing, and compose only if it is not empty (or the digest was asked for).
    """
    wanted = digest.subscription
    if not wanted.has_conditions:
        return ()
    if scope.gone:
        return (scope.why_gone,)
    within = {"start": digest.period_start, "end": digest.period_end}
    met = []
    if wanted.only_if_moved:
        met += _movement(scope, before, now, **within)
    if wanted.max_q is not None:
        met += _below(wanted.max_q, scope, before, now)
    if wanted.min_debt is not None:
        met += _debt(wanted.min_debt, scope, is_first=earlier is None, **within)
    if wanted.min_severity_id is not None:
        met += _severity(wanted.min_severity, scope, **within)
    return tuple(met)


def _movement(scope, before, now, *, start, end):
    """What came in, changed, was merged, was closed or moved, in one sentence; counted as the digest counts."""
    within = {"start": start, "end": end}
    labels = changes.label_changes(**within, reader=scope.reader)
    merged = merged_into(scope, **within)
    known = known_before(scope.cases, **within).exclude(pk__in=merged)
    said = [
        _happened(came_in(scope.cases, **within).count(), "case", "came in", "came in"),
        _happened(changes.changed_cases(known, **within, labels=labels).count(), "case", "changed", "changed"),
        _happened(sum(map(len, merged.values())), "case", "was merged", "were merged"),
        _happened(closed_in(scope.cases, **within).count(), "case", "was closed", "were closed"),
        _happened(patterns_between(before=before, now=now, scope=scope).total, "pattern", "moved", "moved"),
    ]
    return [sentence(listed(filter(None, said)))] if any(said) else []


def _happened(n, noun, one, several):
    return f"{in_words(n)} {noun if n == 1 else f'{noun}s'} {one if n == 1 else several}" if n else ""


def _below(max_q, scope, before, now):
    """The patterns whose q fell below: not those found together less often than expected, which are no finding."""
    if now in (None, before):
        return []
    pairs = pairs_in(scope, PatternPair.objects.filter(_is_below(max_q), run=now))
    earlier = PatternPair.objects.filter(_is_below(max_q), run=before)
    pairs = pairs.exclude(Exists(earlier.filter(node_a=OuterRef("node_a"), node_b=OuterRef("node_b"))))
    fallen = list(pairs.select_related("node_a", "node_b").defer("case_ids").order_by("q", "pk"))
    if not fallen:
        return []
    named = [f"{pair_name(pair)} ({q_words(pair.q)})" for pair in fallen[:MOST_NAMED]]
    return [f"Below q = {max_q:g} since: {_some(named, len(fallen))}."]


def _is_below(max_q):
    return Q(q__lt=max_q) & ~Q(odds_high__lt=1)


def _debt(limit, scope, *, is_first, start, end):
    """Told once when it rises above: it was not at the start, or its reader has been told nothing yet."""
    if scope.about == About.QUEUE:
        change = owed.of_owner_between(scope.reader, start=start, end=end)
        before, now, whose = change.before, change.now, "Your alignment debt"
    else:
        before, now = owed.of_cases_between(scope.reader, scope.cases, start=start, end=end)
        whose = "The alignment debt of these cases"
    if now <= limit or (before > limit and not is_first):
        return []
    return [f"{whose} rose above {limit:,}: it is {amount(now)}."]


def _severity(tier, scope, *, start, end):
    """Cases that came in at this potential severity or above, were raised to it, or were opened to everyone with it."""
    found = _grave(tier, scope.cases, start=start, end=end).order_by("-severity_rank", "pk")
    kinds = {"came in": [], "raised": [], "opened": [], "restricted": []}
    for case in found.select_related("potential_severity").only("visibility", "reported_at", "potential_severity"):
        if case.visibility != Visibility.EVERYONE:
            kinds["restricted"].append(case)
        elif case.reported_at >= start:
            kinds["came in"].append(case)
        else:
            kinds["raised" if case.visibility_before == Visibility.EVERYONE else "opened"].append(case)
    return [_grave_words(kind, cases, tier) for kind, cases in kinds.items() if cases]


def _grave(tier, cases, *, start, end):
    """The states are those before `start` and the last before `end`, so that no two periods tell of one raise."""
    events = CaseEvent.objects.filter(pgh_obj=OuterRef("pk")).order_by("-pgh_id")
    before, after = events.filter(updated_at__lt=start), events.filter(updated_at__lt=end)
    states = cases.annotate(
        rank_before=Subquery(before.values("potential_severity")[:1]),
        visibility_before=Subquery(before.values("visibility")[:1]),
        rank_after=Subquery(after.values("potential_severity")[:1]),
    )
    was_less = Q(rank_before=None) | Q(rank_before__lt=tier.rank)
    was_hidden = Q(visibility=Visibility.EVERYONE) & ~Q(visibility_before=Visibility.EVERYONE)
    # Whatever is news has been changed since: said by itself, because that has an index and the states have none.
    return states.filter(
        Q(reported_at__gte=start) | Q(updated_at__gte=start),
        Q(reported_at__gte=start) | was_less | was_hidden,
        severity_rank__gte=tier.rank,
        rank_after__gte=tier.rank,
        reported_at__lt=end,
    )


def _grave_words(kind, cases, tier):
    """Of restricted cases nothing is said but their numbers."""
    n = len(cases)
    case, was = ("case", "was") if n == 1 else ("cases", "were")
    many = "a" if n == 1 else in_words(n)
    name = (cases[0].potential_severity.name if n == 1 else f"at least {tier.name}").lower()
    said = {
        "came in": f"{many} {case} of {name} potential severity came in",
        "raised": f"{many} {case} {was} raised to {name} potential severity",
        "opened": f"{many} {case} of {name} potential severity {was} opened to everyone signed in",
        "restricted": f"{many} restricted {case} came in or changed",
    }[kind]
    return sentence(f"{said}: {_some([each.reference for each in cases[:MOST_NAMED]], n)}")


def _some(named, n):
    more = n - len(named)
    return listed([*named, f"{in_words(more)} more"] if more else named)
