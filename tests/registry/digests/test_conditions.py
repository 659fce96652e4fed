"""Whether what a reader wanted to be told of has happened in a period."""

import json
from datetime import timedelta

import pytest
from django.db import connection

from registry.actions import cases
from registry.choices import About, DigestState, Status, Visibility
from registry.digests.conditions import reasons
from registry.digests.scope import scope_of
from registry.models import Case, CaseReader
from taxonomy.models import SeverityTier
from tests.factories import make_case, make_node, make_team
from tests.registry.digests.builders import (
    END,
    START,
    WEEK,
    make_digest,
    make_run,
    make_subscription,
    pair_of,
    two_nodes,
)

pytestmark = pytest.mark.django_db

BEFORE, DURING, AFTER = START - WEEK, START + timedelta(days=2), END + timedelta(hours=1)
DAY = timedelta(days=1)


def case_at(at, **values):
    return make_case(created_at=at, updated_at=at, reported_at=at, **values)


def tier(slug):
    return SeverityTier.objects.get(slug=slug)


def met(person, *, now=None, before=None, is_first=False, start=START, end=END, **values):
    """The reasons of a digest of `person` for this period; `values` are those of the subscription."""
    subscription = make_subscription(person=person, **values)
    digest = make_digest(subscription, start=start, end=end)
    earlier = None
    if not is_first:
        earlier = make_digest(subscription, start=start - WEEK, end=start, state=DigestState.SENT, run=before)
    return reasons(digest=digest, scope=scope_of(subscription), now=now, before=before, earlier=earlier)


def edit(case, by, *, at, **values):
    version = Case.objects.values_list("version", flat=True).get(pk=case.pk)
    return cases.edit_case(case=case, by=by, at=at, version=version, **values)


def stood(case, *, at, **values):
    """Write into the history that `case` stood otherwise from `at` on: the trigger would say that it was now."""
    values |= {"pgh_id": -case.pk, "pgh_created_at": at.isoformat()}
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO registry_caseevent SELECT (jsonb_populate_record(event, %s)).* FROM registry_caseevent event"
            " WHERE pgh_obj_id = %s ORDER BY pgh_id LIMIT 1",
            [json.dumps(values), case.pk],
        )


def test_a_subscription_without_conditions_has_no_reasons_and_costs_nothing(reader, django_assert_num_queries):
    case_at(DURING)
    subscription = make_subscription(person=reader)
    digest = make_digest(subscription)
    scope = scope_of(subscription)

    with django_assert_num_queries(0):
        assert reasons(digest=digest, scope=scope, now=None, before=None, earlier=None) == ()


def test_that_there_is_nothing_to_follow_any_more_is_a_reason_by_itself(reader):
    assert met(reader, about=About.VIEW, only_if_moved=True) == (
        "The view that this digest followed was deleted or is not shared any more.",
    )


class TestMovement:
    def test_nothing_moved(self, reader):
        case_at(BEFORE)
        case_at(AFTER)
        run = make_run(pairs=[pair_of(*two_nodes(), joint=6, q=0.02, flagged=True)])

        assert met(reader, only_if_moved=True, before=run, now=run) == ()

    def test_what_came_in_changed_was_closed_and_moved_is_one_sentence(self, reader, analyst, reviewer):
        for at in (DURING, DURING):
            case_at(at)
        edit(case_at(BEFORE, status=Status.ANALYSIS), analyst, at=DURING, context="A build farm.")
        cases.approve_case(case=case_at(BEFORE, status=Status.REVIEW, owner=analyst), by=reviewer, at=DURING)
        now = make_run(pairs=[pair_of(*two_nodes(), joint=6, q=0.02, flagged=True)])

        assert met(reader, only_if_moved=True, before=make_run(), now=now) == (
            "Two cases came in, one case changed, one case was closed and one pattern moved.",
        )

    def test_what_moved_outside_the_scope_is_no_reason(self, reader, analyst):
        node = make_node("top")
        case_at(DURING)
        edit(case_at(BEFORE, status=Status.ANALYSIS), analyst, at=DURING, context="A build farm.")
        now = make_run(pairs=[pair_of(*two_nodes(), joint=6, q=0.02, flagged=True)])

        assert met(reader, about=About.BRANCH, node=node, only_if_moved=True, before=make_run(), now=now) == ()

    def test_a_hidden_case_is_no_reason(self, reader):
        case_at(DURING, visibility=Visibility.NAMED)

        assert met(reader, only_if_moved=True) == ()


