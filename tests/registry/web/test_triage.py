"""The triage queue: what waits longest for its kind, and claiming, handing over and dating it in place."""

from datetime import timedelta

import pytest
from django.utils import timezone

from registry.choices import Status, Visibility
from registry.models import Case, Notification
from taxonomy.models import SeverityTier
from tests.factories import make_case, make_cases, make_person
from tests.registry.web.pages import signed_in, text_of

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


def tier(slug):
    return SeverityTier.objects.get(slug=slug)


def waiting(title, days=0, severity=None, **values):
    reported_at = timezone.now() - timedelta(days=days)
    return make_case(title=title, reported_at=reported_at, potential_severity=severity and tier(severity), **values)


def queue(person, query=""):
    return signed_in(person).get(f"/triage/{query}")


def titles(response):
    return [row.case.title for row in response.context["rows"]]


def standings(response):
    return [row.standing and (row.standing.words, row.standing.late) for row in response.context["rows"]]


@pytest.mark.parametrize("n", [1, 30])
def test_triage_query_count(analyst, django_assert_num_queries, n):
    make_cases(n)
    client = signed_in(analyst)

    with django_assert_num_queries(7):
        response = client.get("/triage/")

    assert len(titles(response)) == min(n, 25)


def test_the_furthest_past_its_target_comes_first_and_says_so_in_words(analyst):
    waiting("Low for months", 90, "low")
    waiting("High for four days", 4, "high")
    waiting("Critical for three days", 3, "critical")
    waiting("Critical since yesterday", 1, "critical")
    waiting("High since today", 0, "high")

    response = queue(analyst)

    assert titles(response) == [
        "Critical for three days",
        "High for four days",
        "Critical since yesterday",
        "High since today",
        "Low for months",
    ]
    assert standings(response) == [
        ("2 days past target", True),
        ("1 day past target", True),
        ("target today", True),
        None,
        None,
    ]
    assert "5 cases wait to be looked at , 3 late; 5 are unclaimed" in text_of(response)


def test_a_due_date_counts_instead_of_the_target(analyst):
    today = timezone.localdate()
    waiting("Critical, due next month", 9, "critical", due_on=today + timedelta(days=30))
    waiting("Low, due yesterday", 0, "low", due_on=today - timedelta(days=1))
    waiting("Low, due today", 0, "low", due_on=today)

    response = queue(analyst)

    assert titles(response) == ["Low, due yesterday", "Low, due today", "Critical, due next month"]
    assert standings(response)[:2] == [("overdue by 1 day", True), ("due today", False)]
    assert response.context["numbers"]["late"] == 1


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("?who=mine", ["My own"]),
        ("?who=unclaimed", ["Of somebody who left", "Of nobody"]),
        ("?tier=critical", ["Of somebody who left"]),
        ("?tier=none", ["Of nobody"]),
        ("?overdue=1", ["Of somebody who left"]),
        ("?who=mine&overdue=1", []),
        ("?who=x&tier=y&overdue=z&page=-1", ["Of somebody who left", "Of Jonas", "My own", "Of nobody"]),
        ("?page=%00", ["Of somebody who left", "Of Jonas", "My own", "Of nobody"]),
    ],
)
def test_filters_are_in_the_address(analyst, other_analyst, query, expected):
    waiting("Of somebody who left", 8, "critical", owner=make_person(is_active=False))
    waiting("Of Jonas", 2, "high", owner=other_analyst)
    waiting("My own", 2, "moderate", owner=analyst)
    waiting("Of nobody", 2)

    assert titles(queue(analyst, query)) == expected


def test_pages_keep_the_filters(analyst):
    make_cases(26, owner=analyst)

    first = queue(analyst, "?who=mine")
    second = queue(analyst, first.context["page"]["next_url"])

    assert first.context["page"] == {"previous_url": "", "next_url": "?who=mine&page=2"}
    assert (len(titles(second)), second.context["page"]) == (1, {"previous_url": "?who=mine", "next_url": ""})
    assert not set(titles(first)) & set(titles(second))


def test_what_one_may_not_see_is_neither_listed_nor_counted(analyst):
    waiting("Not for everyone", 9, "critical", visibility=Visibility.NAMED)

    response = queue(analyst)

    assert (titles(response), response.context["numbers"]["total"]) == ([], 0)
    assert "No case is in triage" in text_of(response)


def test_an_empty_filter_names_the_way_out(analyst):
    waiting("Of nobody")

    assert "Show all that wait" in text_of(queue(analyst, "?who=mine"))


def test_a_reporter_reads_the_queue_and_finds_no_buttons(reporter):
    waiting("Of nobody")

    assert "Claim" not in text_of(queue(reporter))


