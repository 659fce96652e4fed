"""Every filter of the case list: what it keeps, how values combine, and what it says of nonsense."""

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import QueryDict

from registry.choices import Status
from registry.filters import ORDERINGS, REPEATABLE, CaseFilterSet, find_node
from registry.models import (
    Case,
    ExternalId,
    PatternPair,
    System,
    SystemAlias,
)
from taxonomy.models import SeverityTier
from tests.factories import NOW, agree, make_case, make_node, make_person, make_scheme
from tests.registry.models.refusal import make_run, pair

pytestmark = pytest.mark.django_db


def filtered(query, person=None):
    return CaseFilterSet(QueryDict(query), queryset=Case.objects.order_by("pk"), person=person)


def cases(query, person=None):
    found = filtered(query, person)
    assert found.is_valid(), found.errors
    return list(found.qs)


def errors(query):
    found = filtered(query)
    return {name: list(messages) for name, messages in found.form.errors.items()}


def tier(slug):
    return SeverityTier.objects.get(slug=slug)


def test_without_a_filter_every_case_is_kept():
    made = [make_case(), make_case(status=Status.CLOSED)]

    assert cases("") == made


@pytest.mark.parametrize(
    ("query", "values"),
    [
        ("status=analysis", {"status": Status.ANALYSIS}),
        ("status__not=triage", {"status": Status.ANALYSIS}),
        ("kind=near-miss", {"kind": "near-miss"}),
        ("stage=deployment", {"stage": "deployment"}),
        ("scope=boundary", {"scope": "boundary"}),
        ("severity=high", {"potential_severity": "high"}),
        ("severity__isnull=false", {"potential_severity": "high"}),
        ("realised_severity=low", {"realised_severity": "low"}),
        ("owner=olga", {"owner": "olga"}),
        ("owner__isnull=false", {"owner": "olga"}),
        ("reporter=olga", {"reporter": "olga"}),
        ("occurred__gte=2026-12-01", {"occurred_from": date(2026, 12, 1)}),
        ("occurred__gt=2026-11-30", {"occurred_from": date(2026, 12, 1)}),
        ("occurred__lte=2026-10-01", {"occurred_from": date(2026, 10, 1)}),
        ("occurred__lt=2026-10-02", {"occurred_from": date(2026, 10, 1)}),
        ("occurred__isnull=true", {"occurred_from": None, "occurred_precision": "unknown"}),
        ("reported__gte=2026-11-21", {"reported_at": datetime(2026, 11, 21, tzinfo=UTC)}),
        ("reported__lte=2026-11-19", {"reported_at": datetime(2026, 11, 19, 23, 59, tzinfo=UTC)}),
        ("q=lagoon", {"context": "A boat that circled the lagoon."}),
    ],
)
def test_a_filter_keeps_what_it_names_and_nothing_else(query, values):
    make_case()
    people = {"olga": make_person(username="olga")}
    severities = {slug: tier(slug) for slug in ("high", "low")}
    values = {name: (people | severities).get(value, value) for name, value in values.items()}

    wanted = make_case(**values)

    assert cases(query) == [wanted]


@pytest.mark.parametrize("query", ["severity__isnull=true", "owner__isnull=true", "occurred__isnull=false"])
def test_a_missing_answer_can_be_asked_for(query):
    bare = make_case()
    Case.objects.filter(pk=bare.pk).update(occurred_from=date(2026, 11, 12))
    make_case(status=Status.ANALYSIS, potential_severity=tier("high"), occurred_from=None, occurred_precision="unknown")

    assert cases(query) == [bare]


def test_a_repeated_parameter_means_or_and_different_ones_mean_and():
    first = make_case(kind="incident", stage="deployment")
    second = make_case(kind="finding", stage="deployment")
    make_case(kind="hypothetical", stage="deployment")
    make_case(kind="finding", stage="evaluation")

    assert cases("kind=incident&kind=finding&stage=deployment") == [first, second]


def test_a_filter_may_be_repeated_where_it_reads_several_values():
    found = filtered("")
    assert found.is_valid()

    several = {name for name, value in found.form.cleaned_data.items() if isinstance(value, list | QuerySet)}

    assert several == REPEATABLE


def test_several_owners_and_tiers_mean_or_too():
    olga, otto = make_person(username="olga"), make_person(username="otto")
    first = make_case(owner=olga, potential_severity=tier("high"))
    second = make_case(owner=otto, potential_severity=tier("low"))
    make_case(owner=make_person(), potential_severity=tier("high"))

    assert cases("owner=olga&owner=otto") == [first, second]
    assert cases("owner=olga&owner=otto&severity=low&severity=none") == [second]