class TestQ:
    def test_a_pattern_that_fell_below_is_named_the_surest_first(self, reader):
        fell, far, was_below, stayed_above = two_nodes(), two_nodes(), two_nodes(), two_nodes()
        before = make_run(
            pairs=[
                pair_of(*fell, joint=5, q=0.07, flagged=True),
                pair_of(*was_below, joint=9, q=0.04, flagged=True),
                pair_of(*stayed_above, joint=9, q=0.08, flagged=True),
            ]
        )
        now = make_run(
            pairs=[
                pair_of(*fell, joint=6, q=0.03, flagged=True),
                pair_of(*far, joint=6, q=0.0001, flagged=True),
                pair_of(*was_below, joint=9, q=0.01, flagged=True),
                pair_of(*stayed_above, joint=9, q=0.05, flagged=True),
            ]
        )

        assert met(reader, max_q=0.05, before=before, now=now) == (
            f"Below q = 0.05 since: {far[0].name} with {far[1].name} (q < 0.001) and "
            f"{fell[0].name} with {fell[1].name} (q = 0.030).",
        )
        assert met(reader, max_q=0.05, before=now, now=now, cadence="daily") == ()

    def test_many_are_counted(self, reader):
        now = make_run(pairs=[pair_of(*two_nodes(), joint=6, q=0.001 * n, flagged=True) for n in range(1, 6)])

        (said,) = met(reader, max_q=0.05, before=make_run(), now=now)

        assert said.endswith(" and two more.")
        assert said.count("q = 0.00") == 3

    def test_fewer_together_than_expected_is_no_finding(self, reader):
        now = make_run(pairs=[pair_of(*two_nodes(), joint=6, q=0.001, flagged=False, odds_high=0.4)])

        assert met(reader, max_q=0.05, before=make_run(), now=now) == ()

    def test_of_a_branch_only_its_own_patterns_count(self, reader):
        inside, outside = two_nodes(), two_nodes()
        now = make_run(pairs=[pair_of(*nodes, joint=6, q=0.001, flagged=True) for nodes in (inside, outside)])

        (said,) = met(reader, about=About.BRANCH, node=inside[1], max_q=0.05, before=make_run(), now=now)

        assert said == f"Below q = 0.05 since: {inside[0].name} with {inside[1].name} (q = 0.001)."

    def test_a_queue_and_a_registry_without_a_run_have_none(self, reader):
        assert met(reader, about=About.QUEUE, max_q=0.05) == ()
        assert met(reader, max_q=0.05) == ()


class TestDebt:
    """A case of critical severity owes 8 for each week and missing step; a fresh one lacks ten."""

    def owing(self, owner, *, at, **values):
        return case_at(at, status=Status.ANALYSIS, owner=owner, potential_severity=tier("critical"), **values)

    def test_it_is_told_when_it_rises_above_and_not_again_while_it_stays_there(self, analyst):
        self.owing(analyst, at=START)

        assert met(analyst, min_debt=50) == ("The alignment debt of these cases rose above 50: it is 80.",)
        assert met(analyst, min_debt=100, cadence="daily") == ()
        assert met(analyst, min_debt=50, start=END, end=END + WEEK, cadence="monthly") == ()

    def test_who_subscribes_while_it_is_above_is_told_once(self, analyst):
        self.owing(analyst, at=START)

        assert met(analyst, min_debt=50, start=END, end=END + WEEK, is_first=True) == (
            "The alignment debt of these cases rose above 50: it is 160.",
        )

    def test_of_a_queue_it_is_ones_own(self, analyst, other_analyst):
        self.owing(other_analyst, at=START)
        assert met(analyst, about=About.QUEUE, min_debt=50) == ()

        self.owing(analyst, at=START)
        assert met(analyst, about=About.QUEUE, min_debt=50, cadence="daily") == (
            "Your alignment debt rose above 50: it is 80.",
        )

    def test_what_was_closed_since_had_owed_before(self, analyst):
        closed = case_at(BEFORE, status=Status.CLOSED, closed_at=DURING)
        Case.objects.filter(pk=closed.pk).update(updated_at=DURING)
        self.owing(analyst, at=START)
        assert len(met(analyst, min_debt=50)) == 1

        stood(closed, at=BEFORE, status=Status.ANALYSIS, potential_severity_id=4)

        assert met(analyst, min_debt=50, cadence="daily") == ()

    def test_hidden_cases_and_those_of_another_scope_owe_nothing_here(self, analyst, reader):
        self.owing(analyst, at=START, visibility=Visibility.NAMED)
        assert met(reader, min_debt=1) == ()

        self.owing(analyst, at=START)
        assert met(reader, about=About.BRANCH, node=make_node(), min_debt=1) == ()

    def test_a_team_is_told_of_what_everybody_may_see(self, analyst):
        self.owing(analyst, at=START)
        self.owing(analyst, at=START, visibility=Visibility.NAMED)

        assert met(analyst, team=make_team(analyst), min_debt=50) == (
            "The alignment debt of these cases rose above 50: it is 80.",
        )


