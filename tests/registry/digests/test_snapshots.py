"""Whole mails as their readers get them. `pytest --snapshot-update` renews what they are compared with."""

import re
from datetime import timedelta

import pytest
from django.db import connection

from registry.actions import cases, merges
from registry.choices import DigestState, Role, Status, Visibility
from registry.digests.compose import compose
from registry.digests.render import render
from registry.models import Case, CaseReader, Digest, PatternPair, PatternRun, Subscription
from taxonomy.models import Node, SeverityTier
from tests.clock import database_clock
from tests.factories import make_node, make_person, make_scheme, make_team
from tests.registry.digests.builders import (
    BEFORE,
    DURING,
    END,
    START,
    WEEK,
    analysed_at,
    case_at,
    make_digest,
    make_run,
    make_subscription,
    pair_of,
)

pytestmark = pytest.mark.django_db

FIRST = 7000  # numbers of one length, so that lines break where they did
STOP = re.compile(r"/digests/stop/[^/]+/")


@pytest.fixture(autouse=True)
def clock(db):
    with connection.cursor() as cursor:
        for model in (Case, Digest, PatternRun, PatternPair, Subscription):
            cursor.execute("SELECT setval(pg_get_serial_sequence(%s, 'id'), %s)", [model._meta.db_table, FIRST])
    with database_clock(START - 2 * WEEK) as clock:
        yield clock


@pytest.fixture
def mira():
    return make_person(name="Mira Okafor", email="mira@example.org")


def tier(slug):
    return SeverityTier.objects.get(slug=slug)


def mail_of(subscription, **values):
    """Subject, text and HTML of the digest that `subscription` gets."""
    written = render(compose(digest=make_digest(subscription, **values)), chart_name="chart.1@example.org")
    parts = {"subject": written.subject, "text": written.text, "html": written.html}
    return {name: STOP.sub("/digests/stop/<token>/", part) for name, part in parts.items()}


def runs_that_differ():
    """Two runs: a pair that is new, one that is stronger, and one that passed without a new case."""
    mechanism = make_scheme(slug="ways", name="Mechanism", kind="mechanism")
    names = ("Grader gaming", "Adversarial Goodhart", "Sycophancy", "Shutdown avoidance")
    a, b, c, d = (make_node(name=name, slug=name.lower().replace(" ", "-"), scheme=mechanism) for name in names)
    before = [
        pair_of(a, b, joint=5, q=0.101, flagged=False),
        pair_of(a, c, joint=4, q=0.08, flagged=True),
        pair_of(b, d, joint=6, q=0.11, flagged=False),
    ]
    now = [
        pair_of(a, b, joint=6, q=0.046, flagged=True),
        pair_of(a, c, joint=7, q=0.012, flagged=True),
        pair_of(b, d, joint=6, q=0.09, flagged=True),
    ]
    return make_run(at=START, pairs=before), make_run(at=END - timedelta(hours=1), pairs=now)


def new_cases(cause):
    case_at(
        DURING,
        title="Model interferes with a shutdown script",
        observed_behaviour="Told to allow shutdown, it **sabotaged** the script in 7 of 100 runs.\n\nMore was said.",
        potential_severity=tier("critical"),
        stage="evaluation",
        nodes=[cause],
    )
    case_at(
        DURING,
        title="Passing <tests> & breaking “specifications”",
        observed_behaviour="Where tests and specification disagreed, it edited the tests.",
        potential_severity=tier("moderate"),
    )


def changes(mira, reviewer, cause, clock):
    """One case changes hands, one is closed, one takes another over."""
    changed = case_at(BEFORE, title="A model games its evaluation", status=Status.ANALYSIS, owner=reviewer)
    kept, merged = (
        case_at(BEFORE, title=f"A robot drops the {thing}", status=Status.ANALYSIS, owner=mira)
        for thing in ("cup", "glass")
    )
    closed = analysed_at(BEFORE, cause=cause, status=Status.REVIEW, owner=mira)
    clock.set(DURING)
    values = {"owner": mira, "potential_severity": tier("high"), "root_cause": "The reward counted passing tests."}
    cases.edit_case(case=changed, by=mira, at=DURING, version=1, **values)
    merges.merge_cases(kept=kept, merged=merged, by=mira, at=DURING, reason="One robot.")
    cases.approve_case(case=closed, by=reviewer, at=DURING)


@pytest.fixture
def week(mira, clock):
    """A week in which everything happened that a digest can tell of."""
    cause = Node.objects.get(slug="volition-based")
    reviewer = make_person(role=Role.REVIEWER, name="Priya Raman")
    changes(mira, reviewer, cause, clock)
    new_cases(cause)
    hidden = case_at(DURING, title="CANARY", visibility=Visibility.NAMED)
    CaseReader.objects.create(case=hidden, person=mira)
    return runs_that_differ()


def received(subscription, run, *, end=START):
    return make_digest(subscription, start=end - WEEK, end=end, state=DigestState.SENT, run=run)


def test_a_full_week(mira, week, snapshot):
    subscription = make_subscription(person=mira, time_zone="Europe/London")
    received(subscription, week[0])

    assert mail_of(subscription) == snapshot


def test_a_quiet_week(mira, snapshot):
    case_at(BEFORE - 20 * WEEK)
    subscription = make_subscription(person=mira)
    received(subscription, make_run(at=START))

    assert mail_of(subscription) == snapshot


def test_everything_new(mira, snapshot):
    for number in range(14):
        case_at(DURING, title=f"Agent edits failing test {number}", potential_severity=tier("low"))
    subscription = make_subscription(person=mira, created_at=END - timedelta(hours=1))

    assert mail_of(subscription) == snapshot


def test_a_team(mira, week, snapshot):
    team = make_team(mira, name="Oversight")

    assert mail_of(make_subscription(person=mira, team=team, cadence="daily"), start=START) == snapshot


def test_a_view_that_is_gone(mira, week, snapshot):
    assert mail_of(make_subscription(person=mira, about="view")) == snapshot


def test_two_weeks_at_once(mira, week, snapshot):
    subscription = make_subscription(person=mira)
    received(subscription, week[0], end=START - WEEK)

    assert mail_of(subscription, start=START - WEEK) == snapshot


def test_only_restricted_cases(mira, clock, snapshot):
    analyst = make_person()
    hidden = {"visibility": Visibility.NAMED, "title": "CANARY", "status": Status.ANALYSIS, "owner": analyst}
    changed, kept, merged = (case_at(BEFORE, **hidden) for _ in range(3))
    closed = case_at(BEFORE, **hidden | {"status": Status.REVIEW})
    new = case_at(DURING, visibility=Visibility.NAMED, title="CANARY", potential_severity=tier("critical"))
    CaseReader.objects.bulk_create(CaseReader(case=case, person=mira) for case in (changed, kept, closed, new))
    cases.edit_case(case=changed, by=analyst, at=DURING, version=1, context="CANARY")
    merges.merge_cases(kept=kept, merged=merged, by=analyst, at=DURING, reason="CANARY")
    cases.approve_case(case=closed, by=make_person(role=Role.REVIEWER), at=DURING)
    subscription = make_subscription(person=mira)
    received(subscription, None)

    mail = mail_of(subscription)

    assert "CANARY" not in str(mail)
    assert mail == snapshot


def test_a_condition_that_is_met(mira, week, snapshot):
    wishes = {"cadence": "hourly", "min_severity": tier("high"), "max_q": 0.05}
    subscription = make_subscription(person=mira, **wishes)
    received(subscription, week[0])

    assert mail_of(subscription, start=DURING - timedelta(hours=1), end=END) == snapshot
