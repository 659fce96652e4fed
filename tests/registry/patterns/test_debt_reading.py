"""The ledger at a past time, replayed from the history, beside what the live rows said at that time."""

from contextlib import suppress
from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import Http404
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from registry.actions import cases, debt, labels, merges
from registry.choices import TEMPLATE_FIELDS, Role, Status, Visibility
from registry.models import Case, CaseMerge, CaseReader, Classification, DebtAcceptance, Label
from registry.models.workflow import missing_for_review
from registry.patterns.debt import burn_up, standing_at
from registry.patterns.debt_reading import history_of, moment
from taxonomy.models import Node, SeverityTier
from tests.clock import database_clock
from tests.factories import log, make_case, make_person

pytestmark = pytest.mark.django_db

START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
WRITTEN = dict.fromkeys(TEMPLATE_FIELDS[1:], "Written.")
FIELDS = ("context", "root_cause", "alignment_lesson")


class Team:
    """Who works, and what one step of a random history does. A step that is refused changes nothing."""

    def __init__(self):
        self.reporter, self.owner = make_person(role=Role.REPORTER), make_person()
        self.reviewer = make_person(role=Role.REVIEWER)
        self.causes = list(Node.objects.filter(scheme__slug="misalignment-causes").order_by("pk")[:3])
        self.other = Node.objects.filter(scheme__slug="mechanism").first()
        self.cases = []

    def do(self, name, number, choice, at):
        if name == "log" or not self.cases:
            self.cases.append(log(by=self.reporter, at=at, submit=choice != 0).pk)
            return
        case = Case.objects.get(pk=self.cases[number % len(self.cases)])
        with suppress(ValidationError, PermissionDenied, Http404), transaction.atomic():
            getattr(self, name)(case, choice, at)

    def submit(self, case, choice, at):
        cases.submit_case(case=case, by=self.reporter, at=at)

    def write(self, case, choice, at):
        text = ("", " \t\n\u00a0 ", "Because.", "x" * 3000)[choice]
        cases.edit_case(case=case, by=self.owner, at=at, version=case.version, **{FIELDS[choice % 3]: text})

    def judge(self, case, choice, at):
        values = (
            {"potential_severity": SeverityTier.objects.get(pk=4)},
            {"potential_severity": None},
            {"realised_severity": SeverityTier.objects.get(pk=1)},
            {"predictability": "unknown"},
        )[choice]
        cases.edit_case(case=case, by=self.owner, at=at, version=case.version, **values)

    def label(self, case, choice, at):
        node = [*self.causes, self.other][choice]
        labels.label_case(case=case, node=node, by=self.owner, at=at)

    def unlabel(self, case, choice, at):
        if label := Label.objects.filter(case=case).order_by("pk").first():
            labels.take_back_label(label=label, by=label.rater, at=at)

    def accept(self, case, choice, at):
        cases.accept_case(case=case, by=self.owner, at=at, owner=self.owner)

    def finish(self, case, choice, at):
        """From wherever it is to closed, with everything written."""
        tiers = dict.fromkeys(("potential_severity", "realised_severity"), SeverityTier.objects.get(pk=choice))
        values = WRITTEN | tiers | {"predictability": "foreseeable", "owner": self.owner}
        case = cases.edit_case(case=case, by=self.owner, at=at, version=case.version, **values)
        if case.status == Status.TRIAGE:
            case = cases.accept_case(case=case, by=self.owner, at=at)
        self.label(case, 0, at)
        case = cases.request_review(case=case, by=self.owner, at=at)
        cases.approve_case(case=case, by=self.reviewer, at=at)

    def withdraw(self, case, choice, at):
        cases.withdraw_case(case=case, by=self.owner, at=at, reason="A test.")

    def reopen(self, case, choice, at):
        cases.reopen_case(case=case, by=self.owner, at=at, reason="More is known.")

    def carry(self, case, choice, at):
        until = at.date() + timedelta(days=1 + 6 * choice)
        debt.accept_debt(case=case, by=self.reviewer, at=at, owner=self.owner, reason="Later.", expires_on=until)

    def end_carrying(self, case, choice, at):
        if acceptance := DebtAcceptance.objects.filter(case=case, ended_at=None).first():
            debt.end_acceptance(acceptance=acceptance, by=self.reviewer, at=at)

    def merge(self, case, choice, at):
        other = Case.objects.get(pk=self.cases[choice % len(self.cases)])
        merges.merge_cases(kept=other, merged=case, by=self.reviewer, at=at, reason="The same.")

    def unmerge(self, case, choice, at):
        if merge := CaseMerge.objects.filter(undone_at=None).order_by("-pk").first():
            merges.unmerge_cases(merge=merge, by=self.reviewer, at=at)


