"""The first page: what waits for whom."""

from datetime import timedelta

import pytest
from django.utils import timezone

from registry.actions import cases
from registry.choices import Movement, Status, Visibility
from taxonomy.models import SeverityTier
from tests.factories import make_case, make_cases, make_draft, make_node, make_pair, make_run
from tests.registry.web.pages import signed_in, text_of, titles_in

pytestmark = pytest.mark.django_db


def home(person):
    return signed_in(person).get("/")


def waits(person):
    return [(wait.verb, wait.case.title) for wait in home(person).context["waits"]]


def test_a_new_registry_names_the_first_thing_to_do(reporter, reader):
    assert "Log the first case" in text_of(home(reporter))
    assert "Log the first case" not in text_of(home(reader))


@pytest.mark.parametrize("n", [1, 30])
def test_home_query_count(reviewer, django_assert_num_queries, n):
    make_cases(n)
    make_cases(n, status=Status.REVIEW)
    make_cases(n, status=Status.ANALYSIS, owner=reviewer)
    for _ in range(n):
        make_draft(reviewer)
    client = signed_in(reviewer)

    with django_assert_num_queries(19):
        response = client.get("/")

    assert response.context["matrix"]["total"] == n


def test_what_waits_for_a_reviewer_returned_first(reviewer, administrator):
    make_case(title="Asked for approval", status=Status.REVIEW)
    make_case(title="My own in review", status=Status.REVIEW, owner=reviewer)
    make_case(title="Mine to analyse", status=Status.ANALYSIS, owner=reviewer)
    make_case(title="My own draft", status=Status.DRAFT, reporter=reviewer, reported_at=None)
    make_draft(reviewer, title="Half a thought")
    make_draft(title="Half a thought of somebody else")
    returned = make_case(title="Returned to me", status=Status.REVIEW, owner=reviewer)
    cases.return_to_analysis(case=returned, by=administrator, at=timezone.now(), reason="Which check?")

    assert waits(reviewer) == [
        ("Returned", "Returned to me"),
        ("Review", "Asked for approval"),
        ("Analyse", "Mine to analyse"),
        ("Draft", "Half a thought"),
        ("Draft", "My own draft"),
    ]
    assert "“Which check?”" in text_of(home(reviewer))


def test_an_analyst_is_asked_for_no_review(analyst):
    make_case(status=Status.REVIEW)

    assert waits(analyst) == []


def test_the_triage_queue_counts_by_severity_and_age_and_marks_what_is_late(reader):
    now, critical = timezone.now(), SeverityTier.objects.get(slug="critical")
    make_case(potential_severity=critical, reported_at=now - timedelta(days=4))
    make_case(potential_severity=critical, reported_at=now)
    make_case(reported_at=now - timedelta(days=30))

    matrix = home(reader).context["matrix"]

    rows = {row["tier"].slug if row["tier"] else "": [cell["n"] for cell in row["cells"]] for row in matrix["rows"]}
    assert (rows["critical"], rows[""]) == ([1, 0, 1, 0], [0, 0, 0, 1])
    assert (matrix["total"], matrix["late"]) == (3, 1)


def test_a_cell_of_the_queue_opens_exactly_its_cases(reader):
    now = timezone.now()
    for days in (0, 1, 2, 3, 6, 7, 20):
        make_case(title=f"Waits {days} days", reported_at=now - timedelta(days=days))
    client = signed_in(reader)

    row = client.get("/").context["matrix"]["rows"][-1]

    for cell in row["cells"]:
        assert len(titles_in(client.get(f"/cases/?{row['query']}{cell['query']}"))) == cell["n"]


def test_the_oldest_past_their_target_come_first(reader):
    now, critical, moderate = (
        timezone.now(),
        *SeverityTier.objects.filter(slug__in=("critical", "moderate")).order_by("-rank"),
    )
    make_case(title="Moderate, very old", potential_severity=moderate, reported_at=now - timedelta(days=40))
    make_case(title="Critical, two days", potential_severity=critical, reported_at=now - timedelta(days=2))

    oldest = home(reader).context["oldest"]

    assert [(row["case"].title, row["over"]) for row in oldest] == [
        ("Critical, two days", 1),
        ("Moderate, very old", 33),
    ]


def test_hidden_cases_are_counted_nowhere(reader):
    make_case(visibility=Visibility.NAMED, title="Hidden canary")
    make_case(title="An open case")

    response = home(reader)

    assert "canary" not in text_of(response)
    assert response.context["matrix"]["total"] == 1


def test_what_moved_in_the_latest_run(reader):
    make_case()
    node_a, node_b = make_node(name="Red"), make_node(name="Blue")
    make_pair(make_run(), node_a, node_b, flagged=True, movement=Movement.GONE)
    pair = make_pair(make_run(), node_a, node_b, flagged=True, movement=Movement.STRONGER)

    response = home(reader)

    assert response.context["moved"] == [pair]
    assert f"/cases/?pair={pair.pk}" in response.content.decode()
