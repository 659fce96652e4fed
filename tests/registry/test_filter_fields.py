"""Suffixes of filters, and what each refuses."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.http import QueryDict

from registry.choices import Kind, Stage, Status
from registry.filter_words import NAMES
from registry.filters import CaseFilterSet
from registry.models import Case
from registry.web import selection
from taxonomy.models import SeverityTier
from tests.factories import NOW, make_case

pytestmark = pytest.mark.django_db
NO_NUMBERS = ("1e-400", "-1e10000000", "-1", "1.0", "07", "%2B7", "1_0", "٧", "2147483648", "9" * 5000, "seven")


@pytest.fixture(autouse=True)
def today():
    with time_machine.travel(NOW, tick=False):
        yield


def found(query, person=None):
    filterset = CaseFilterSet(QueryDict(query), queryset=Case.objects.order_by("pk"), person=person)
    assert filterset.is_valid(), filterset.errors
    return list(filterset.qs)


def tiers():
    """The cases by rank of their potential severity, the lowest first, and one without."""
    ladder = list(SeverityTier.objects.order_by("rank"))
    return ladder, [*(make_case(potential_severity=tier, realised_severity=tier) for tier in ladder), make_case()]


@pytest.mark.parametrize("name", ["severity", "realised_severity"])
def test_severity_compares_by_rank_and_leaves_out_what_has_none(name):
    ladder, cases = tiers()
    second = ladder[1].slug

    assert found(f"{name}__gte={second}") == cases[1:-1]
    assert found(f"{name}__lte={second}") == cases[:2]
    assert found(f"{name}__not={second}") == [cases[0], *cases[2:]]
    assert found(f"{name}__isnull=true") == [cases[-1]]


def test_severity_above_and_below():
    ladder, cases = tiers()

    assert found(f"severity__gt={ladder[1].slug}") == cases[2:-1]
    assert found(f"severity__lt={ladder[1].slug}") == cases[:1]


def test_a_day_means_all_of_it():
    early, noon, late = (datetime(2026, 11, 18, *at, tzinfo=UTC) for at in ((0, 0), (12, 0), (23, 59, 59, 999999)))
    cases = [make_case(reported_at=at, updated_at=at) for at in (early - timedelta(microseconds=1), early, noon, late)]
    next_day = make_case(reported_at=late + timedelta(microseconds=1), updated_at=late + timedelta(microseconds=1))

    for name in ("reported", "updated"):
        assert found(f"{name}__gte=2026-11-18") == [*cases[1:], next_day]
        assert found(f"{name}__lte=2026-11-18") == cases
        assert found(f"{name}__gt=2026-11-18") == [next_day]
        assert found(f"{name}__lt=2026-11-18") == cases[:1]
        assert found(f"{name}__gte=-2d") == [*cases[1:], next_day]
        assert found(f"{name}__gt=2026-11-18T12:00:00Z") == [cases[3], next_day]
        assert found(f"{name}__lte=2026-11-18T13:00:00%2B01:00") == cases[:3]


def test_closed_dates():
    closed, still_open = make_case(status=Status.CLOSED), make_case()

    assert found("closed__gte=-1d") == [closed]
    assert found("closed__isnull=true") == [still_open]


def test_a_part_of_a_title_is_taken_by_its_letters():
    plain, percent, under = (make_case(title=title) for title in ("Boat circles", "100% sure", "snake_case wins"))

    assert found("title__contains=BOAT") == [plain]
    assert found("title__contains=00%25") == [percent]
    assert found("title__contains=e_c") == [under]
    assert found("title__contains=_oat") == []


def test_not_and_nobody(analyst):
    mine, free = make_case(owner=analyst), make_case(kind=Kind.FINDING, stage=Stage.values[0])

    assert found("owner__not=me", analyst) == [free]
    assert found("owner__not=mira") == [free]
    assert found("reporter__not=me", analyst) == [mine, free]
    assert found("kind__not=finding") == [mine]
    assert found(f"stage__not={Stage.values[0]}") == [mine]
    assert found("event_group__isnull=false") == []


@pytest.mark.parametrize(
    "query",
    [
        "owner__isnull=perhaps",
        "closed__isnull=2",
        "severity__gte=enormous",
        "updated__gte=2026-11-18T12:00:00",
        "updated__gte=9999-12-31T23:59:59-14:00",
        "updated__gte=2026-02-30",
        "updated__gte=-99999d",
        "updated__gte=-9999999999999999999999999d",
        "title__contains=ab",
        f"title__contains={'a' * 201}",
        *(f"{name}={text}" for name in ("event_group", "pair", "layers", "miss") for text in NO_NUMBERS),
        "confidence__gte=70.5",
    ],
)
def test_what_a_filter_is_not_it_refuses(query):
    assert not CaseFilterSet(QueryDict(query), queryset=Case.objects.all()).is_valid()


@pytest.mark.parametrize("number", ["0", "7", str(2**31 - 1)])
def test_a_whole_number_is_read_and_a_row_that_there_is_not_finds_nothing(number):
    make_case()

    assert [found(f"{name}={number}") for name in ("event_group", "pair", "layers", "miss")] == [[], [], [], []]


def test_how_foreseeable_it_was():
    cases = {answer: make_case(predictability=answer) for answer in ("warned", "foreseeable", "not-foreseeable", "")}

    assert found("predictability=warned&predictability=foreseeable") == [cases["warned"], cases["foreseeable"]]


def test_the_last_day_there_is_finds_what_it_can():
    case = make_case()

    assert found("updated__lte=9999-12-31") == [case]
    assert found("updated__gt=9999-12-31") == []
    assert found("updated__gte=0001-01-01") == [case]


def test_the_page_says_that_a_word_is_neither_true_nor_false(analyst):
    chosen = selection.read(QueryDict("owner__isnull=perhaps"), person=analyst)

    assert chosen.problems == ["Without owner (owner__isnull): Write true or false."]
    assert "owner__isnull" not in chosen.parameters


@pytest.mark.parametrize(("value", "words"), [("true", "yes"), ("1", "yes"), ("False", "no")])
def test_the_page_takes_yes_and_no_in_either_case(analyst, value, words):
    chosen = selection.read(QueryDict(f"owner__isnull={value}"), person=analyst)

    assert (chosen.problems, chosen.chips[0]["value"]) == ([], words)


def test_every_filter_has_a_name_on_the_page():
    assert set(NAMES) == set(CaseFilterSet.base_filters)


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("status__not=triage", ("Not in status", "In triage")),
        ("kind__not=finding", ("Not of kind", "Evaluation or red-team finding")),
        ("owner__not=me", ("Not owned by", "Me")),
        ("updated__gte=-7d", ("Changed from", "7 days ago")),
        ("severity__gte=high", ("Potential severity at least", "High")),
    ],
)
def test_chips_say_suffixes_in_words(analyst, query, words):
    chip = selection.read(QueryDict(query), person=analyst).chips[0]

    assert (chip["name"], chip["value"]) == words
