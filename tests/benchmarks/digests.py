"""W11: one digest composed and written where a thousand cases changed in its week, against the bare reads of the same
facts; what it costs to find that a condition is not met; and the digests of a thousand subscribers planned.
"""

import time
from datetime import UTC, datetime, timedelta

import numpy as np
from django.db import connection

from registry.choices import About, Cadence, DigestState, Role
from registry.digests import ledger
from registry.digests.compose import compose
from registry.digests.render import render
from registry.models import Case, Digest, PatternRun, SavedView, Subscription
from registry.patterns.recompute import recompute
from taxonomy.models import Node, SeverityTier
from tests.benchmarks.database import raw_connection
from tests.benchmarks.measuring import TRIAL_ROUNDS, Goal, Row, against, alone, interleave
from tests.benchmarks.requests import database_clock
from tests.benchmarks.synthetic import reviewer_of
from tests.factories import make_person

WEEK = timedelta(days=7)
END = datetime(2026, 11, 16, 7, tzinfo=UTC)  # a Monday; the last cases are logged in the days before
START = END - WEEK
CHANGED = 1000
SUBSCRIBERS, WEEKS_BEHIND = 1000, 104
SECOND, PLANNED, INFORMATION = Goal(1000, unit="ms"), Goal(5000, unit="ms"), Goal(None)
QUERIES = {"reviewer": 34, "view": 38, "branch": 38}
"""The most statements one digest takes, whatever the number of cases and of changes; an empty section saves one."""

QUIET = 7
"""The same for one whose conditions are not met."""

# As the trigger would have written it when the case was logged, and as somebody changes a case in the week.
LOGGED = """
    INSERT INTO registry_caseevent ({columns}, pgh_created_at, pgh_label, pgh_obj_id)
    SELECT {columns}, created_at, 'insert', id FROM registry_case
"""
CHANGE = """
    UPDATE registry_case SET version = version + 1, context = 'A build farm.', owner_id = %(owner)s,
        potential_severity_id = 3, updated_at = at, status = CASE id %% 10 WHEN 0 THEN 'closed' ELSE 'analysis' END,
        closed_at = CASE id %% 10 WHEN 0 THEN at END, reviewer_id = CASE id %% 10 WHEN 0 THEN %(reviewer)s END
    FROM (
        SELECT id AS chosen, %(start)s + (id %% 160) * interval '1 hour' AS at FROM registry_case
        WHERE visibility = 'everyone' AND status IN ('triage', 'analysis') AND reported_at < %(start)s
        ORDER BY md5(id::text) LIMIT %(changed)s
    ) AS picked WHERE id = chosen
"""
IN_SCOPE = {
    "reviewer": "visibility = 'everyone'",
    "view": "visibility = 'everyone' AND kind = 'incident' AND severity_rank >= 2",
    "branch": "visibility = 'everyone' AND node_path && ARRAY[%(node)s::integer]",
}
# What a digest tells of cases, each fact by one plain statement and nothing made of it.
READS = (
    "SELECT severity_rank, count(*) FROM registry_case WHERE reported_at >= %(start)s AND reported_at < %(end)s"
    " AND {scope} GROUP BY severity_rank",
    "SELECT id, title, observed_behaviour FROM registry_case WHERE reported_at >= %(start)s AND reported_at < %(end)s"
    " AND {scope} ORDER BY severity_rank DESC, id DESC LIMIT 12",
    "SELECT count(*) FROM registry_case WHERE updated_at >= %(start)s AND reported_at < %(start)s AND {scope}",
    "SELECT * FROM registry_caseevent WHERE pgh_obj_id IN (SELECT id FROM registry_case WHERE updated_at >= %(start)s"
    " AND {scope} ORDER BY severity_rank DESC, id DESC LIMIT 12)",
    "SELECT id, title FROM registry_case WHERE closed_at >= %(start)s AND closed_at < %(end)s AND {scope}",
    "SELECT count(*) FROM registry_case WHERE {scope}",
    "SELECT date_trunc('week', reported_at), count(*) FROM registry_case"
    " WHERE reported_at >= %(start)s - interval '29 weeks' AND {scope} GROUP BY 1",
    "SELECT min(reported_at) FROM registry_case WHERE {scope}",
    "SELECT node_a_id, node_b_id, joint, n, q FROM registry_patternpair WHERE flagged AND run_id IN"
    " (SELECT id FROM registry_patternrun ORDER BY id DESC LIMIT 2)",
    "SELECT status, count(*), min(updated_at) FROM registry_case WHERE owner_id = %(reader)s GROUP BY status",
)


def measure(registry, owner_url, *, seconds):
    """The rows of W11. The owner of the tables takes the runs away afterwards."""
    person = reviewer_of(registry)
    with raw_connection(url=owner_url) as owner, raw_connection() as floor:
        live_through_a_week(owner, owner_id=person.pk, reviewer_id=registry.people[0].pk)
        wishes = make_wishes(person)
        facts = {"start": START, "end": END, "reader": person.pk, "node": wishes["branch"].node_id}
        for name, subscription in wishes.items():
            digest = digest_of(subscription)
            works = {
                "product": lambda digest=digest: written(digest),
                "floor": lambda name=name: read(floor, name, facts),
            }
            taken = interleave(works, seconds=seconds)
            yield alone(f"W11 digest, {name}", registry.n, taken["product"], SECOND)
            yield against(f"W11 digest, {name} / bare reads", registry.n, *taken.values(), INFORMATION)
            yield queries_of(f"W11 digest, {name}, queries", registry, works["product"], QUERIES[name])
        yield from quiet_rows(registry, person, seconds)
        yield alone("W11 plan 1,000 subscribers", registry.n, plan_weeks(owner, seconds), PLANNED)
        owner.execute("TRUNCATE registry_countedrange, registry_digest, registry_patternrun CASCADE")