def test_claiming_without_scripts_comes_back_to_the_same_filters(analyst):
    case = waiting("Of nobody")

    response = signed_in(analyst).post(
        f"/triage/{case.reference}/claim", {"claim": "1", "back": "who=unclaimed&page=2&x=http://evil"}
    )

    case.refresh_from_db()
    assert (case.owner, response["Location"]) == (analyst, "/triage/?who=unclaimed&page=2")


def test_claiming_from_home_comes_back_home(analyst):
    case = waiting("Of nobody")

    response = signed_in(analyst).post(f"/triage/{case.reference}/claim", {"claim": "1", "back": "home"})

    assert response["Location"] == "/"


def test_claiming_in_place_gives_the_row_with_the_focus_on_its_button(analyst):
    case = waiting("Of nobody")

    response = signed_in(analyst).post(f"/triage/{case.reference}/claim", {"claim": "1"}, headers=HTMX)

    assert f"{case.reference} is yours." in text_of(response)
    assert 'value="0" aria-label="Let go of' in response.content.decode()
    assert "autofocus" in response.content.decode()
    assert "0 are unclaimed, 1 is yours" in text_of(response)


def test_whoever_claims_second_reads_who_has_it(analyst, other_analyst):
    case = waiting("Of Jonas", owner=other_analyst)

    response = signed_in(analyst).post(f"/triage/{case.reference}/claim", {"claim": "1"}, headers=HTMX)

    assert "Jonas Weber has it already." in text_of(response)


def test_letting_go_frees_it(analyst):
    case = waiting("My own", owner=analyst)

    signed_in(analyst).post(f"/triage/{case.reference}/claim", {"claim": "0"})

    assert Case.objects.get().owner is None


def test_a_case_that_has_left_triage_says_so(analyst):
    case = make_case(status=Status.ANALYSIS)

    response = signed_in(analyst).post(f"/triage/{case.reference}/claim", {"claim": "1"}, headers=HTMX)

    assert "has left triage" in text_of(response)


def test_owner_and_due_date_are_set_together_and_the_owner_is_told(analyst, other_analyst):
    case, day = waiting("Of nobody"), timezone.localdate() + timedelta(days=3)

    values = {"owner": "@Jonas", "due_on": day.isoformat(), "version_read": 1}
    response = signed_in(analyst).post(f"/triage/{case.reference}/plan", values, headers=HTMX)

    case.refresh_from_db()
    assert (case.owner, case.due_on) == (other_analyst, day)
    assert f"{case.reference} is saved." in text_of(response)
    assert list(Notification.objects.values_list("person__username", "kind")) == [("jonas", "assigned")]


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"owner": "nobody-here"}, "Nobody here is called “nobody-here”; write a user name."),
        ({"owner": "rena"}, "Rena Reader does not analyse cases here."),
        ({"due_on": "soon"}, "Write the day as 2026-11-30, or choose it."),
        ({"due_on": "2020-01-01", "owner": "mira"}, "This day has passed; choose today or a later one."),
        ({"owner": "mira", "version_read": "9"}, "Somebody else changed it meanwhile; this is how it stands now."),
        ({"owner": "mi\x00ra"}, "Null characters are not allowed."),
        ({"owner": "<script>"}, "Nobody here is called “<script>”; write a user name."),
        ({"owner": "mira", "version_read": ""}, "Nothing is changed: the request did not say what you looked at."),
    ],
)
def test_what_cannot_be_planned_is_said_at_the_row_and_changes_nothing(analyst, reader, values, words):
    case = waiting("Of nobody")

    response = signed_in(analyst).post(f"/triage/{case.reference}/plan", {"version_read": 1} | values, headers=HTMX)

    case.refresh_from_db()
    assert words in text_of(response)
    assert "<script>" not in response.content.decode()
    assert (case.owner, case.due_on, case.version) == (None, None, 1)


def test_an_empty_request_lets_go_of_nothing(analyst, other_analyst):
    case = waiting("Of Jonas", owner=other_analyst, due_on=timezone.localdate() + timedelta(days=3))
    before = (case.owner, case.due_on, case.version)

    response = signed_in(analyst).post(f"/triage/{case.reference}/plan", {}, follow=True)

    case.refresh_from_db()
    assert (case.owner, case.due_on, case.version) == before
    assert "the request did not say what you looked at. Open the page again." in text_of(response)


def test_a_reporter_claims_and_plans_nothing(reporter):
    case = waiting("Mine to report", reporter=reporter)

    answers = [
        signed_in(reporter).post(f"/triage/{case.reference}/{act}", {"owner": "sam"}).status_code
        for act in ("claim", "plan")
    ]

    assert answers == [403, 403]
