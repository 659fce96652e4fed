"""Events of each system in the months for which its use is recorded."""

from datetime import date

import pytest

from registry import access
from registry.choices import Precision, Scope, Status, SystemRole, Visibility
from registry.models import CaseSystem, EventGroup, PatternExposure
from registry.patterns import exposure_rows
from registry.patterns.exposure_rows import ExposureRow, read_exposures
from tests.factories import make_case, make_exposure, make_run, make_system

pytestmark = pytest.mark.django_db

SEPTEMBER, OCTOBER, NOVEMBER = (date(2026, month, 1) for month in (9, 10, 11))


def read(cases=None):
    return read_exposures(access.counted_cases() if cases is None else cases)


def rows(cases=None, *, of=None):
    """{(system, unit): (n, n_outside, amount, months)}, of one system where it is named."""
    found = {(row.system, row.unit): (row.n, row.n_outside, row.amount, row.months) for row in read(cases).rows}
    return {key: row for key, row in found.items() if of is None or key[0] == of.pk}


def case_in(day, **values):
    return make_case(occurred_from=day, **values)


def test_without_any_record_there_is_nothing_to_keep():
    make_case()

    assert read().rows == ()


def test_events_count_in_recorded_months_and_outside_of_them():
    system = make_system("guide", case_in(date(2026, 10, 31)), case_in(date(2026, 9, 1)), case_in(date(2026, 8, 31)))
    make_exposure(system, month=OCTOBER, amount=5)
    make_exposure(system, month=SEPTEMBER, amount=7)

    assert rows(of=system) == {(system.pk, "conversations"): (2, 1, 12, (SEPTEMBER, OCTOBER))}


def test_each_unit_is_counted_over_its_own_months():
    system = make_system("guide", case_in(OCTOBER), case_in(SEPTEMBER))
    make_exposure(system, month=OCTOBER, amount=5)
    make_exposure(system, month=SEPTEMBER, amount=2, unit="deployments")
    make_exposure(system, month=NOVEMBER, amount=1, unit="deployments")

    assert rows(of=system) == {
        (system.pk, "conversations"): (1, 1, 5, (OCTOBER,)),
        (system.pk, "deployments"): (1, 1, 3, (SEPTEMBER, NOVEMBER)),
    }


def test_a_month_is_exact_enough_and_a_year_is_not():
    dates = [(Precision.MONTH, OCTOBER), (Precision.YEAR, OCTOBER), (Precision.UNKNOWN, None)]
    system = make_system("guide", *(case_in(day, occurred_precision=precision) for precision, day in dates))
    make_exposure(system, month=OCTOBER)

    assert rows(of=system)[system.pk, "conversations"][:2] == (1, 2)


def test_reports_of_one_event_count_once_in_the_month_of_the_earliest_that_says_one():
    event = EventGroup.objects.create(name="The lagoon")
    unknown = case_in(None, occurred_precision=Precision.UNKNOWN, event_group=event)
    system = make_system("guide", unknown, case_in(OCTOBER, event_group=event), case_in(NOVEMBER, event_group=event))
    make_exposure(system, month=OCTOBER)

    assert rows(of=system)[system.pk, "conversations"][:2] == (1, 0)


def test_the_earliest_report_of_an_event_is_the_one_of_the_first_month_whatever_its_number():
    event = EventGroup.objects.create(name="The lagoon")
    system = make_system("guide", case_in(NOVEMBER, event_group=event), case_in(OCTOBER, event_group=event))
    make_exposure(system, month=OCTOBER)

    assert rows(of=system)[system.pk, "conversations"][:2] == (1, 0)


def test_an_event_counts_for_each_system_it_is_about_and_once_for_two_versions():
    case = case_in(OCTOBER)
    systems = [make_system(name, case) for name in ("guide", "guard")]
    CaseSystem.objects.create(case=case, system=systems[0], version="2")
    for system in systems:
        make_exposure(system, month=OCTOBER)

    assert [rows(of=system)[system.pk, "conversations"][:2] for system in systems] == [(1, 0), (1, 0)]


