"""The pages of a bulk change: chosen in the list, confirmed, told, undone; nobody else's are there."""

import pytest
from django.urls import reverse

from registry.actions import bulk
from registry.choices import BulkAction, Status, Visibility
from registry.models import BulkChange, Case, EventGroup
from tests.factories import NOW, make_case, make_cases, make_node
from tests.registry.web.pages import errors_of, signed_in, text_of

pytestmark = pytest.mark.django_db


def choice(*some, **values):
    return {"case": [case.pk for case in some], "action": "assign", "back": "/cases/?status=triage"} | values


def confirmed(*some, **values):
    return choice(*some, confirmed="1", expected_count=len(some)) | values


def made(client, response):
    """The result page that a confirmed change leads to."""
    assert response.status_code == 302, text_of(response)
    return client.get(response["Location"])


def test_ticked_rows_are_shown_before_anything_happens(analyst):
    some = make_cases(2, title="Boat circles the lagoon")

    page = signed_in(analyst).post("/bulk/confirm", choice(*some))

    assert "Assign 2 cases" in text_of(page)
    assert [case.pk for case in page.context["first"]] == [case.pk for case in some]
    assert BulkChange.objects.count() == 0


def test_of_many_ten_titles_are_shown(analyst):
    make_cases(12)

    page = signed_in(analyst).post("/bulk/confirm", {"all": "1", "query": "", "action": "label", "expected_count": 12})

    assert (len(page.context["first"]), page.context["more"]) == (10, 2)
    assert "and 2 more" in text_of(page)


def test_assigning_and_undoing_from_the_list(analyst, other_analyst):
    some = make_cases(2)
    client = signed_in(analyst)

    page = made(client, client.post("/bulk/make", confirmed(*some, owner=other_analyst.pk)))

    assert "Assigned to Jonas Weber" in text_of(page)
    assert page.context["back"] == "/cases/?status=triage"
    assert set(Case.objects.values_list("owner", flat=True)) == {other_analyst.pk}
    change = BulkChange.objects.get()
    page = client.get(client.post(f"/bulk/{change.pk}/undo", {"back": "/cases/"})["Location"])
    assert "2 Undone" in text_of(page)
    assert set(Case.objects.values_list("owner", flat=True)) == {None}


def test_all_that_match_are_those_filtered_and_no_others(analyst):
    wanted, other = make_cases(3, kind="finding"), make_case(kind="incident")
    data = {"all": "1", "query": "kind=finding", "action": "assign", "expected_count": 3, "owner": analyst.pk}

    client = signed_in(analyst)
    made(client, client.post("/bulk/make", data | {"confirmed": "1"}))

    assert set(BulkChange.objects.get().rows.values_list("case", flat=True)) == {case.pk for case in wanted}
    other.refresh_from_db()
    assert other.owner is None


def test_another_count_than_was_confirmed_is_refused_with_the_new_one(analyst):
    make_cases(4, kind="finding")
    data = {"all": "1", "query": "kind=finding", "action": "assign", "expected_count": 3, "owner": analyst.pk}

    page = signed_in(analyst).post("/bulk/make", data | {"confirmed": "1"})

    assert page.status_code == 409
    assert "These are 4 cases now; 3 when you chose them. Nothing was changed." in text_of(page)
    assert ("expected_count", 4) in page.context["chosen"].hidden
    assert BulkChange.objects.count() == 0


def test_a_ticked_case_hidden_meanwhile_is_missed_in_the_count_and_not_named(analyst):
    seen, hidden = make_case(), make_case(title="Canary kept to some", visibility=Visibility.NAMED)
    client = signed_in(analyst)

    first = client.post("/bulk/confirm", choice(seen, hidden))
    second = client.post("/bulk/make", confirmed(seen, hidden, owner=analyst.pk))

    assert "These are 1 case now; 2 when you chose them." in text_of(first)
    assert second.status_code == 409
    assert "Canary" not in text_of(first) + text_of(second)
    assert BulkChange.objects.count() == 0