def test_no_filter_makes_the_database_sort_out_repeated_cases():
    query = "status=triage&kind=incident&severity=high&owner=olga&label=root&source=aiid&system=x&reporter=olga"
    make_person(username="olga")
    make_node("root")

    found = filtered(query)

    assert found.is_valid(), found.errors
    assert "DISTINCT" not in str(found.qs.query)


def test_status_not_repeated_leaves_out_both():
    make_case(status=Status.CLOSED)
    make_case(status=Status.WITHDRAWN)
    left = make_case()

    assert cases("status__not=closed&status__not=withdrawn") == [left]


@pytest.fixture
def labelled(db):
    """Cases by the nodes they carry, in a tree root > leaf beside another node."""
    root, other = make_node("root"), make_node("other")
    leaf = make_node("leaf", parent=root)
    return {
        "root": agree(make_case(), root),
        "leaf": agree(make_case(), leaf),
        "both": agree(make_case(), leaf, other),
        "other": agree(make_case(), other),
        "bare": make_case(),
    }


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("label=root", ["root", "leaf", "both"]),
        ("label=leaf", ["leaf", "both"]),
        ("label=colours:leaf", ["leaf", "both"]),
        ("label__under=root", ["root", "leaf", "both"]),
        ("label=root&label=other", ["root", "leaf", "both", "other"]),
        ("label=root, other", ["root", "leaf", "both", "other"]),
        ("label__all=root&label__all=other", ["both"]),
        ("label__all=root,other", ["both"]),
        ("label__none=leaf", ["root", "other", "bare"]),
        ("label__none=leaf,other", ["root", "bare"]),
        ("label=root&label__none=other", ["root", "leaf"]),
        ("label=", ["root", "leaf", "both", "other", "bare"]),
        ("label=,", ["root", "leaf", "both", "other", "bare"]),
        ("label__none=", ["root", "leaf", "both", "other", "bare"]),
    ],
)
def test_labels_reach_below_their_node_and_combine(labelled, query, names):
    assert cases(query) == [labelled[name] for name in names]


def test_an_unknown_node_is_named():
    assert errors("label=nonsense") == {"label": ["There is no node “nonsense”."]}
    assert errors("label__all=colours:nonsense") == {"label__all": ["There is no node “colours:nonsense”."]}


def test_a_slug_that_several_schemes_have_is_refused_with_the_ways_out():
    for scheme in ("first", "second"):
        make_node("same", scheme=make_scheme(scheme))

    assert errors("label=same") == {
        "label": ["Several schemes have a node “same”: write one of first:same, second:same."]
    }
    with pytest.raises(ValidationError) as ambiguous:
        find_node("same")
    assert ambiguous.value.code == "ambiguous_node"
    assert find_node("second:same").scheme.slug == "second"


def test_more_than_twenty_nodes_are_refused():
    assert errors("label=" + ",".join(["leaf"] * 21)) == {"label": ["At most 20 nodes at once."]}


@pytest.mark.parametrize("name", ["Code Agent", "code agent", "CA", "ca"])
def test_a_system_is_found_by_name_and_alias_and_its_case_listed_once(name):
    system = System.objects.create(name="Code Agent")
    SystemAlias.objects.create(system=system, name="CA")
    SystemAlias.objects.create(system=system, name="Coder")
    case = make_case()
    case.case_systems.create(system=system, version="1")
    case.case_systems.create(system=system, version="2")
    make_case()

    assert cases(f"system={name}") == [case]


def test_a_case_is_listed_once_however_many_numbers_a_database_gave_it():
    case = make_case()
    ExternalId.objects.bulk_create(ExternalId(case=case, source="aiid", value=value) for value in ("1", "2"))
    ExternalId.objects.create(case=make_case(), source="avid", value="1")

    assert cases("source=aiid") == [case]


def test_without_a_number_in_any_of_some_databases():
    in_one, in_another, in_both, in_none = (make_case() for _ in range(4))
    for case, source in ((in_one, "aiid"), (in_another, "avid"), (in_both, "aiid"), (in_both, "avid")):
        ExternalId.objects.create(case=case, source=source, value=str(case.pk))

    assert cases("source__not=aiid") == [in_another, in_none]
    assert cases("source__not=aiid&source__not=avid") == [in_none]
    assert cases("source__not=nowhere") == [in_one, in_another, in_both, in_none]


def test_so_many_days_ago_is_counted_from_today():
    old, recent = make_case(occurred_from=date(2026, 11, 12)), make_case(occurred_from=date(2026, 11, 13))

    with time_machine.travel(NOW):
        assert cases("occurred__gte=-7d") == [recent]
        assert cases("occurred__lt=-7d") == [old]
        assert cases("reported__gte=-0d") == [old, recent]