@pytest.mark.parametrize("role", [SystemRole.COMPONENT, SystemRole.EVALUATOR])
def test_a_system_that_only_took_part_has_no_event(role):
    system = make_system("grader", case_in(OCTOBER))
    CaseSystem.objects.filter(system=system).update(role=role)
    make_exposure(system, month=OCTOBER)

    assert rows(of=system)[system.pk, "conversations"][:2] == (0, 0)


@pytest.mark.parametrize(
    "values", [{"visibility": Visibility.NAMED}, {"status": Status.WITHDRAWN}, {"scope": Scope.OUT}]
)
def test_a_system_without_a_counted_case_is_left_out(values):
    system = make_system("hidden", case_in(OCTOBER, **values))
    make_exposure(system, month=OCTOBER)

    assert rows(of=system) == {}


def test_a_hidden_case_changes_no_number():
    system = make_system("guide", case_in(OCTOBER))
    make_exposure(system, month=OCTOBER)
    before = read()

    CaseSystem.objects.create(case=case_in(OCTOBER, visibility=Visibility.NAMED), system=system)
    make_exposure(make_system("secret", case_in(OCTOBER, visibility=Visibility.NAMED)), month=OCTOBER)
    after = read()

    assert (after, after.digest()) == (before, before.digest())


def test_a_system_with_no_event_in_the_population_keeps_its_use():
    system = make_system("guide", case_in(OCTOBER))
    make_exposure(system, month=OCTOBER, amount=5)

    assert rows(access.counted_cases().none()) == {(system.pk, "conversations"): (0, 0, 5, (OCTOBER,))}


def test_systems_with_events_and_no_record_are_kept_as_not_recorded():
    make_exposure(make_system("guide", case_in(OCTOBER)), month=OCTOBER)
    without = make_system("guard", case_in(OCTOBER), case_in(None, occurred_precision=Precision.UNKNOWN))

    assert rows(of=without) == {(without.pk, "conversations"): (0, 2, 0, ())}


def test_of_those_the_ones_with_most_events_are_kept(monkeypatch):
    monkeypatch.setattr(exposure_rows, "MOST_WITHOUT", 1)
    recorded = make_system("guide", case_in(OCTOBER))
    make_exposure(recorded, month=OCTOBER)
    many = make_system("guard", *(case_in(OCTOBER) for _ in range(9)))
    CaseSystem.objects.filter(system__name="code-agent").delete()
    make_system("few", case_in(OCTOBER))
    CaseSystem.objects.filter(system__name="code-agent").delete()

    assert [row.system for row in read().rows] == [recorded.pk, many.pk]


def test_a_recorded_zero_is_a_record():
    system = make_system("guide", case_in(OCTOBER))
    make_exposure(system, month=OCTOBER, amount=0)

    assert rows(of=system) == {(system.pk, "conversations"): (1, 0, 0, (OCTOBER,))}


def test_the_sum_of_huge_amounts_is_held_at_what_the_column_takes():
    system = make_system("guide", case_in(OCTOBER))
    for month in (SEPTEMBER, OCTOBER):
        make_exposure(system, month=month, amount=2**63 - 1)

    assert rows(of=system)[system.pk, "conversations"][2] == 2**63 - 1


def test_a_run_keeps_the_rows_as_they_were_read():
    system = make_system("guide", case_in(OCTOBER))
    make_exposure(system, month=OCTOBER, amount=5)
    run = make_run()

    found = read()
    found.keep(run)

    names = ("system_id", "unit", "n", "n_outside", "amount", "months")
    kept = PatternExposure.objects.filter(run=run).order_by("pk").values_list(*names)
    assert [ExposureRow(*row[:-1], months=tuple(row[-1])) for row in kept] == list(found.rows)
    assert len(kept) == 2


def test_the_digest_changes_with_the_amount():
    row = make_exposure(make_system("guide", case_in(OCTOBER)), month=OCTOBER, amount=5)
    before = read().digest()

    row.amount = 6
    row.save()

    assert read().digest() != before