def test_a_hidden_case_answers_as_one_that_does_not_exist(analyst):
    seen, hidden = make_case(), make_case(visibility=Visibility.NAMED)
    client = signed_in(analyst)

    answers = [
        client.post("/bulk/confirm", choice(seen) | {"case": [seen.pk, number]}) for number in (hidden.pk, 10**8)
    ]

    assert text_of(answers[0]) == text_of(answers[1])


def test_the_title_of_a_case_hidden_since_is_not_on_the_result_page(analyst):
    case = make_case(title="Canary kept to some")
    change = bulk.ask(by=analyst, at=NOW, action=BulkAction.ASSIGN, arguments={"owner": analyst.pk}, numbers=[case.pk])
    Case.objects.filter(pk=case.pk).update(visibility=Visibility.NAMED)
    bulk.carry_out(change=change, at=NOW)

    page = signed_in(analyst).get(f"/bulk/{change.pk}/")

    assert "Canary" not in text_of(page)
    assert "There is no such case any more that you may see." in text_of(page)


@pytest.mark.parametrize("path", ["", "progress", "undo", "go-on"])
def test_others_find_no_such_change(analyst, administrator, path):
    change = bulk.ask(
        by=analyst, at=NOW, action=BulkAction.ASSIGN, arguments={"owner": analyst.pk}, numbers=[make_case().pk]
    )
    client = signed_in(administrator)

    answers = []
    for number in (change.pk, change.pk + 1000):
        address = f"/bulk/{number}/{path}"
        response = client.post(address) if path in ("undo", "go-on") else client.get(address)
        answers.append((response.status_code, text_of(response)))

    assert answers[0] == answers[1]
    assert answers[0][0] == 404


def test_a_reader_sees_export_only(reader, analyst):
    case = make_case()

    page = text_of(signed_in(reader).get("/cases/"))
    refused = [
        signed_in(reader).post(f"/bulk/{step}", confirmed(case, owner=analyst.pk)) for step in ("confirm", "make")
    ]

    assert "Export these" in page
    assert "Change status" not in page
    assert [response.status_code for response in refused] == [403, 403]
    assert "Change status" in text_of(signed_in(analyst).get("/cases/"))


def test_nothing_ticked_leads_back_with_the_filters(analyst):
    response = signed_in(analyst).post("/bulk/confirm", {"action": "assign", "back": "/cases/?status=triage"})

    assert response["Location"] == "/cases/?status=triage"


@pytest.mark.parametrize("back", ["https://evil.example/", "//evil.example/", "/cases/../x", "javascript:alert(1)"])
def test_a_forged_return_address_is_not_followed(analyst, back):
    response = signed_in(analyst).post("/bulk/confirm", {"action": "assign", "back": back})

    assert response["Location"] == "/cases/"


def test_a_label_is_found_by_its_name(analyst):
    node = make_node("red", name="Red herring")
    client = signed_in(analyst)

    values = {"action": "label", "node": "red herring", "confidence": "60", "grounds": "inferred"}
    made(client, client.post("/bulk/make", confirmed(make_case(), **values)))

    assert BulkChange.objects.get().arguments == {"node": node.pk, "confidence": 60, "grounds": "inferred"}


@pytest.mark.parametrize(
    ("values", "errors"),
    [
        ({"action": "label", "node": "no-such", "grounds": "inferred"}, {"node": ["There is no node “no-such”."]}),
        ({"action": "event-group", "event_group": "\x00"}, {"event_group": ["Null characters are not allowed."]}),
        ({"action": "event-group", "event_group": " "}, {"event_group": ["This field is required."]}),
    ],
)
def test_what_is_missing_is_said_at_the_field(analyst, values, errors):
    page = signed_in(analyst).post("/bulk/make", confirmed(make_case(), **values))

    assert (page.status_code, errors_of(page)) == (422, errors)


def test_a_step_that_wants_a_reason_is_not_taken_without(analyst):
    values = {"action": "status", "step": "withdraw", "reason": "  ", "owner": analyst.pk}

    page = signed_in(analyst).post("/bulk/make", confirmed(make_case(), **values))

    assert errors_of(page) == {"reason": ["Give a reason; it is kept in the history."]}