@pytest.mark.parametrize("day", ["2026-02-30", "yesterday", "-d", "-1.5d", "--7d", "13/11/2026", "-7D", "-²d"])
def test_a_day_that_is_none_is_refused(day):
    assert errors(f"occurred__gte={day}") == {"occurred__gte": ["Enter a valid date."]}


def test_days_beyond_the_calendar_are_refused():
    assert errors("occurred__gte=-36501d") == {"occurred__gte": ["At most 36500 days ago."]}


@pytest.mark.parametrize(
    "query",
    ["status=lost", "kind=rumour", "severity=awful", "owner=nobody", "reporter=nobody", "pair=x", "stage=never"],
)
def test_an_unknown_value_is_refused_at_its_field(query):
    assert list(errors(query)) == [query.partition("=")[0]]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("lagoon", ["boat"]),
        ("lagoons", ["boat"]),
        ("boat lagoon", ["boat"]),
        ("boat OR robot", ["boat", "robot"]),
        ("agent -robot", ["boat"]),
        ('"circles the"', ["boat"]),
        ('"lagoon circles"', []),
        ("the", []),
        ("  ", ["boat", "robot"]),
        ('"unclosed & | ! ( lagoon', []),
    ],
)
def test_search_reads_words_phrases_or_and_minus(text, names):
    made = {"boat": make_case(title="Boat agent circles the lagoon"), "robot": make_case(title="Robot agent flips")}

    assert cases(f"q={text.replace('&', '%26')}") == [made[name] for name in names]


@pytest.mark.parametrize("form", ["{}", "AIR-{}", "air-{}", " {} "])
def test_search_finds_a_case_by_its_number(form):
    case = make_case()
    make_case()

    assert cases(f"q={form.format(case.pk)}") == [case]


@pytest.mark.parametrize("text", ["99999999999999999999", "2147483648", "²", "AIR-²", "0"])
def test_search_for_a_number_no_case_has_finds_nothing(text):
    make_case()

    assert cases(f"q={text}") == []


def test_search_for_more_than_500_characters_is_refused():
    assert errors("q=" + "x" * 501) == {"q": ["At most 500 characters are searched for."]}


@pytest.mark.parametrize("name", ["q", "label", "owner", "reporter", "system", "team", "source"])
def test_text_with_a_nul_is_refused(name):
    assert errors(f"{name}=a%00b") == {name: ["Null characters are not allowed."]}


def test_a_pair_opens_exactly_the_cases_it_was_counted_from():
    run, a, b = make_run(), make_node(), make_node()
    counted, later = agree(make_case(), a, b), agree(make_case(), a, b)
    row = pair(run, a, b, case_ids=[counted.pk])
    row.save()
    counted.classifications.all().delete()

    assert cases(f"pair={row.pk}", person=make_person(role="reader")) == [counted]
    assert later not in cases(f"pair={row.pk}")


def test_a_pair_kept_without_its_cases_opens_those_that_carry_both_nodes():
    a, b = make_node(), make_node()
    both = agree(make_case(), a, b)
    agree(make_case(), a)
    row = pair(make_run(), a, b)
    row.save()

    assert cases(f"pair={row.pk}") == [both]


def test_a_pair_that_does_not_exist_opens_no_case():
    make_case()

    assert PatternPair.objects.count() == 0
    assert cases("pair=0") == []


@pytest.mark.parametrize("name", ["pair", "event_group", "layers", "miss"])
@pytest.mark.parametrize("number", ["-1", "99999999999999999999", "1.5", "1e-400"])
def test_what_is_no_whole_number_is_refused(name, number):
    found = CaseFilterSet(QueryDict(f"{name}={number}"), queryset=Case.objects.all())

    assert found.errors == {name: ["Write a whole number from 0 to 2,147,483,647."]}


@pytest.mark.parametrize("name", sorted(ORDERINGS))
def test_every_ordering_ends_in_the_number_and_runs_one_way(name):
    fields = ORDERINGS[name]

    assert fields[-1] in ("id", "-id")
    assert len({field.startswith("-") for field in fields}) == 1
    assert name.startswith("-") == fields[0].startswith("-")


def test_a_case_is_ordered_by_the_day_after_others_of_that_day():
    days = [date(2026, 11, 12), date(2026, 11, 10), date(2026, 11, 12)]
    first, second, third = (make_case(occurred_from=day) for day in days)
    undated = make_case(occurred_from=None, occurred_precision="unknown")

    found = Case.objects.order_by(*ORDERINGS["-occurred_at"])

    assert list(found) == [third, first, second, undated]


def test_dates_of_reporting_are_read_in_utc():
    case = make_case(reported_at=datetime(2026, 11, 20, 23, 59, tzinfo=UTC) + timedelta(seconds=30))

    assert cases("reported__lte=2026-11-20") == [case]
    assert cases("reported__gte=2026-11-21") == []
