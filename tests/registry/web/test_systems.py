"""The pages of systems: only those of visible cases; recording, correcting and removing how much they are used."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError

from registry.actions import exposures
from registry.choices import Visibility
from registry.models import CaseSystem, EventGroup, Exposure, System, SystemAlias
from registry.web import systems_page
from registry.web.forms.exposure import MonthsForm
from tests.factories import NOW, make_case, make_exposure, make_system
from tests.registry.web.pages import errors_of, signed_in, text_of

pytestmark = pytest.mark.django_db


def months(text="2026-09 12000\n2026-10 13500", **values):
    return {"unit": "conversations", "months": text, "source": "The usage report."} | values


def recorded(system):
    return list(Exposure.objects.filter(system=system).order_by("month").values_list("month", "unit", "amount"))


def names_on(response):
    return [system.name for system in response.context["systems"]]


@pytest.mark.parametrize("n", [1, 30])
def test_list_query_count(reader, django_assert_num_queries, n):
    client = signed_in(reader)
    for _ in range(n):
        make_exposure()

    with django_assert_num_queries(6):
        response = client.get("/systems/?use=recorded")

    assert len(response.context["systems"]) == n


@pytest.mark.parametrize("n", [1, 30])
def test_system_page_query_count(analyst, django_assert_num_queries, n):
    client, system = signed_in(analyst), make_system()
    for place in range(n):
        exposures.record_exposure(
            system=system, month=date(2020 + place // 12, place % 12 + 1, 1), unit="deployments", amount=place,
            source="The log.", by=analyst, at=NOW,
        )  # fmt: skip

    with django_assert_num_queries(9):
        response = client.get(f"/systems/{system.pk}/")

    assert len(response.context["table"]["rows"]) == n


def test_a_list_says_what_is_recorded_and_what_is_counted(reader):
    event = EventGroup.objects.create(name="The lagoon")
    system = make_system("Guide", make_case(), make_case(event_group=event), make_case(event_group=event))
    make_exposure(system, amount=1_000)
    make_exposure(system, amount=2_500, month=date(2026, 9, 1))
    make_exposure(system, amount=4, unit="deployments")

    page = text_of(signed_in(reader).get("/systems/?q=guide"))

    assert "Guide 3 2" in page
    assert "4 deployments 1 month, 2026-10" in page
    assert "3,500 conversations 2 months, 2026-09 to 2026-10" in page


def test_a_list_is_narrowed_by_words_and_by_what_is_recorded(reader):
    client, used = signed_in(reader), make_exposure(make_system("Guide")).system
    unused = make_system("Guard")
    SystemAlias.objects.create(system=unused, name="Watchman")
    part = make_system("Grader")
    CaseSystem.objects.filter(system=part).update(role="evaluator")

    assert names_on(client.get("/systems/?use=recorded")) == [used.name]
    assert names_on(client.get("/systems/?use=missing")) == ["code-agent", "Guard"]
    assert names_on(client.get("/systems/?q=watchm")) == ["Guard"]
    assert names_on(client.get("/systems/?q=guard&use=recorded")) == []
    assert "No system found" in text_of(client.get("/systems/?q=nothing"))


def test_systems_that_most_cases_name_come_first_and_a_case_counts_once(reader):
    make_system("Beta", make_case(), make_case())
    case = make_case()
    gamma = make_system("Gamma", case)
    for version in ("2", "3"):
        CaseSystem.objects.create(case=case, system=gamma, version=version)
    alpha = make_system("Alpha", case)
    client = signed_in(reader)

    rows = client.get("/systems/?q=").context["systems"]

    named = [(system.name, system.n_cases) for system in rows if system.name != "code-agent"]
    assert named == [("Beta", 2), (alpha.name, 1), ("Gamma", 1)]
    assert [name for name in names_on(client.get("/systems/?sort=name")) if name != "code-agent"] == [
        *("Alpha", "Beta", "Gamma")
    ]


@pytest.mark.parametrize("sort", ["", "name"])
def test_pages_of_either_order_hold_every_system_once(reader, sort, monkeypatch):
    monkeypatch.setattr(systems_page, "PER_PAGE", 2)
    monkeypatch.setattr(systems_page, "COUNTED", 1)
    for place in range(5):
        make_system(f"System {place}", *(make_case() for _ in range(place % 3 + 1)))
    client, address, pages = signed_in(reader), f"/systems/?q=system&sort={sort}", []

    while address:
        pages.append(client.get(address))
        following = pages[-1].context["page"]["next_url"]
        address = following and f"/systems/{following}"

    found = [names_on(page) for page in pages]
    assert sorted(name for names in found for name in names) == [f"System {place}" for place in range(5)]
    assert names_on(client.get(f"/systems/{pages[2].context['page']['previous_url']}")) == found[1]


def test_the_number_of_cases_opens_them(reader):
    cases = [make_case(), make_case()]
    make_system("Guide & co", *cases)
    client = signed_in(reader)

    [row] = client.get("/systems/?q=guide").context["systems"]

    assert {case.pk for case in client.get(row.cases_url).context["rows"]} == {case.pk for case in cases}


def test_without_a_case_there_is_no_system(reader):
    System.objects.create(name="Unnamed by any case")

    assert "No systems yet" in text_of(signed_in(reader).get("/systems/"))


@pytest.mark.parametrize("query", ["q=%00", "cursor=x", "use=%00", "use=all", "q=" + "a" * 5000])
def test_whatever_is_asked_the_list_opens(reader, query):
    make_system()

    assert signed_in(reader).get(f"/systems/?{query}").status_code == 200


def test_several_months_are_recorded_at_once(analyst):
    system = make_system()

    response = signed_in(analyst).post(f"/systems/{system.pk}/", months("2026-09\t12,000\n\n 2026-10;13 500 \n"))

    assert response["Location"] == f"/systems/{system.pk}/"
    assert recorded(system) == [
        (date(2026, 9, 1), "conversations", 12_000),
        (date(2026, 10, 1), "conversations", 13_500),
    ]


def test_an_error_in_one_line_records_nothing_and_keeps_what_was_typed(analyst):
    system = make_system()
    typed = "2026-09 12000\nOctober 13500\n\n2026-11 many\n2026-12 1.5\n2026-10 9223372036854775808\n2026-08 12,5"

    response = signed_in(analyst).post(f"/systems/{system.pk}/", months(typed))

    assert response.status_code == 422
    assert errors_of(response) == {
        "months": [
            "Line 2: Write a month as 2026-01, 1950-01 or later.",
            "Line 4: Write a month and a whole number, such as 2026-01 12000.",
            "Line 5: Write a month and a whole number, such as 2026-01 12000.",
            "Line 6: A whole number from 0 to 9,223,372,036,854,775,807.",
            "Line 7: Write a month and a whole number, such as 2026-01 12000.",
        ]
    }
    assert "October 13500" in response.content.decode()
    assert recorded(system) == []


def test_what_is_recorded_already_is_said_with_its_line(analyst):
    system = make_exposure().system

    response = signed_in(analyst).post(f"/systems/{system.pk}/", months("2026-09 1\n\n2026-10 2\n2026-09 3\n2027-02 4"))

    assert errors_of(response) == {
        "months": [
            f"Line 3: {exposures.TAKEN}",
            "Line 4: This month stands above already.",
            "Line 5: This month has not begun.",
        ]
    }
    assert len(recorded(system)) == 1


def test_how_a_line_is_written_and_what_stands_against_it_is_said_at_once(analyst):
    system = make_exposure().system
    typed = "2026-09 many\n2026-10 2\n2026-08 1\n\n2026-08 1\n2027-02 4"

    response = signed_in(analyst).post(f"/systems/{system.pk}/", months(typed, source=""))

    assert errors_of(response)["months"] == [
        "Line 1: Write a month and a whole number, such as 2026-01 12000.",
        f"Line 2: {exposures.TAKEN}",
        "Line 5: This month stands above already.",
        "Line 6: This month has not begun.",
    ]
    assert list(errors_of(response)) == ["months", "source"]
    assert len(recorded(system)) == 1


def test_what_somebody_records_in_between_is_said_with_its_line(analyst, other_analyst):
    system = make_system()
    form = MonthsForm(months("2026-08 1\n\n2026-09 2"), system=system, at=NOW)
    assert form.is_valid()
    facts = {"system": system, "unit": "conversations", "source": "The usage report."}
    exposures.record_exposure(month=date(2026, 9, 1), amount=3, by=other_analyst, at=NOW, **facts)

    with pytest.raises(ValidationError) as refused:
        exposures.record_exposures(amounts=form.cleaned_data["months"], by=analyst, at=NOW, **facts)
    form.place_errors(refused.value)

    assert form.errors == {"months": [f"Line 3: {exposures.TAKEN}"]}


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"unit": "clicks"}, "unit"),
        ({"source": ""}, "source"),
        ({"source": "a\x00"}, "source"),
        ({"text": ""}, "months"),
        ({"text": "\n"}, "months"),
        ({"text": "2026-01 1\n" * 241}, "months"),
        ({"text": "2026-01 1\x00"}, "months"),
    ],
)
def test_each_error_stands_at_its_field(analyst, values, field):
    system = make_system()

    response = signed_in(analyst).post(f"/systems/{system.pk}/", months(**values))

    assert (response.status_code, list(errors_of(response))) == (422, [field])
    assert recorded(system) == []


def test_many_errors_are_cut_short(analyst):
    response = signed_in(analyst).post(f"/systems/{make_system().pk}/", months("wrong\n" * 30))

    assert errors_of(response)["months"][-1] == "And 10 more."


@pytest.mark.parametrize("who", ["reader", "reporter"])
def test_readers_see_the_months_and_no_form(who, request):
    client, row = signed_in(request.getfixturevalue(who)), make_exposure()

    page = client.get(f"/systems/{row.system_id}/")

    assert "12,000" in text_of(page)
    assert "Record months" not in text_of(page)
    assert f"/exposures/{row.pk}/edit" not in page.content.decode()
    assert client.post(f"/systems/{row.system_id}/", months()).status_code == 403
    assert client.get(f"/exposures/{row.pk}/edit").status_code == 403
    assert client.post(f"/exposures/{row.pk}/remove", {"version": 1}).status_code == 403
    assert Exposure.objects.count() == 1


def test_a_system_that_only_hidden_cases_name_is_nowhere(reviewer):
    hidden = make_exposure(make_system("Canary", make_case(visibility=Visibility.NAMED)))
    client = signed_in(reviewer)

    assert names_on(client.get("/systems/?q=canary")) == []
    assert client.get(f"/systems/{hidden.system_id}/").status_code == 404
    assert client.post(f"/systems/{hidden.system_id}/", months()).status_code == 404
    assert client.get(f"/exposures/{hidden.pk}/edit").status_code == 404
    assert client.post(f"/exposures/{hidden.pk}/remove", {"version": 1}).status_code == 404


def test_a_month_is_corrected_and_the_history_says_both(analyst):
    client, row = signed_in(analyst), make_exposure()

    response = client.post(
        f"/exposures/{row.pk}/edit", {"version_read": 1, "amount": "13000", "source": "The corrected report."}
    )

    assert response["Location"] == f"/systems/{row.system_id}/"
    page = text_of(client.get(response["Location"]))
    assert "Mira Okafor corrected 2026-10, conversations" in page
    assert "12,000 (The usage report.) 13,000 (The corrected report.)" in page
    assert "The registry recorded 2026-10, conversations" in page


def test_a_correction_after_another_keeps_what_was_typed(analyst, other_analyst):
    client, row = signed_in(analyst), make_exposure()
    exposures.change_exposure(exposure=row, by=other_analyst, at=NOW, version=1, amount=13_000)
    typed = {"version_read": 1, "amount": "14000", "source": "Mine."}

    clash = client.post(f"/exposures/{row.pk}/edit", typed)

    assert clash.status_code == 409
    assert "Now it says: 13,000 (The usage report.)" in text_of(clash)
    assert 'value="14000"' in clash.content.decode()
    version = clash.context["form"]["version_read"].value()
    again = client.post(f"/exposures/{row.pk}/edit", typed | {"version_read": version})
    assert (again.status_code, Exposure.objects.get().amount) == (302, 14_000)


@pytest.mark.parametrize("amount", ["-1", "", "many", "9223372036854775808"])
def test_a_wrong_correction_is_refused(analyst, amount):
    row = make_exposure()

    response = signed_in(analyst).post(
        f"/exposures/{row.pk}/edit", {"version_read": 1, "amount": amount, "source": "Mine."}
    )

    assert (response.status_code, list(errors_of(response))) == (422, ["amount"])


def test_a_month_is_removed_and_the_history_keeps_it(analyst):
    client, row = signed_in(analyst), make_exposure()

    response = client.post(f"/exposures/{row.pk}/remove", {"version": 1})

    assert response["Location"] == f"/systems/{row.system_id}/"
    page = text_of(client.get(response["Location"]))
    assert "Mira Okafor removed 2026-10, conversations" in page
    assert "Nobody has recorded how much it is used" in page


@pytest.mark.parametrize("version", ["0", "2", "x", ""])
def test_a_month_that_somebody_corrected_meanwhile_is_not_removed(analyst, version):
    row = make_exposure()

    response = signed_in(analyst).post(f"/exposures/{row.pk}/remove", {"version": version})

    assert (response.status_code, Exposure.objects.count()) == (409, 1)


def test_an_empty_cell_is_not_recorded(reader):
    row = make_exposure()
    make_exposure(row.system, unit="deployments", month=date(2026, 9, 1), amount=0)

    table = signed_in(reader).get(f"/systems/{row.system_id}/").context["table"]

    shown = [(month, [cell and cell.amount for cell in cells]) for month, cells in table["rows"]]
    assert (table["heads"], shown) == (
        ["Deployments", "Conversations"],
        [("2026-10", [None, 12_000]), ("2026-09", [0, None])],
    )
