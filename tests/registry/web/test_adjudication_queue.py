from datetime import timedelta

import pytest
from django.utils import timezone

from registry import disputes
from registry.actions import labels, ratings
from registry.choices import Role, Status, Visibility
from registry.disputes import PER_PAGE, Waiting, nodes_in_dispute, waiting
from registry.models import Case
from taxonomy.models import SeverityTier
from tests.factories import NOW, make_case, make_person
from tests.registry.patterns.rated import make_nodes, rate, rate_cases
from tests.registry.web.pages import signed_in, text_of

pytestmark = pytest.mark.usefixtures("shipped_taxonomy")


@pytest.fixture
def raters(db):
    return [make_person(name=name) for name in ("Ann", "Bea", "Cyd")]


def differ(raters, nodes, **values):
    """A case of which the first two raters say different things."""
    (case,) = rate_cases(raters[:2], [([nodes[0]], [nodes[1]])], **values)
    return case


def rows_for(person):
    return [(row.case, row.n_nodes, round(row.disagreement, 4), round(row.weight, 4)) for row in waiting(person)[0]]


def test_a_case_on_which_raters_differ_waits_with_what_it_weighs(raters, reader):
    nodes = make_nodes("red", "blue")
    high = SeverityTier.objects.get(slug="high")
    case = differ(raters, nodes, potential_severity=high)

    assert rows_for(reader) == [(case, 2, 2.0, 8.0)]
    (row,) = waiting(reader)[0]
    assert (row.raters, row.nodes, row.factor) == (raters[:2], nodes, 4)


def test_disagreement_is_the_share_of_pairs_of_raters_who_part(raters, reader):
    red, blue = make_nodes("red", "blue")
    case = make_case()
    for rater, said in zip(raters, ([red, blue], [red], []), strict=True):
        rate(case, rater, *said, schemes=[red.scheme])

    # Two of three pairs part over each; a severity that is not set counts as moderate.
    assert rows_for(reader) == [(case, 2, round(4 / 3, 4), 4.0)]


def test_unsure_against_present_is_in_dispute_and_against_absent_is_not(raters, reader):
    red, _ = make_nodes("red", "blue")
    disputed, not_disputed = make_case(), make_case()
    rate(disputed, raters[0], red)
    rate(disputed, raters[1], unsure=[red])
    rate(not_disputed, raters[0], unsure=[red])
    rate(not_disputed, raters[1], absent=[red])

    assert rows_for(reader) == [(disputed, 1, 1.0, 3.0)]


def test_who_did_not_go_through_the_scheme_disputes_nothing(raters, reader):
    red, _ = make_nodes("red", "blue")
    (sour,) = make_nodes("sour", scheme="tastes")
    case = make_case()
    rate(case, raters[0], red)
    rate(case, raters[1], sour)

    assert rows_for(reader) == []


def test_what_is_held_back_disputes_nothing(raters, reader):
    red, blue = make_nodes("red", "blue")
    case = make_case()
    rate(case, raters[0], red)
    labels.label_case(case=case, node=blue, by=raters[1], at=NOW, hold=True)

    assert rows_for(reader) == []


def test_a_decision_takes_its_node_out_and_the_last_one_the_case(raters, reviewer, reader):
    red, blue = make_nodes("red", "blue")
    case = differ(raters, [red, blue], status=Status.ANALYSIS)
    ratings.stand_aside(case=case, by=reviewer, at=NOW)
    found = []

    for node in (red, blue):
        labels.adjudicate_label(case=case, node=node, by=reviewer, at=NOW, applies=True, reason="The log shows it.")
        found.append(rows_for(reader))

    assert found == [[(case, 1, 1.0, 3.0)], []]


def test_raters_who_come_to_agree_in_the_open_need_no_decision(raters, reader):
    red, _ = make_nodes("red", "blue")
    case = make_case()
    rate(case, raters[0], red)
    rate(case, raters[1], schemes=[red.scheme])
    labels.label_case(case=case, node=red, by=raters[1], at=NOW, stance="present")

    assert rows_for(reader) == []


def test_heavier_cases_come_first_and_of_equals_the_one_that_waits_longest(raters, reader):
    nodes = make_nodes("red", "blue")
    tiers = {tier.slug: tier for tier in SeverityTier.objects.all()}
    later = differ(raters, nodes, potential_severity=tiers["low"], at=NOW)
    earlier = differ(raters, nodes, potential_severity=tiers["low"], at=NOW - timedelta(days=3))
    heavy = differ(raters, nodes, potential_severity=tiers["critical"])

    assert [row[0] for row in rows_for(reader)] == [heavy, earlier, later]


def test_a_case_waits_since_its_second_rating(raters, reader):
    red, blue = make_nodes("red", "blue")
    case = make_case()
    for days, (rater, node) in enumerate(zip(raters, (red, blue, blue), strict=True)):
        rate(case, rater, node, at=NOW + timedelta(days=days))

    (row,) = waiting(reader)[0]

    assert row.since == NOW + timedelta(days=1)


@pytest.mark.parametrize("status", [Status.CLOSED, Status.WITHDRAWN])
def test_cases_that_are_over_do_not_wait(raters, reader, status):
    case = differ(raters, make_nodes("red", "blue"), status=Status.ANALYSIS)
    Case.objects.filter(pk=case.pk).update(status=status, closed_at=NOW if status == Status.CLOSED else None)

    assert rows_for(reader) == []


