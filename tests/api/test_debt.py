"""The ledger of debt, the cases behind its numbers and accepting the debt of a case, through the API."""

from datetime import timedelta

import pytest
from django.utils import timezone

from registry.choices import Visibility
from registry.models import DebtAcceptance
from taxonomy.models import Node
from tests.analysed import accepted_debt
from tests.api.conftest import Tool
from tests.factories import agree, label, make_case, make_person
from tests.registry.web.pages import signed_in
from tests.registry.web.test_debt import one_step_missing, owes, weeks_ago

pytestmark = pytest.mark.django_db
TOMORROW = (timezone.localdate() + timedelta(days=1)).isoformat()


@pytest.mark.parametrize("n", [1, 30])
def test_ledger_query_count(as_reader, django_assert_num_queries, n):
    node = Node.objects.get(slug="gradient")
    for number in range(n):
        agree(owes(number + 1, owner=make_person()), node)
        accepted_debt(case=owes(1), expires_on=timezone.localdate() + timedelta(days=3), accepted_at=weeks_ago(0))

    with django_assert_num_queries(11):
        ledger = as_reader.get("debt/").json()

    assert (ledger["cases"], ledger["accepted_cases"], len(ledger["acceptances"])) == (n, n, n)


@pytest.mark.parametrize("n", [1, 30])
def test_cases_query_count(as_reader, django_assert_num_queries, n):
    for number in range(n):
        owes(number + 1)

    with django_assert_num_queries(7):
        rows = as_reader.get("debt/cases/").json()["results"]

    assert len(rows) == n


def test_the_ledger_says_what_its_page_says(reader, as_reader):
    old = owes(10, potential_severity_id=4, title="The oldest of them all")
    one_step_missing(3, title="Lacks the cause alone", owner=old.owner)
    accepted_debt(case=owes(2), expires_on=timezone.localdate() + timedelta(days=3), accepted_at=weeks_ago(0))
    page = signed_in(reader).get("/debt/").context

    ledger = as_reader.get("debt/").json()

    numbers = [ledger[name] for name in ("debt", "carried", "cases", "accepted_cases", "one_step_cases")]
    shown = [page[name] for name in ("total", "carried_total", "n_owing", "n_accepted", "n_one_step")]
    assert numbers == pytest.approx(shown, rel=1e-4)
    assert [row["case"] for row in ledger["oldest"]] == [row.case.reference for row in page["oldest"]]
    assert [row["next_step"] for row in ledger["cheapest"]] == ["Agree on a cause"]
    assert [(row["owner"], row["cases"]) for row in ledger["by_owner"]] == [(old.owner.username, 2)]
    assert [(row["branch"], row["cases"]) for row in ledger["by_branch"]] == [(None, 2)]
    assert len(ledger["burn_up"]) == 27


def test_a_ledger_of_yesterday_is_empty_and_says_its_day(as_reader):
    owes(10)
    day = timezone.localdate() - timedelta(days=1)

    ledger = as_reader.get(f"debt/?on={day}").json()

    assert (ledger["debt"], ledger["cases"], ledger["at"][:10]) == (0, 0, day.isoformat())
    assert ledger["url"].endswith(f"/api/v1/debt/?on={day}")


@pytest.mark.parametrize("day", ["yesterday", "2026-1-2", "1999-12-31", TOMORROW, "2026-02-30", "²026-01-01"])
def test_a_day_that_is_none_is_refused(as_reader, day):
    refused = as_reader.get("debt/", {"on": day})

    assert (refused.status_code, [each["pointer"] for each in refused.json()["errors"]]) == (400, ["?on"])


def test_the_cases_are_paged_through_once_though_debts_grow(as_reader):
    for weeks in range(1, 8):
        owes(weeks)
    seen, url = [], "debt/cases/?limit=3&count=exact"

    while url:
        body = as_reader.get(url).json()
        seen += [row["case"] for row in body["results"]]
        last, url = body, body["next"]

    assert (len(seen), len(set(seen)), last["count"]) == (7, 7, 7)
    assert [row["case"] for row in as_reader.get(last["previous"]).json()["results"]] == seen[3:6]


