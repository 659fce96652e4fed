"""How much a system is used: recording it, correcting it, taking it back."""

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404

from registry.actions import exposures
from registry.actions.signing import Conflict
from registry.choices import JobKind, Visibility
from registry.models import Exposure, Job
from tests.factories import NOW, make_case, make_exposure, make_system

pytestmark = pytest.mark.django_db

OCTOBER, SEPTEMBER = date(2026, 10, 1), date(2026, 9, 1)
FACTS = {"month": OCTOBER, "unit": "conversations", "amount": 12_000, "source": "The usage report."}


def record(system, by, **values):
    return exposures.record_exposure(system=system, by=by, at=NOW, **FACTS | values)


def record_several(system, by, *amounts):
    shared = {"unit": "conversations", "source": "The usage report."}
    return exposures.record_exposures(system=system, amounts=amounts, by=by, at=NOW, **shared)


def test_an_analyst_records_a_month_and_the_patterns_are_counted_again(analyst):
    system = make_system()

    made = record(system, analyst)

    assert Exposure.objects.values(*FACTS, "version").get() == FACTS | {"version": 1}
    assert made.events.get().pgh_context.metadata == {"person": analyst.pk, "action": "record_exposure"}
    assert Job.objects.filter(kind=JobKind.RECOMPUTE).exists()


@pytest.mark.parametrize("who", ["reader", "reporter"])
def test_readers_and_reporters_record_change_and_remove_nothing(who, request):
    person, row = request.getfixturevalue(who), make_exposure()

    with pytest.raises(PermissionDenied):
        record(row.system, person, month=SEPTEMBER)
    with pytest.raises(PermissionDenied):
        record_several(row.system, person, (SEPTEMBER, 1))
    with pytest.raises(PermissionDenied):
        exposures.change_exposure(exposure=row, by=person, at=NOW, version=1, amount=1)
    with pytest.raises(PermissionDenied):
        exposures.remove_exposure(exposure=row, by=person, at=NOW, version=1)
    assert Exposure.objects.get().amount == 12_000


def test_a_system_that_only_hidden_cases_name_is_nobody_elses_to_record_about(analyst):
    row = make_exposure(make_system("hidden", make_case(visibility=Visibility.NAMED)))

    with pytest.raises(Http404):
        record(row.system, analyst, month=SEPTEMBER)
    with pytest.raises(Http404):
        record_several(row.system, analyst, (SEPTEMBER, 1))
    with pytest.raises(Http404):
        exposures.change_exposure(exposure=row, by=analyst, at=NOW, version=1, amount=1)
    with pytest.raises(Http404):
        exposures.remove_exposure(exposure=row, by=analyst, at=NOW, version=1)


def test_records_are_as_visible_as_their_systems(analyst):
    seen = make_exposure()
    make_exposure(make_system("hidden", make_case(visibility=Visibility.NAMED)))
    own = make_exposure(make_system("own", make_case(visibility=Visibility.NAMED, reporter=analyst)))

    assert set(exposures.exposures_for(analyst)) == {seen, own}


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"month": date(2026, 12, 1)}, "month"),
        ({"amount": -1}, "amount"),
        ({"amount": 2**63}, "amount"),
        ({"source": ""}, "source"),
        ({"source": "s" * 501}, "source"),
        ({"unit": "clicks"}, "unit"),
    ],
)
def test_what_cannot_be_recorded_says_at_which_field(analyst, values, field):
    with pytest.raises(ValidationError) as refused:
        record(make_system(), analyst, **values)

    assert list(refused.value.message_dict) == [field]
    assert not Exposure.objects.exists()


@pytest.mark.parametrize(
    "act",
    [
        lambda row, by: record_several(row.system, by, (SEPTEMBER, 1)),
        lambda row, by: exposures.change_exposure(exposure=row, by=by, at=NOW, version=1, amount=1),
        lambda row, by: exposures.remove_exposure(exposure=row, by=by, at=NOW, version=1),
    ],
    ids=["several", "changed", "removed"],
)
def test_whatever_is_done_to_records_has_the_patterns_counted_again(analyst, act):
    row = make_exposure()
    before = Job.objects.count()

    act(row, analyst)

    assert (before, list(Job.objects.values_list("kind", "key"))) == (0, [(JobKind.RECOMPUTE, "")])