def test_a_case_one_may_not_see_does_not_wait_for_one(raters, reader):
    nodes = make_nodes("red", "blue")
    keeper = make_person(role=Role.REPORTER)
    seen = differ(raters, nodes)
    hidden = differ(raters, nodes, reporter=keeper, title="The hidden zebra")
    Case.objects.filter(pk=hidden.pk).update(visibility=Visibility.NAMED)

    page = signed_in(reader).get("/agreement/queue/")

    assert [row[0] for row in rows_for(reader)] == [seen]
    assert {row[0] for row in rows_for(keeper)} == {seen, hidden}
    assert b"zebra" not in page.content
    assert page.context["total"] == 1


def test_who_rates_blind_sees_that_raters_differ_and_not_who_on_what_or_how_much(raters, analyst):
    red, blue = make_nodes("vermilion", "ultramarine")
    case = differ(raters, [red, blue], potential_severity=SeverityTier.objects.get(slug="high"))

    blind_page = signed_in(analyst).get("/agreement/queue/")
    rate(case, analyst, red)
    open_page = signed_in(analyst).get("/agreement/queue/")

    assert blind_page.context["rows"] == [Waiting(place=1, case=case, since=NOW, is_blind=True)]
    assert [word in text_of(blind_page) for word in ("ermilion", "ltramarine", "Ann", "Bea", "in dispute", "8.0")] == [
        False
    ] * 6
    said = "Raters differ ; on what, you see once you have rated it Waiting since 20 Nov 2026 High"
    assert said in text_of(blind_page)
    assert f'href="/cases/{case.reference}/labels/"' in blind_page.content.decode()
    assert "Vermilion" in text_of(open_page)
    assert "3 raters: Ann, Bea" in text_of(open_page)


def test_a_reviewer_who_is_open_to_the_case_decides(raters, reviewer):
    case = differ(raters, make_nodes("red", "blue"), status=Status.ANALYSIS)
    ratings.stand_aside(case=case, by=reviewer, at=NOW)

    page = signed_in(reviewer).get("/agreement/queue/")

    assert f'href="/cases/{case.reference}/adjudicate" aria-label="Decide' in page.content.decode()


def test_the_nodes_in_dispute_of_one_case_are_those_of_the_queue(raters, reader):
    red, blue = make_nodes("red", "blue")
    case = differ(raters, [red, blue])
    agreed = make_case()

    assert nodes_in_dispute(case) == {red.pk, blue.pk}
    assert nodes_in_dispute(agreed) == set()


def test_what_the_queue_counts_stands_on_the_page_for_deciding(raters, reviewer):
    red, blue = make_nodes("red", "blue")
    case = differ(raters, [red, blue], status=Status.ANALYSIS)
    ratings.stand_aside(case=case, by=reviewer, at=NOW)

    page = signed_in(reviewer).get(f"/cases/{case.reference}/adjudicate")

    # Nobody said absent of either in so many words.
    assert [each.node for each in page.context["undecided"]] == [red, blue]
    assert text_of(page).count("Others went through this scheme and did not choose it") == 2


def test_an_empty_queue_names_what_to_do(client, analyst):
    client.force_login(analyst)

    response = client.get("/agreement/queue/")

    assert "Nothing to decide" in text_of(response)
    assert 'href="/cases/?status=analysis"' in response.content.decode()


def test_the_formula_is_printed(client, reader):
    client.force_login(reader)

    assert disputes.FORMULA in text_of(client.get("/agreement/queue/"))


@pytest.mark.parametrize("n", [1, 30])
def test_query_count_of_the_queue(client, analyst, raters, django_assert_num_queries, n):
    nodes = make_nodes("red", "blue")
    rate_cases(raters[:2], [([nodes[0]], [nodes[1]])] * n, at=timezone.now())
    ratings.stand_aside(case=Case.objects.order_by("pk").first(), by=analyst, at=timezone.now())
    client.force_login(analyst)

    with django_assert_num_queries(8):
        response = client.get("/agreement/queue/")

    assert len(response.context["rows"]) == min(n, PER_PAGE)


def test_pages_follow_one_another_and_end(client, reader, raters):
    nodes = make_nodes("red", "blue")
    rate_cases(raters[:2], [([nodes[0]], [nodes[1]])] * (PER_PAGE + 2))
    client.force_login(reader)

    first, second = (client.get(f"/agreement/queue/?page={page}") for page in (1, 2))

    assert (len(first.context["rows"]), len(second.context["rows"])) == (PER_PAGE, 2)
    assert {row.case for row in first.context["rows"]} & {row.case for row in second.context["rows"]} == set()
    assert first.context["pages"] == {"previous_url": "", "next_url": "?page=2"}
    assert second.context["pages"] == {"previous_url": "?page=1", "next_url": ""}


@pytest.mark.parametrize("page", ["3", "0", "-1", "x", "1e3", "²", "99999999999999999999", "1%00"])
def test_a_page_that_is_not_there_is_not_found(client, reader, page):
    client.force_login(reader)

    assert client.get(f"/agreement/queue/?page={page}").status_code == 404