def said_by_the_live_rows(at):
    """(owed, carried) now, case by case, by the checklist the pages show."""
    owed = carried = 0.0
    for case in Case.objects.exclude(status__in=[Status.DRAFT, Status.CLOSED, Status.WITHDRAWN]):
        tier = case.potential_severity
        weight = float(tier.debt_weight) if tier else 2.0
        amount = weight * ((at - case.reported_at) / timedelta(weeks=1)) * len(missing_for_review(case))
        if debt.in_force(case, at=at):
            carried += amount
        else:
            owed += amount
    return owed, carried


STEPS = [name for name in vars(Team) if not name.startswith("_") and name != "do"]
# What to do, with which case, in which way, after how many minutes, and when to look afterwards.
HISTORIES = st.lists(
    st.tuples(
        st.sampled_from(["log", "log", "finish", *STEPS]),
        st.integers(0, 3),
        st.integers(0, 3),
        st.integers(1, 12_000),
        st.integers(0, 9_000),
    ),
    min_size=4,
    max_size=16,
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=HISTORIES)
def test_the_total_at_every_past_time_is_what_the_live_rows_said_then(db, steps):
    with transaction.atomic():
        with database_clock(START) as clock:
            team, seen = live_through(steps, clock)
        times = [moment(looked) for looked, _ in seen]

        replayed = burn_up(history_of(team.reviewer), times)

        assert [row[:2] for row in replayed] == [pytest.approx(said, abs=1e-9) for _, said in seen]
        transaction.set_rollback(True)


def live_through(steps, clock):
    """(the Team after these steps, what the live rows said after each: (when, what))."""
    team, at, seen = Team(), START, []
    for name, number, choice, pause, wait in steps:
        at += timedelta(minutes=pause)
        clock.set(at)
        team.do(name, number, choice, at)
        at += timedelta(minutes=wait)
        seen.append((at, said_by_the_live_rows(at)))
    return team, seen


def standing(person, at):
    return standing_at(history_of(person), moment(at))


def test_a_case_owes_by_severity_age_and_what_is_missing(reader, now):
    case = make_case(
        reported_at=now - timedelta(days=49, hours=1), potential_severity_id=3, realised_severity_id=1, **WRITTEN
    )

    found = standing(reader, timezone.now())

    weeks = (timezone.now() - case.reported_at) / timedelta(weeks=1)
    assert (found.case.tolist(), found.weight.tolist(), found.missing.tolist()) == ([case.pk], [4.0], [2])
    assert found.total() == pytest.approx(4 * weeks * 2, rel=1e-6)


def test_a_case_without_severity_weighs_what_the_setting_says(reader, settings):
    settings.DEBT_WEIGHT_NOT_SET = 3.5
    make_case()

    assert standing(reader, timezone.now()).weight.tolist() == [3.5]


def test_a_weight_changed_today_counts_for_every_date(reader):
    make_case(potential_severity_id=4)
    SeverityTier.objects.filter(pk=4).update(debt_weight=16)

    assert standing(reader, timezone.now()).weight.tolist() == [16.0]


def test_a_tier_that_is_gone_weighs_like_none(reader, settings):
    settings.DEBT_WEIGHT_NOT_SET = 3.5
    SeverityTier.objects.create(rank=7, slug="passing", name="Passing", criteria="For a while.", debt_weight=9)
    case = make_case(potential_severity_id=7)
    at = timezone.now()
    Case.objects.filter(pk=case.pk).update(potential_severity=None)
    SeverityTier.objects.get(rank=7).delete()

    assert standing(reader, at).weight.tolist() in ([], [3.5])
    assert standing(reader, timezone.now()).weight.tolist() == [3.5]