def live_through_a_week(owner, *, owner_id, reviewer_id):
    """A history: every case as it was logged, a run, a thousand cases changed in the week, another run."""
    known = {field.column for field in Case._meta.concrete_fields}
    columns = ", ".join(f.column for f in Case.pgh_event_model._meta.concrete_fields if f.column in known)
    owner.execute(LOGGED.format(columns=columns))
    recompute(at=START)
    owner.execute(CHANGE, {"start": START, "changed": CHANGED, "owner": owner_id, "reviewer": reviewer_id})
    recompute(at=END)
    owner.execute("ANALYZE")


def make_wishes(person):
    """{name: Subscription} to everything, to a view and to the branch that most cases carry."""
    view = SavedView.objects.create(
        owner=person, name="Grave", slug="grave", query="kind=incident&severity__gte=moderate",
        created_at=START, updated_at=START,
    )  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute("SELECT node_path[1] FROM registry_case GROUP BY 1 ORDER BY count(*) DESC LIMIT 1")
        node = Node.objects.get(pk=cursor.fetchone()[0])
    wishes = {
        "reviewer": {},
        "view": {"view": view, "about": About.VIEW},
        "branch": {"node": node, "about": About.BRANCH},
    }
    made = {name: Subscription(person=person, created_at=START - WEEK, **wish) for name, wish in wishes.items()}
    Subscription.objects.bulk_create(made.values())
    return made


def digest_of(subscription, *, state=DigestState.DUE, start=START, end=END):
    """The row of one week; the week before was received."""
    run = PatternRun.objects.standard().last()
    values = {"subscription": subscription, "person": subscription.person, "not_before": end, "created_at": end}
    Digest.objects.create(
        **values, period_start=start - WEEK, period_end=start, state=DigestState.SENT, sent_at=start, run=run,
        message_id=f"<{subscription.pk}.1@example.org>",
    )  # fmt: skip
    message = f"<{subscription.pk}.2@example.org>"
    return Digest.objects.create(**values, period_start=start, period_end=end, state=state, message_id=message)


def written(digest):
    """As a worker writes it: with nothing known of its subscription but what one query brings."""
    digest = Digest.objects.select_related("subscription", "person").get(pk=digest.pk)
    return render(compose(digest=digest), chart_name="chart@example.org")


def read(floor, name, facts):
    return [floor.execute(sql.format(scope=IN_SCOPE[name]), facts).fetchall() for sql in READS]


def queries_of(work, registry, product, limit):
    with database_clock() as clock:
        product()
    return Row(work, registry.n, None, None, clock.statements, None, None, Goal(limit, unit="queries"))


def quiet_rows(registry, person, seconds):
    """One hourly subscription of which no condition is met, as most of them are at most hours."""
    subscription = Subscription.objects.create(
        person=person, created_at=START - WEEK, cadence=Cadence.HOURLY, max_q=1e-300,
        min_severity=SeverityTier.objects.order_by("-rank").first(),
    )  # fmt: skip
    digest = digest_of(subscription, start=END - timedelta(hours=1))
    taken = interleave({"product": lambda: written(digest)}, seconds=seconds)
    yield alone("W11 hourly, nothing happened", registry.n, taken["product"], Goal(None, unit="ms"))
    yield queries_of("W11 hourly, nothing happened, queries", registry, lambda: written(digest), QUIET)


PAST = """
    INSERT INTO registry_digest (subscription_id, person_id, asked, address, period_start, period_end, state,
        not_before, attempts, message_id, subject, text, html, chart, sent_at, error, created_at)
    SELECT s.id, s.person_id, false, '', %(end)s - week * interval '7 days', %(end)s - (week - 1) * interval '7 days',
        'sent', %(end)s, 1, '<' || s.id || '.' || week || '.past@example.org>', 'Nothing changed',
        repeat(md5(week::text), 60), repeat(md5(week::text), 60), '', %(end)s, '', %(end)s
    FROM registry_subscription s, generate_series(1, %(weeks)s) AS week WHERE s.id = ANY(%(subscriptions)s)
"""


def plan_weeks(owner, seconds):
    """Seconds for planning one week after the other, each as the weeks before it were sent."""
    people = [make_person(role=Role.ANALYST) for _ in range(SUBSCRIBERS if seconds else 10)]
    born = END - (WEEKS_BEHIND + 1) * WEEK
    wishes = Subscription.objects.bulk_create(Subscription(person=each, created_at=born) for each in people)
    owner.execute(PAST, {"end": END, "weeks": WEEKS_BEHIND, "subscriptions": [wish.pk for wish in wishes]})
    owner.execute("ANALYZE registry_digest")
    times = []
    for week in range(1, (8 if seconds else TRIAL_ROUNDS) + 1):
        started = time.perf_counter()
        made = ledger.plan(at=END + week * WEEK)
        times.append(time.perf_counter() - started)
        if len(made) < len(wishes):
            raise ValueError(f"{len(made)} digests were planned for {len(wishes)} subscribers")
        Digest.objects.filter(pk__in=made).update(state=DigestState.SENT, sent_at=END + week * WEEK)
    return np.array(times)