def test_what_cannot_be_undone_is_said_before_the_button_is_pressed(analyst):
    some = make_cases(2)

    page = text_of(signed_in(analyst).post("/bulk/confirm", choice(*some, action="status")))

    assert "Leads on from where 2 of them stand. Cannot be undone: an accepted case cannot go back to triage." in page


def test_mixed_outcomes_each_say_why_and_can_be_filtered(analyst):
    some = [make_case(), make_case(owner=analyst), make_case(status=Status.CLOSED)]
    client = signed_in(analyst)
    page = made(client, client.post("/bulk/make", confirmed(*some, owner=analyst.pk)))
    change = BulkChange.objects.get()

    refused = client.get(f"/bulk/{change.pk}/?outcome=refused")

    assert "3 All 1 Done 1 Unchanged 1 Refused" in text_of(page)
    assert [row.case_id for row in refused.context["rows"]] == [some[2].pk]
    assert "reopen a closed one first" in text_of(refused)


def test_a_long_change_shows_how_far_it_is_and_survives_a_reload(analyst, monkeypatch):
    monkeypatch.setattr(bulk, "IN_REQUEST", 1)
    client = signed_in(analyst)

    page = made(client, client.post("/bulk/make", confirmed(*make_cases(2), owner=analyst.pk)))
    change = BulkChange.objects.get()
    part = client.get(f"/bulk/{change.pk}/progress")

    assert "0 of 2 cases are through." in text_of(page)
    assert f'hx-get="{reverse("bulk-progress", args=[change.pk])}"' in part.content.decode()
    bulk.carry_out(change=change, at=NOW)
    assert client.get(f"/bulk/{change.pk}/progress")["HX-Refresh"] == "true"
    assert "cases are through" not in text_of(client.get(f"/bulk/{change.pk}/"))


def test_a_change_whose_job_died_can_be_gone_on_with(analyst):
    from registry.models import Job

    change = bulk.ask(
        by=analyst, at=NOW, action=BulkAction.ASSIGN, arguments={"owner": analyst.pk}, numbers=[make_case().pk]
    )
    Job.objects.filter(kind="bulk").update(state="dead", finished_at=NOW)
    client = signed_in(analyst)

    assert "The work stopped before 1 of the cases." in text_of(client.get(f"/bulk/{change.pk}/"))
    client.post(f"/bulk/{change.pk}/go-on")

    assert Job.objects.filter(kind="bulk", state="pending").count() == 1
    assert "The work stopped" not in text_of(client.get(f"/bulk/{change.pk}/"))


def test_a_group_of_hidden_cases_is_not_reused_nor_offered(analyst):
    hidden = EventGroup.objects.create(name="Canary")
    make_case(event_group=hidden, visibility=Visibility.NAMED)
    case = make_case()
    client = signed_in(analyst)

    page = client.post("/bulk/confirm", choice(case, action="event-group"))
    made(client, client.post("/bulk/make", confirmed(case, action="event-group", event_group="Canary")))

    assert "Canary" not in page.content.decode()
    assert Case.objects.get(pk=case.pk).event_group_id not in (None, hidden.pk)


@pytest.mark.parametrize("n", [1, 30])
def test_result_page_query_count(analyst, django_assert_num_queries, n):
    numbers = [case.pk for case in make_cases(n)]
    change = bulk.ask(by=analyst, at=NOW, action=BulkAction.ASSIGN, arguments={"owner": analyst.pk}, numbers=numbers)
    bulk.carry_out(change=change, at=NOW)
    client = signed_in(analyst)

    with django_assert_num_queries(8):
        page = client.get(f"/bulk/{change.pk}/")

    assert len(page.context["rows"]) == n


@pytest.mark.parametrize("n", [1, 30])
def test_my_changes_query_count(analyst, django_assert_num_queries, n):
    case = make_case()
    for _ in range(n):
        bulk.ask(by=analyst, at=NOW, action=BulkAction.ASSIGN, arguments={"owner": analyst.pk}, numbers=[case.pk])
    client = signed_in(analyst)

    with django_assert_num_queries(5):
        page = client.get("/bulk/")

    assert [row["words"] for row in page.context["rows"]] == ["Assigned to Mira Okafor"] * n