class TestSeverity:
    def test_a_case_that_came_in_at_it_or_above_is_named(self, reader):
        grave = case_at(DURING, potential_severity=tier("critical"))
        case_at(DURING, potential_severity=tier("moderate"))
        case_at(DURING)
        case_at(BEFORE, potential_severity=tier("critical"))
        case_at(AFTER, potential_severity=tier("critical"))

        assert met(reader, min_severity=tier("high")) == (
            f"A case of critical potential severity came in: {grave.reference}.",
        )

    def test_several_are_counted_and_the_gravest_named(self, reader):
        many = [case_at(DURING, potential_severity=tier("high")) for _ in range(4)]
        grave = case_at(DURING, potential_severity=tier("critical"))

        assert met(reader, min_severity=tier("high")) == (
            "Five cases of at least high potential severity came in: "
            f"{grave.reference}, {many[0].reference}, {many[1].reference} and two more.",
        )

    def test_a_case_that_was_raised_to_it_is_named_once(self, reader, analyst):
        raised = case_at(BEFORE, status=Status.ANALYSIS, potential_severity=tier("moderate"))
        first_rated = case_at(BEFORE, status=Status.ANALYSIS)
        for case in (raised, first_rated):
            edit(case, analyst, at=DURING, potential_severity=tier("high"))
        edit(raised, analyst, at=DURING + DAY, context="A build farm.")

        assert met(reader, min_severity=tier("high")) == (
            "Two cases were raised to at least high potential severity: "
            f"{raised.reference} and {first_rated.reference}.",
        )

        edit(raised, analyst, at=AFTER, context="A laboratory.")

        assert met(reader, min_severity=tier("high"), start=END, end=END + WEEK, cadence="daily") == ()

    def test_a_raise_after_the_period_belongs_to_the_next(self, reader, analyst):
        case = case_at(BEFORE, status=Status.ANALYSIS, potential_severity=tier("moderate"))
        edit(case, analyst, at=DURING, context="A build farm.")
        edit(case, analyst, at=AFTER, potential_severity=tier("high"))

        assert met(reader, min_severity=tier("high")) == ()
        assert met(reader, min_severity=tier("high"), start=END, end=END + WEEK, cadence="daily") == (
            f"A case was raised to high potential severity: {case.reference}.",
        )

    def test_one_that_was_grave_before_and_changed_otherwise_is_no_news(self, reader, analyst):
        case = case_at(BEFORE, status=Status.ANALYSIS, potential_severity=tier("high"))
        edit(case, analyst, at=DURING, potential_severity=tier("critical"))

        assert met(reader, min_severity=tier("high")) == ()

    @pytest.mark.parametrize("slug", ["moderate", "high"])
    def test_a_grave_case_that_was_opened_to_everyone_is_named_without_its_past(self, reader, analyst, slug):
        case = case_at(BEFORE, status=Status.ANALYSIS, visibility=Visibility.NAMED, potential_severity=tier(slug))
        if slug != "high":
            edit(case, analyst, at=DURING, potential_severity=tier("high"))
        Case.objects.filter(pk=case.pk).update(visibility=Visibility.EVERYONE, updated_at=DURING + DAY)

        assert met(reader, min_severity=tier("high")) == (
            f"A case of high potential severity was opened to everyone signed in: {case.reference}.",
        )

    def test_of_a_restricted_case_only_its_number_is_told_and_only_to_those_who_may_see_it(self, reader, analyst):
        case = case_at(DURING, visibility=Visibility.NAMED, potential_severity=tier("critical"))
        assert met(reader, min_severity=tier("high")) == ()

        CaseReader.objects.create(case=case, person=reader)
        assert met(reader, min_severity=tier("high"), cadence="daily") == (
            f"A restricted case came in or changed: {case.reference}.",
        )
        assert met(reader, min_severity=tier("high"), team=make_team(reader)) == ()


@pytest.mark.parametrize("n", [2, 20])
def test_conditions_cost_as_many_queries_for_many_changes_as_for_few(n, analyst, django_assert_num_queries):
    for _ in range(n):
        case_at(DURING, potential_severity=tier("high"))
        old = case_at(BEFORE, status=Status.ANALYSIS)
        edit(old, analyst, at=DURING, potential_severity=tier("critical"))
    pairs = [pair_of(*two_nodes(), joint=6, q=0.02, flagged=True) for _ in range(n)]
    runs = {"before": make_run(), "now": make_run(pairs=pairs), "earlier": None}
    asked = {
        ("hourly", "only_if_moved", True): 8,
        ("daily", "max_q", 0.05): 1,
        ("weekly", "min_debt", 1): 4,
        ("monthly", "min_severity", tier("high")): 1,
    }

    for (cadence, name, value), cost in asked.items():
        subscription = make_subscription(person=analyst, cadence=cadence, **{name: value})
        digest, scope = make_digest(subscription), scope_of(subscription)
        with django_assert_num_queries(cost):
            assert reasons(digest=digest, scope=scope, **runs) != ()