def test_the_cases_are_narrowed_as_the_numbers_are(as_reader, analyst):
    mine, other, carried = owes(3, owner=analyst), owes(2), owes(1)
    agree(other, Node.objects.get(slug="gradient"))
    accepted_debt(case=carried, expires_on=timezone.localdate() + timedelta(days=3), accepted_at=weeks_ago(0))

    def found(query):
        return [row["case"] for row in as_reader.get(f"debt/cases/?{query}").json()["results"]]

    assert found("") == [mine.reference, other.reference]
    assert found("owner=mira") == [mine.reference]
    assert found("owner=nobody-here") == []
    assert found("accepted=true") == [carried.reference]
    assert found("branch=none") == [mine.reference]
    assert as_reader.get("debt/cases/?accepted=1").status_code == 400


def test_a_forged_cursor_is_refused(as_reader):
    owes(1)
    other = as_reader.get("mitigations/?limit=1").json()["next"] or "x"

    assert as_reader.get("debt/cases/", {"cursor": other}).status_code == 400


def test_a_hidden_case_moves_no_number(as_reader):
    owes(3)
    before = as_reader.get("debt/").json()

    owes(9, visibility=Visibility.NAMED)
    after = as_reader.get("debt/").json()

    assert (after["cases"], [row["case"] for row in after["oldest"]]) == (
        before["cases"],
        [row["case"] for row in before["oldest"]],
    )


def test_what_one_case_owes_is_what_its_reader_may_know(as_reader, analyst):
    case, node = one_step_missing(3), Node.objects.get(slug="gradient")
    label(case, node, by=case.owner)

    open_to_all = as_reader.get(f"cases/{case.reference}/debt/").json()
    blind = Tool(analyst).get(f"cases/{case.reference}/debt/").json()
    closed = as_reader.get(f"cases/{make_case(status='closed').reference}/debt/").json()

    assert (open_to_all["missing_steps"], open_to_all["debt"]) == ([], 0)
    assert [each["field"] for each in blind["missing_steps"]] == ["labels"]
    assert blind["debt"] == pytest.approx(4 * 3, rel=1e-3)
    assert (closed["owing"], closed["debt"], closed["weight"], closed["missing_steps"]) == (False, 0, None, [])


def test_a_reviewer_lets_somebody_carry_the_debt_and_ends_it(as_reviewer, analyst):
    case = owes(3)
    place = f"cases/{case.reference}/debt/acceptance/"
    sent = {"owner": "mira", "reason": "Until the audit.", "expires_on": TOMORROW}

    assert as_reviewer.get(place).status_code == 404
    made = as_reviewer.send("POST", place, sent)
    again = as_reviewer.send("POST", place, sent)
    assert (made.status_code, made["Location"], again.status_code) == (201, made.json()["url"], 409)
    assert as_reviewer.get(place).json() == made.json()
    assert as_reviewer.get(f"cases/{case.reference}/debt/").json()["acceptance"] == made.json()
    ended = Tool(analyst).send("DELETE", place)

    assert (ended.status_code, as_reviewer.send("DELETE", place).status_code) == (204, 404)
    assert DebtAcceptance.objects.get().ended_by == analyst


def test_nobody_accepts_the_debt_of_their_own_case(reviewer, as_reviewer):
    place = f"cases/{owes(3, owner=reviewer).reference}/debt/acceptance/"
    sent = {"owner": "priya", "reason": "Mine.", "expires_on": TOMORROW}

    refused = as_reviewer.send("POST", place, sent)

    assert (refused.status_code, refused.json()["type"]) == (409, "/api/v1/problems/step-refused/")
    lacking = as_reviewer.send("POST", place, {"owner": "nobody", "reason": "", "expires_on": "soon"})
    assert [each["pointer"] for each in lacking.json()["errors"]] == ["#/owner", "#/reason", "#/expires_on"]