def test_the_month_that_has_begun_is_recorded(analyst):
    record(make_system(), analyst, month=NOW.date().replace(day=1))

    assert Exposure.objects.get().month == date(2026, 11, 1)


@pytest.mark.parametrize("amount", [0, 2**63 - 1])
def test_the_least_and_the_largest_amount_are_recorded(analyst, amount):
    record(make_system(), analyst, amount=amount)

    assert Exposure.objects.get().amount == amount


def test_a_month_is_recorded_once_in_each_unit(analyst):
    system = make_system()
    record(system, analyst)
    record(system, analyst, unit="deployments")

    with pytest.raises(ValidationError, match="recorded in this unit already"):
        record(system, analyst)


def test_several_months_are_recorded_at_once(analyst):
    record_several(make_system(), analyst, (OCTOBER, 3), (SEPTEMBER, 0))

    assert list(Exposure.objects.order_by("month").values_list("month", "amount")) == [(SEPTEMBER, 0), (OCTOBER, 3)]


def test_of_several_months_none_is_recorded_if_one_is_wrong(analyst):
    system = make_system()
    record(system, analyst)
    wrong = [(SEPTEMBER, 1), (SEPTEMBER, 2), (OCTOBER, 3), (date(2027, 1, 1), 4), (date(2026, 8, 1), 2**63)]

    with pytest.raises(ValidationError) as refused:
        record_several(system, analyst, *wrong)

    assert refused.value.params == {
        1: "This month stands above already.",
        2: exposures.TAKEN,
        3: "This month has not begun.",
        4: "A whole number from 0 to 9,223,372,036,854,775,807.",
    }
    assert Exposure.objects.count() == 1


@pytest.mark.parametrize("n", [0, 241])
def test_nothing_and_too_much_at_once_are_refused(analyst, n):
    with pytest.raises(ValidationError, match="Between one and 240"):
        record_several(make_system(), analyst, *[(OCTOBER, 1)] * n)


def test_a_correction_counts_the_version_and_keeps_what_it_said(analyst):
    row = make_exposure()

    changed = exposures.change_exposure(exposure=row, by=analyst, at=NOW, version=1, amount=13_000)

    assert (changed.version, changed.amount) == (2, 13_000)
    assert list(row.events.order_by("pgh_id").values_list("amount", flat=True)) == [12_000, 13_000]


def test_a_correction_of_an_old_version_is_a_conflict(analyst):
    row = make_exposure()
    exposures.change_exposure(exposure=row, by=analyst, at=NOW, version=1, amount=13_000)

    with pytest.raises(Conflict) as conflict:
        exposures.change_exposure(exposure=row, by=analyst, at=NOW, version=1, amount=14_000)
    with pytest.raises(Conflict):
        exposures.remove_exposure(exposure=row, by=analyst, at=NOW, version=1)

    assert conflict.value.current.amount == 13_000


def test_which_month_a_record_is_about_stays(analyst):
    with pytest.raises(TypeError):
        exposures.change_exposure(exposure=make_exposure(), by=analyst, at=NOW, version=1, month=SEPTEMBER)


def test_what_is_removed_stays_in_the_history(analyst):
    row = make_exposure()

    exposures.remove_exposure(exposure=row, by=analyst, at=NOW, version=1)

    assert not Exposure.objects.exists()
    assert Exposure.pgh_event_model.objects.filter(pgh_obj_id=row.pk).count() == 2


@pytest.mark.parametrize(
    "text", ["2026-13", "2026-00", "2026-1", "26-01", "1949-12", "", "2026-01-01", "٢٠٢٦-٠١", "\x00"]
)
def test_a_month_is_written_in_one_way(text):
    with pytest.raises(ValidationError):
        exposures.month_in(text)


def test_a_month_is_its_first_day():
    assert exposures.month_in("1950-01") == date(1950, 1, 1)
    assert exposures.month_words(date(2026, 2, 1)) == "2026-02"
