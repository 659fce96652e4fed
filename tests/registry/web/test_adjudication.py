"""Deciding between raters in the browser: side by side, all or nothing, nothing typed lost."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import transaction

from registry.actions import labels, ratings
from registry.choices import Status
from registry.models import Adjudication, Rating
from tests.factories import NOW, adjudicate, label, make_case, make_node, make_person
from tests.registry.web.pages import signed_in, text_of
from tests.threads import at_once, wait_until_somebody_waits_for_a_lock

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(reviewer):
    case = make_case(status=Status.ANALYSIS)
    ratings.stand_aside(case=case, by=reviewer, at=NOW)
    return case


def disputed(case, name, **said):
    node = make_node(name, name=name.capitalize())
    label(case, node, rationale=f"{name} is there", quote=f"{name} quote", confidence=80, **said)
    label(case, node, stance="absent", rationale=f"{name} is not there")
    return node


def address(case):
    return f"/cases/{case.reference}/adjudicate"


def answer(node, applies="yes", reason="So it is.", seen=""):
    return {f"applies:{node.pk}": applies, f"reason:{node.pk}": reason, f"seen:{node.pk}": seen}


def decided(case):
    return list(case.adjudications.order_by("node").values_list("node", "applies", "reason"))


def test_raters_stand_side_by_side_with_everything_they_said(reviewer, case):
    node = disputed(case, "red")
    label(case, make_node("blue", name="Undisputed"))

    response = signed_in(reviewer).get(address(case))

    page = text_of(response)
    assert [each.node for each in response.context["disputes"]] == [node]
    assert [each.stance for each in response.context["disputes"][0].said] == ["present", "absent"]
    for words in (node.definition, "red is there", "red quote", "red is not there", "80"):
        assert words in page
    assert "Undisputed" not in page


def test_several_labels_are_decided_in_one_go(reviewer, case):
    red, blue, left = disputed(case, "red"), disputed(case, "blue"), disputed(case, "green")

    response = signed_in(reviewer).post(
        address(case), answer(red) | answer(blue, "no", "No reward.") | answer(left, "", "")
    )

    assert response["Location"] == f"/cases/{case.reference}/#classification"
    assert decided(case) == [(red.pk, True, "So it is."), (blue.pk, False, "No reward.")]


def test_one_bad_answer_records_none_and_loses_none(reviewer, case):
    red, blue = disputed(case, "red"), disputed(case, "blue")

    response = signed_in(reviewer).post(
        address(case), answer(red, reason="A <b>good</b> reason") | answer(blue, reason=" ")
    )

    html = response.content.decode()
    assert (response.status_code, decided(case)) == (422, [])
    assert "A &lt;b&gt;good&lt;/b&gt; reason</textarea>" in html
    assert [each.errors for each in response.context["disputes"]] == [[], ["Give a reason; it is kept in the history."]]
    assert [each.answer for each in response.context["disputes"]] == ["yes", "yes"]
    assert f'href="#decide-{blue.pk}"' in html


@pytest.mark.parametrize(
    ("sent", "error"),
    [
        ({"applies": "", "reason": "Only a reason."}, "You gave a reason"),
        ({"reason": "a\x00b"}, "Null characters"),
        ({"reason": "x" * 10_001}, "at most 10,000"),
        ({"applies": "", "reason": ""}, "Say of at least one label"),
        ({"applies": "maybe", "reason": ""}, "Say of at least one label"),
    ],
)
def test_what_cannot_be_recorded_is_said_in_words(reviewer, case, sent, error):
    node = disputed(case, "red")

    response = signed_in(reviewer).post(address(case), answer(node, **sent))

    assert (response.status_code, decided(case)) == (422, [])
    assert error in text_of(response)


def test_labels_that_exclude_one_another_are_not_both_decided(reviewer, case):
    red, blue = disputed(case, "red"), disputed(case, "blue")
    type(red).objects.filter(pk__in=[red.pk, blue.pk]).update(exclusive_group="hue")

    response = signed_in(reviewer).post(address(case), answer(red) | answer(blue))

    assert (response.status_code, decided(case)) == (422, [])
    assert "exclude one another" in text_of(response)


@pytest.mark.parametrize("seen", ["", "2020-01-01T00:00:00+00:00", "nonsense"])
def test_a_decision_of_another_reviewer_is_shown_before_it_is_replaced(reviewer, case, seen):
    node, client = disputed(case, "red"), signed_in(reviewer)
    adjudicate(case, node, applies=False, reason="Decided meanwhile.")

    stale = client.post(address(case), answer(node, reason="Mine.", seen=seen))

    page = text_of(stale)
    assert (stale.status_code, decided(case)) == (409, [(node.pk, False, "Decided meanwhile.")])
    assert "Decided meanwhile." in page
    assert stale.context["disputes"][0].reason == "Mine."
    again = client.post(address(case), answer(node, reason="Mine.", seen=stale.context["disputes"][0].seen))
    assert (again.status_code, decided(case)) == (302, [(node.pk, True, "Mine.")])


def test_who_does_not_say_what_they_looked_at_replaces_no_decision(reviewer, case):
    node, client = disputed(case, "red"), signed_in(reviewer)
    sent = answer(node, reason="Mine.")
    del sent[f"seen:{node.pk}"]
    adjudicate(case, node, applies=False, reason="Decided meanwhile.")

    response = client.post(address(case), sent)

    assert (response.status_code, decided(case)) == (409, [(node.pk, False, "Decided meanwhile.")])


@pytest.mark.django_db(transaction=True)
def test_who_withdraws_what_somebody_is_withdrawing_reads_that_nothing_is_decided(shipped_taxonomy, reviewer):
    case = make_case(status=Status.ANALYSIS)
    node, client = disputed(case, "red"), signed_in(reviewer)
    adjudicate(case, node, by=reviewer)
    withdraw = f"{address(case)}/{Adjudication.objects.get().pk}/withdraw"

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            labels.withdraw_adjudication(case=case, node=node, by=reviewer, at=NOW, reason="New evidence.")
            late = pool.submit(at_once, lambda: client.post(withdraw, {"reason": "New evidence."}))
            wait_until_somebody_waits_for_a_lock()
        [response] = late.result(10)

    assert response["Location"] == address(case)
    assert "Nobody has decided on this label." in text_of(client.get(address(case)))


def test_a_decision_is_withdrawn_with_a_reason(reviewer, case):
    node, client = disputed(case, "red"), signed_in(reviewer)
    labels.adjudicate_label(case=case, node=node, by=reviewer, at=NOW, applies=True, reason="So.")
    withdraw = f"{address(case)}/{Adjudication.objects.get().pk}/withdraw"

    refused = client.post(withdraw, {"reason": " "}, follow=True)
    without_reason = decided(case)
    client.post(withdraw, {"reason": "New evidence."})

    assert "Give a reason; it is kept in the history." in text_of(refused)
    assert (len(without_reason), decided(case)) == (1, [])
    assert client.post(withdraw, {"reason": "Again."}).status_code == 404


def test_a_decision_of_another_case_is_not_withdrawn_here(reviewer, case):
    other = make_case(status=Status.ANALYSIS)
    adjudicate(other, make_node("red"))

    response = signed_in(reviewer).post(f"{address(case)}/{Adjudication.objects.get().pk}/withdraw", {"reason": "So."})

    assert (response.status_code, Adjudication.objects.count()) == (404, 1)


@pytest.mark.parametrize("role", ["reader", "reporter", "analyst"])
def test_only_reviewers_open_the_page(case, role):
    client = signed_in(make_person(role=role))

    assert client.get(address(case)).status_code == 403
    assert client.post(address(case), {}).status_code == 403


def test_who_has_not_seen_the_raters_is_asked_to_rate_or_stand_aside(case, administrator):
    node = disputed(case, "zebrafish")
    client = signed_in(administrator)

    asked, posted = client.get(address(case)), client.post(address(case), answer(node))

    for response in (asked, posted):
        assert "2 raters submitted ratings; you have not seen what they say." in text_of(response)
        assert "zebrafish" not in text_of(response).lower()
    assert decided(case) == []
    assert not Rating.objects.filter(rater=administrator).exists()


def test_a_label_that_is_held_is_no_side(reviewer, case):
    node = make_node("red")
    label(case, node)
    label(case, node, stance="absent", hold=True)

    assert signed_in(reviewer).get(address(case)).context["disputes"] == []


def test_the_case_page_offers_to_decide_to_whoever_may(reviewer, administrator, analyst, case):
    disputed(case, "red")
    label(case, make_node("own"), by=analyst)

    def offered(person):
        page = text_of(signed_in(person).get(f"/cases/{case.reference}/"))
        return "Adjudicate" in page, "Decide between the raters" in page

    assert offered(reviewer) == (True, False)
    assert offered(administrator) == (False, True)
    assert offered(analyst) == (False, False)


def test_method_decider_date_and_reason_stand_wherever_the_agreed_label_does(reviewer, analyst, case):
    applies, gone = disputed(case, "red"), disputed(case, "blue")
    label(case, make_node("own"), by=analyst)
    for node, answers in ((applies, True), (gone, False)):
        labels.adjudicate_label(
            case=case, node=node, by=reviewer, at=NOW + timedelta(hours=1), applies=answers, reason=f"Why {node.slug}."
        )
    client = signed_in(analyst)

    for rest in ("", "print"):
        page = text_of(client.get(f"/cases/{case.reference}/{rest}"))
        assert page.count(f"by {reviewer.name}, 20 Nov 2026") >= 2
        assert "adjudicated" in page
        assert "Why red." in page
        assert "Why blue." in page
    markdown = client.get(f"/cases/{case.reference}/case.md").content.decode()
    assert f"adjudicated by {reviewer.name}, 20 Nov 2026: Why red." in markdown
    assert f"decided: does not apply by {reviewer.name}, 20 Nov 2026: Why blue." in markdown


@pytest.mark.parametrize("n", [1, 12])
def test_adjudication_page_query_count(reviewer, case, django_assert_num_queries, n):
    for number in range(n):
        node = disputed(case, f"red-{number}")
        labels.adjudicate_label(case=case, node=node, by=reviewer, at=NOW, applies=True, reason="So.")
        disputed(case, f"blue-{number}")
    client = signed_in(reviewer)

    with django_assert_num_queries(10):
        response = client.get(address(case))

    assert len(response.context["disputes"]) == 2 * n
