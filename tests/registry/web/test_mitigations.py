"""The pages of mitigations: only those of visible cases, and only visible cases."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from registry.choices import Visibility
from registry.models import Mitigation
from tests.analysed import mitigation
from tests.factories import make_case, make_person
from tests.registry.web.pages import errors_of, signed_in, text_of

pytestmark = pytest.mark.django_db


def typed(**values):
    return {"title": "A second grader", "state": "proposed", "description": "", "node": "", "owner": ""} | values


def titles(response):
    return [row.title for row in response.context["mitigations"]]


@pytest.mark.parametrize("n", [1, 30])
def test_list_query_count(reader, django_assert_num_queries, n):
    client = signed_in(reader)
    for _ in range(n):
        mitigation(make_case(), make_case(), owner=make_person())

    with django_assert_num_queries(6):
        response = client.get("/mitigations/")

    assert [len(row.seen_cases) for row in response.context["mitigations"]] == [2] * n


@pytest.mark.parametrize("n", [1, 30])
def test_page_query_count(analyst, django_assert_num_queries, n):
    client, row = signed_in(analyst), mitigation(*(make_case() for _ in range(n)))

    with django_assert_num_queries(5):
        response = client.get(f"/mitigations/{row.pk}/")

    assert len(response.context["cases"]) == n


def test_ones_own_come_first_then_what_is_open_then_what_is_due_sooner(analyst):
    case, late, soon = make_case(), date(2027, 3, 1), date(2026, 12, 1)
    mitigation(case, title="Over", state="done", owner=make_person(), due_on=soon)
    mitigation(case, title="No day")
    mitigation(case, title="Late", due_on=late)
    mitigation(case, title="Soon", due_on=soon)
    mitigation(case, title="Mine", owner=analyst, due_on=late)

    assert titles(signed_in(analyst).get("/mitigations/")) == ["Mine", "Soon", "Late", "No day", "Over"]


def test_the_list_goes_on_where_its_page_ended(analyst):
    case, client = make_case(), signed_in(analyst)
    for number in range(120):
        mitigation(case, title=f"{number}", due_on=date(2027, 1, 1) + timedelta(days=number) if number % 3 else None)

    seen, address = [], "/mitigations/"
    while address:
        response = client.get(address)
        seen += titles(response)
        following = response.context["page"]["next_url"]
        address = following and f"/mitigations/{following}"

    assert len(seen) == len(set(seen)) == 120


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("state=done", ["Done"]),
        ("effect=yes", ["Done"]),
        ("overdue=1", ["Overdue"]),
        ("owner=me", ["Done"]),
        ("owner=none", ["Overdue"]),
        ("state=burnt", []),
        ("owner=99999999999999", []),
        ("owner=%00", ["Done", "Overdue"]),
        ("cursor=nonsense", ["Done", "Overdue"]),
    ],
)
def test_filters(analyst, query, found):
    long_ago = timezone.localdate() - timedelta(days=1)
    mitigation(make_case(), title="Done", state="done", effect="yes", effect_note="x", owner=analyst, due_on=long_ago)
    mitigation(make_case(), title="Overdue", due_on=long_ago)

    assert titles(signed_in(analyst).get(f"/mitigations/?{query}")) == found


def test_a_mitigation_whose_cases_are_all_hidden_is_nowhere(reviewer):
    row = mitigation(make_case(visibility=Visibility.NAMED), title="Canary", owner=make_person(name="Canary Owner"))
    client = signed_in(reviewer)

    assert "Canary" not in text_of(client.get("/mitigations/"))
    for tail in ("", "edit"):
        answer, missing = client.get(f"/mitigations/{row.pk}/{tail}"), client.get(f"/mitigations/999999/{tail}")
        assert answer.status_code == missing.status_code == 404
        assert text_of(answer) == text_of(missing)
    assert client.post(f"/mitigations/{row.pk}/cases", {"case": make_case().reference}).status_code == 404


def test_hidden_cases_of_a_shared_mitigation_are_neither_shown_nor_counted(reader):
    hidden = make_case(visibility=Visibility.NAMED, title="Hidden canary")
    row = mitigation(make_case(title="Open one"), hidden)
    client = signed_in(reader)

    listed, shown = client.get("/mitigations/"), client.get(f"/mitigations/{row.pk}/")

    assert [[case.title for case in found.seen_cases] for found in listed.context["mitigations"]] == [["Open one"]]
    assert [case.title for case in shown.context["cases"]] == ["Open one"]
    assert hidden.reference not in text_of(listed) + text_of(shown)


def test_a_mitigation_is_proposed_from_a_case(analyst):
    case, other = make_case(), make_case()
    client = signed_in(analyst)
    form = client.get(f"/mitigations/new?case={case.reference}").context["form"]

    response = client.post("/mitigations/new", typed(cases=f"{form['cases'].value()}, {other.pk}"))

    row = Mitigation.objects.get()
    assert response["Location"] == f"/mitigations/{row.pk}/"
    assert list(row.cases.order_by("pk")) == [case, other]
    assert "A second grader" in text_of(client.get(f"/cases/{case.reference}/"))


def test_a_hidden_case_and_no_case_are_refused_alike_and_nothing_typed_is_lost(analyst):
    hidden = make_case(visibility=Visibility.NAMED)
    client = signed_in(analyst)

    answers = [client.post("/mitigations/new", typed(cases=text)) for text in (hidden.reference, "AIR-99999")]

    assert [answer.status_code for answer in answers] == [422, 422]
    assert [errors_of(answer) for answer in answers] == [
        {"cases": [f"There is no case “{hidden.reference}”."]},
        {"cases": ["There is no case “AIR-99999”."]},
    ]
    assert answers[0].context["form"]["title"].value() == "A second grader"
    assert Mitigation.objects.count() == 0


def test_what_cannot_be_stands_at_its_field(analyst):
    response = signed_in(analyst).post("/mitigations/new", typed(cases=make_case().reference, state="accepted"))

    assert response.status_code == 422
    assert errors_of(response) == {"owner": ["A mitigation that was accepted has an owner."]}


def test_two_editors(analyst, other_analyst):
    row = mitigation(make_case())
    data = typed(effect="unknown", effect_note="", version_read="1")
    signed_in(analyst).post(f"/mitigations/{row.pk}/edit", data | {"title": "Theirs"})
    client = signed_in(other_analyst)

    clash = client.post(f"/mitigations/{row.pk}/edit", data | {"title": "Mine"})

    assert clash.status_code == 409
    assert clash.context["form"]["title"].value() == "Mine"
    assert "Now it says: Theirs" in text_of(clash)

    client.post(f"/mitigations/{row.pk}/edit", clash.context["form"].data)

    assert Mitigation.objects.get().title == "Mine"


def test_its_owner_who_is_no_analyst_is_asked_for_the_state_and_the_effect_alone(reporter):
    row = mitigation(make_case(), state="accepted", owner=reporter)
    client = signed_in(reporter)

    form = client.get(f"/mitigations/{row.pk}/edit").context["form"]
    client.post(f"/mitigations/{row.pk}/edit", typed(state="done", effect="unknown", version_read="1", title="Mine"))

    assert list(form.fields) == ["version_read", "state", "effect", "effect_note"]
    assert list(Mitigation.objects.values_list("state", "title")) == [("done", "A second grader")]


def test_who_may_not_analyse_proposes_and_edits_nothing(reader):
    row = mitigation(make_case())

    assert signed_in(reader).get("/mitigations/new").status_code == 403
    assert signed_in(reader).get(f"/mitigations/{row.pk}/edit").status_code == 403
    assert "Add" not in text_of(signed_in(reader).get(f"/mitigations/{row.pk}/"))


def test_a_case_is_added_and_taken_out_on_the_page(analyst):
    first, second = make_case(), make_case()
    row, client = mitigation(first), signed_in(analyst)

    client.post(f"/mitigations/{row.pk}/cases", {"case": second.reference, "version": "1"})
    client.post(f"/mitigations/{row.pk}/cases/{first.reference}/leave", {"version": "2"})

    assert list(row.cases.all()) == [second]


@pytest.mark.parametrize(
    ("case", "version", "status", "words"),
    [
        ("AIR-99999", "1", 422, "There is no case “AIR-99999”."),
        ("<b>", "1", 422, "There is no case “<b>”."),
        ("same", "1", 422, "This mitigation answers the case already."),
        ("other", "7", 409, "Somebody else changed the mitigation"),
    ],
)
def test_a_case_that_cannot_be_added_is_said_at_the_field(analyst, case, version, status, words):
    first = make_case()
    row = mitigation(first)
    named = {"same": first.reference, "other": make_case().reference}.get(case, case)

    response = signed_in(analyst).post(f"/mitigations/{row.pk}/cases", {"case": named, "version": version})

    assert response.status_code == status
    assert words in text_of(response)
    assert response.context["typed"] == named
