"""The debt ledger, the cases behind its numbers, and accepting the debt of a case."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone

from registry.actions.debt import end_acceptance
from registry.choices import TEMPLATE_FIELDS, Status, Visibility
from registry.models import Case, DebtAcceptance
from registry.owed import of_owner
from taxonomy.models import Node
from tests.analysed import accepted_debt
from tests.factories import agree, label, make_case, make_person
from tests.forms import filled_form
from tests.registry.web.pages import errors_of, signed_in, text_of
from tests.threads import at_once, wait_until_somebody_waits_for_a_lock

pytestmark = pytest.mark.django_db
WRITTEN = dict.fromkeys(TEMPLATE_FIELDS[1:], "Written.")


def weeks_ago(weeks):
    return timezone.now() - timedelta(weeks=weeks)


def owes(weeks, **values):
    """A case in analysis that was reported so many weeks ago."""
    return make_case(status=Status.ANALYSIS, reported_at=weeks_ago(weeks), **values)


def one_step_missing(weeks, **values):
    values = WRITTEN | {"realised_severity_id": 1, "potential_severity_id": 3, "predictability": "unknown"} | values
    return owes(weeks, **values)


@pytest.fixture
def day():
    """The history of a test is written now, whatever its cases say, so a ledger of yesterday is empty."""
    return (timezone.localdate() - timedelta(days=1)).isoformat()


@pytest.mark.parametrize("n", [1, 30])
def test_ledger_query_count(reader, django_assert_num_queries, n):
    client, node = signed_in(reader), Node.objects.get(slug="gradient")
    for number in range(n):
        agree(owes(number + 1, owner=make_person()), node)
        accepted_debt(case=owes(1), expires_on=timezone.localdate() + timedelta(days=3), accepted_at=weeks_ago(0))

    with django_assert_num_queries(14):
        response = client.get("/debt/")

    assert (response.context["n_owing"], response.context["n_accepted"]) == (n, n)


@pytest.mark.parametrize("n", [1, 30])
def test_cases_query_count(reader, django_assert_num_queries, n):
    client = signed_in(reader)
    for number in range(n):
        owes(number + 1)

    with django_assert_num_queries(9):
        response = client.get("/debt/cases")

    assert len(response.context["rows"]) == n


def test_the_ledger_of_now(reader):
    old = owes(10, potential_severity_id=4, title="The oldest of them all")
    cheap = one_step_missing(3, title="Lacks the cause alone")
    shown = signed_in(reader).get("/debt/").context

    assert shown["total"] == pytest.approx(8 * 10 * 10 + 4 * 3 * 1, rel=1e-3)
    assert [row.case for row in shown["oldest"]] == [old, cheap]
    assert [(row.case, row.step) for row in shown["cheapest"]] == [(cheap, "Agree on a cause")]
    assert [(row["name"], row["n"]) for row in shown["owners"]] == [(old.owner.name, 1), (cheap.owner.name, 1)]


def test_the_picture_ends_at_the_total_and_has_its_numbers_in_a_table(reader):
    owes(2)

    response = signed_in(reader).get("/debt/")

    weeks = response.context["picture"]["weeks"]
    assert len(weeks) == 27
    assert weeks[-1]["owed"] == response.context["total"]
    assert [row["n"] for row in weeks[-2:]] == [0, 1]
    assert response.content.decode().count('<tr><th scope="row">') >= 27


def test_a_past_day_is_replayed(reader, day):
    owes(5)

    then = signed_in(reader).get(f"/debt/?on={day}").context

    assert (then["total"], then["when"].day.isoformat(), then["when"].is_now) == (0.0, day, False)


@pytest.mark.parametrize(
    "text", ["2999-01-01", "0001-01-01", "1066-10-14", "yesterday", "2026-13-40", "%00", "9" * 400, "2026-11-02T00:00"]
)
def test_a_day_that_is_none_shows_today_and_says_why(reader, text):
    owes(5)

    response = signed_in(reader).get(f"/debt/?on={text}")

    assert response.context["when"].is_now
    assert response.context["when"].problem in text_of(response)
    assert response.context["when"].problem


def test_every_number_opens_its_cases(reader):
    node = Node.objects.get(slug="gradient")
    first, second, third = owes(5), agree(owes(4), node), owes(3)
    Case.objects.filter(pk=third.pk).update(status=Status.TRIAGE, owner=None)
    accepted = owes(2)
    accepted_debt(case=accepted, expires_on=timezone.localdate() + timedelta(days=3), accepted_at=weeks_ago(0))
    client = signed_in(reader)
    shown = client.get("/debt/").context

    def behind(address):
        return {row.case for row in client.get(address).context["rows"]}

    assert behind(shown["all_url"]) == {first, second, third}
    assert behind(shown["accepted_url"]) == {accepted}
    owners = {row["name"]: behind(row["url"]) for row in shown["owners"]}
    assert owners == {first.owner.name: {first}, second.owner.name: {second}, "Nobody yet": {third}}
    branches = {row["name"]: behind(row["url"]) for row in shown["branches"]}
    assert branches == {"Inner misalignment": {second}, "No agreed cause that you may see": {first, third}}


@pytest.mark.parametrize("query", ["owner=99999999999", "owner=x", "branch=nowhere", "page=99999999999", "page=-1"])
def test_a_number_of_nothing_opens_an_empty_page(reader, query):
    owes(5)

    response = signed_in(reader).get(f"/debt/cases?{query}")

    assert response.status_code == 200
    assert len(response.context["rows"]) == (1 if query.startswith("page") else 0)


def test_the_cases_are_paged(reader):
    for number in range(60):
        owes(number + 1)
    client = signed_in(reader)

    first = client.get("/debt/cases").context
    second = client.get(first["page"]["next_url"]).context

    assert [len(first["rows"]), len(second["rows"])] == [50, 10]
    assert second["rows"][0].debt < first["rows"][-1].debt


def test_a_hidden_case_moves_no_number_and_is_named_nowhere(reviewer):
    owes(3)
    client = signed_in(reviewer)
    before = [client.get(address).context["n_owing"] for address in ("/debt/",)]
    hidden = owes(9, visibility=Visibility.NAMED, title="Canary in the ledger", owner=make_person(name="Canary Owner"))
    accepted_debt(
        case=owes(9, visibility=Visibility.NAMED, title="Canary accepted"),
        reason="Canary reason",
        expires_on=timezone.localdate() + timedelta(days=9),
        accepted_at=weeks_ago(0),
    )

    after = [client.get(address).context["n_owing"] for address in ("/debt/",)]
    pages = [text_of(client.get(address)) for address in ("/debt/", "/debt/cases", "/debt/cases?accepted=1")]

    assert after == before == [1]
    assert [page for page in pages if "Canary" in page or hidden.reference in page] == []


def test_who_has_rated_nothing_does_not_learn_which_cause_the_raters_agreed_on(analyst, other_analyst):
    node = Node.objects.get(slug="gradient")
    case = owes(3)
    label(case, node, by=other_analyst)

    blind, known = (signed_in(person).get("/debt/").context["branches"] for person in (analyst, other_analyst))

    assert [row["name"] for row in blind] == ["No agreed cause that you may see"]
    assert [row["name"] for row in known] == ["Inner misalignment"]
    assert signed_in(analyst).get("/debt/cases?branch=inner").context["rows"] == []


def test_the_formula_and_the_weights_are_printed(reader, settings):
    settings.DEBT_WEIGHT_NOT_SET = 2.5

    shown = text_of(signed_in(reader).get("/debt/"))

    assert "Debt of a case = severity weight × age in weeks × missing steps" in shown
    assert "Critical 8" in shown.replace("  ", " ")
    assert "Not set 2.50" in shown


def test_an_administrator_sets_the_weights_and_the_ledger_follows(administrator, reader):
    client, address = signed_in(administrator), "/admin/taxonomy/severitytier/4/change/"
    owes(1, potential_severity_id=4)

    client.post(address, filled_form(client.get(address), "severitytier_form") | {"debt_weight": "12.5"})

    ledger = signed_in(reader).get("/debt/")
    assert ledger.context["total"] == pytest.approx(12.5 * 1 * 10, rel=1e-3)
    assert "Critical 12.50" in text_of(ledger)


@pytest.mark.parametrize("weight", ["-1", "heavy", ""])
def test_a_weight_that_is_none_is_refused(administrator, weight):
    client, address = signed_in(administrator), "/admin/taxonomy/severitytier/4/change/"

    response = client.post(address, filled_form(client.get(address), "severitytier_form") | {"debt_weight": weight})

    assert list(response.context["adminform"].form.errors) == ["debt_weight"]


def test_an_empty_ledger_says_so(reader):
    assert "Nothing is owed" in text_of(signed_in(reader).get("/debt/"))


def test_the_case_page_prints_the_three_factors(reviewer):
    case = one_step_missing(2)

    shown = text_of(signed_in(reviewer).get(f"/cases/{case.reference}/"))

    assert "Debt 8.0 = 4 (High) × 2.0 weeks × 1 missing step. Accept with a reason" in shown


def test_the_case_page_and_the_ledger_say_the_same(reader):
    case = owes(7, potential_severity_id=2)
    client = signed_in(reader)

    (row,) = client.get("/debt/cases").context["rows"]
    shown = client.get(f"/cases/{case.reference}/").context["owing"]

    assert (row.weight, row.missing, row.debt) == (shown.weight, shown.missing, pytest.approx(shown.debt, rel=1e-4))


def test_a_reviewer_accepts_and_lets_it_count_again(reviewer, analyst):
    case, client = owes(5), signed_in(reviewer)
    until = timezone.localdate() + timedelta(days=14)
    client.post(
        f"/cases/{case.reference}/debt", {"owner": analyst.pk, "reason": "Waits.", "expires_on": until.isoformat()}
    )

    ledger = client.get("/debt/").context
    assert (ledger["total"], [row.owner for row in ledger["acceptances"]]) == (0.0, [analyst])
    assert "carried by Mira Okafor until" in text_of(client.get(f"/cases/{case.reference}/"))

    client.post(f"/cases/{case.reference}/debt/end")

    assert client.get("/debt/").context["n_owing"] == 1


def test_a_wrong_acceptance_says_what_is_wrong_and_keeps_what_was_typed(reviewer):
    case = owes(5)
    values = {"owner": reviewer.pk, "reason": "Waits.", "expires_on": timezone.localdate().isoformat()}

    response = signed_in(reviewer).post(f"/cases/{case.reference}/debt", values)

    assert (response.status_code, errors_of(response)) == (422, {"expires_on": ["Choose a day after today."]})
    assert response.context["form"]["reason"].value() == "Waits."
    assert DebtAcceptance.objects.count() == 0


def test_whoever_owns_a_case_reads_why_they_do_not_accept_its_debt_before_a_button(reviewer):
    case, client = owes(5, owner=reviewer), signed_in(reviewer)
    values = {"owner": reviewer.pk, "reason": "Waits.", "expires_on": timezone.localdate() + timedelta(days=9)}

    page = client.get(f"/cases/{case.reference}/debt")
    sent = client.post(f"/cases/{case.reference}/debt", values)

    assert "You own this case. Another reviewer has to say whether its debt may wait." in text_of(page)
    assert "data-submit>" not in page.content.decode()
    assert (sent.status_code, DebtAcceptance.objects.count()) == (422, 0)


@pytest.mark.django_db(transaction=True)
def test_whoever_ends_what_somebody_is_ending_reads_that_it_has_ended(shipped_taxonomy, reviewer):
    case, client = owes(5), signed_in(reviewer)
    until = timezone.localdate() + timedelta(days=3)
    acceptance = accepted_debt(case=case, expires_on=until, accepted_at=weeks_ago(0))

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            end_acceptance(acceptance=acceptance, by=reviewer, at=timezone.now())
            late = pool.submit(at_once, lambda: client.post(f"/cases/{case.reference}/debt/end"))
            wait_until_somebody_waits_for_a_lock()
        [response] = late.result(10)

    assert response["Location"] == case.get_absolute_url()
    assert "This acceptance has ended already." in text_of(client.get(case.get_absolute_url()))


def test_an_acceptance_that_changed_nothing_is_no_error(reviewer):
    case = owes(5)

    response = signed_in(reviewer).post(f"/cases/{case.reference}/debt/end")

    assert response["Location"] == case.get_absolute_url()


def test_only_reviewers_are_offered_it(analyst):
    case = owes(5)

    assert signed_in(analyst).get(f"/cases/{case.reference}/debt").status_code == 403
    assert "Accept with a reason" not in text_of(signed_in(analyst).get(f"/cases/{case.reference}/"))


@pytest.mark.parametrize("tail", ["debt", "debt/end"])
def test_a_hidden_case_answers_like_none(reviewer, tail):
    hidden = owes(5, visibility=Visibility.NAMED)
    client = signed_in(reviewer)

    answers = [client.post(f"/cases/{reference}/{tail}") for reference in (hidden.reference, "AIR-99999")]

    assert [answer.status_code for answer in answers] == [404, 404]


def test_what_the_home_page_says_of_ones_own_debt(analyst, django_assert_num_queries):
    owes(2, owner=analyst, potential_severity_id=3)
    owes(9)

    with django_assert_num_queries(4):
        total, n = of_owner(analyst, at=timezone.now())

    assert (total, n) == (pytest.approx(4 * 2 * 10, rel=1e-3), 1)
