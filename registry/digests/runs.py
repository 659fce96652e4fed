"""Which runs of the statistics tell of the patterns in a scope."""

from datetime import UTC, datetime, time, timedelta

from django.db.models import Q

from registry.actions import jobs
from registry.actions.populations import query_followed
from registry.choices import About, JobKind, LabelRule
from registry.digests.periods import next_moment, week_of
from registry.models import Job, PatternRun, Population, Subscription

AHEAD = timedelta(minutes=30)


def run_for(scope):
    """The latest run over the cases of `scope`, else the latest over all cases; None for a queue, which has no
    patterns, and before the first run.
    """
    if scope.about == About.QUEUE:
        return None
    run = None
    if scope.query:
        known = PatternRun.objects.filter(population__query=scope.query, population__label_rule=LabelRule.AGREED)
        run = known.order_by("-pk").first()
    return run or PatternRun.objects.standard().first()


def run_before(digest, earlier, now):
    """The run to compare `now` (what `run_for` gave) with; None where `now` is None.

    That of the `earlier` digest (the last the reader surely received, or None) if it counted the same population,
    else the latest when the period of `digest` began, else the first there is.
    """
    if now is None:
        return None
    if earlier and earlier.run and earlier.run.population_id == now.population_id:
        return earlier.run
    runs = PatternRun.objects.of(now.population_id).order_by("-pk")
    return runs.filter(computed_at__lte=digest.period_start).first() or runs.last()


def ask_for_the_week(*, at):
    """Leave a recompute of all cases once a week has begun since the last run; returns whether one was left.

    Trends are counted by week: where no case changed the numbers of last week would be told as those of this one.
    """
    standard = PatternRun.objects.standard().first()
    begun = datetime.combine(week_of(at.astimezone(UTC).date()), time(), tzinfo=UTC)
    if standard is None or standard.computed_at >= begun:
        return False
    if Job.objects.filter(kind=JobKind.RECOMPUTE, key="", created_at__gte=begun).exists():
        return False
    jobs.leave_recompute(at=at)
    return True


def ask_ahead(*, at):
    """Leave recompute jobs for the populations of subscriptions that fall due within half an hour of `at`, where the
    standard run is newer; returns how many. Safe to call every few minutes.
    """
    standard = PatternRun.objects.standard().first()
    queries = _queries_due(at) if standard else set()
    if not queries:
        return 0
    populations = Population.objects.filter(label_rule=LabelRule.AGREED, query__in=queries)
    # A job that found nothing changed has left no run: the jobs say what was looked at since.
    left = Job.objects.filter(kind=JobKind.RECOMPUTE, created_at__gte=standard.computed_at)
    looked_at = set(left.values_list("key", flat=True))
    behind = [population for population in populations if str(population.pk) not in looked_at]
    for population in behind:
        jobs.leave_recompute(at=at, population=population)
    return len(behind)


def _queries_due(at):
    """The queries of what those subscriptions follow that fall due soon; each is worked out once."""
    read = Q(person__is_active=True) | Q(team__isnull=False)
    follow = Subscription.objects.filter(read, active=True, about__in=(About.VIEW, About.SYSTEM))
    follow = follow.exclude(paused_until__gt=at + AHEAD).select_related("view", "system")
    due = {
        (subscription.view_id, subscription.system_id): subscription
        for subscription in follow
        if next_moment(subscription, at=at) <= at + AHEAD
    }
    return {query for subscription in due.values() if (query := query_followed(subscription))}