def test_what_was_not_known_to_the_history_yet_owes_nothing(reader, now):
    make_case(reported_at=now - timedelta(weeks=4))

    assert standing(reader, now - timedelta(weeks=1)).case.tolist() == []


def test_a_case_somebody_may_not_see_moves_no_number_of_theirs(reader, reviewer):
    hidden = make_case(visibility=Visibility.NAMED, potential_severity_id=4)
    make_case()
    DebtAcceptance.objects.create(
        case=hidden,
        owner=reviewer,
        reason="Canary",
        expires_on=date(2099, 1, 1),
        accepted_by=reviewer,
        accepted_at=timezone.now(),
    )
    before = standing(reader, timezone.now()).case.tolist()
    CaseReader.objects.create(case=hidden, person=reader)

    after = standing(reader, timezone.now()).case.tolist()

    assert sorted(set(after) - set(before)) == [hidden.pk]
    assert standing(reviewer, timezone.now()).case.tolist() == before


def test_what_was_merged_away_counts_at_past_times_for_whoever_sees_what_it_led_to(reader, reviewer):
    with database_clock(START) as clock:
        kept, merged = make_case(reported_at=START), make_case(reported_at=START)
        clock.set(START + timedelta(days=2))
        merges.merge_cases(kept=kept, merged=merged, by=reviewer, at=START + timedelta(days=2), reason="The same.")
    day_after, today = START + timedelta(days=1), START + timedelta(days=3)

    assert sorted(standing(reader, day_after).case.tolist()) == [kept.pk, merged.pk]
    assert standing(reader, today).case.tolist() == [kept.pk]

    Case.objects.filter(pk=kept.pk).update(visibility=Visibility.NAMED)

    assert standing(reader, day_after).case.tolist() == []


def test_a_later_write_of_an_earlier_transaction_is_the_one_that_holds(reader):
    """Two transactions may write one row in another order than they began."""
    with database_clock(START) as clock:
        case = make_case(reported_at=START)
        clock.set(START + timedelta(minutes=5))
        Case.objects.filter(pk=case.pk).update(context="Written by who began later and was first.")
        clock.set(START + timedelta(minutes=4))
        Case.objects.filter(pk=case.pk).update(context="", root_cause="")

    assert standing(reader, START + timedelta(minutes=6)).missing.tolist() == [len(missing_for_review(case))]


def test_a_cause_counts_while_it_is_agreed(reader):
    cause = Node.objects.get(scheme__slug="misalignment-causes", slug="gradient")
    with database_clock(START) as clock:
        case = make_case(reported_at=START)
        clock.set(START + timedelta(days=1))
        agreed = Classification.objects.create(case=case, node=cause, method="imported", decided_at=START)
        clock.set(START + timedelta(days=2))
        agreed.delete()
    history = history_of(reader)

    counts = [standing_at(history, moment(START + timedelta(hours=hours))).missing.tolist() for hours in (1, 25, 49)]

    assert counts == [[11], [10], [11]]


def test_accepted_debt_stands_apart_until_the_midnight_of_its_day(reader, reviewer):
    with database_clock(START) as clock:
        case = make_case(reported_at=START)
        clock.set(START + timedelta(hours=2))
        day = START.date() + timedelta(days=3)
        debt.accept_debt(
            case=case, by=reviewer, at=START + timedelta(hours=2), owner=reviewer, reason="Later.", expires_on=day
        )
    history, midnight = history_of(reader), datetime(2026, 3, 5, tzinfo=UTC)

    times = [START + timedelta(hours=1), START + timedelta(hours=3), midnight - timedelta(seconds=1), midnight]

    assert [standing_at(history, moment(at)).accepted.tolist() for at in times] == [[False], [True], [True], [False]]


def test_reading_takes_the_same_queries_whatever_the_number(reader, django_assert_num_queries):
    for _ in range(3):
        make_case()

    with django_assert_num_queries(5):
        history_of(reader)
