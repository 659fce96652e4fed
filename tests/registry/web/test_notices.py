"""The bell and the page of what one was told: only of cases one may see, grouped by case, unseen first."""

import pytest

from registry.actions import comments, notifications
from registry.choices import NotificationKind, Status, Visibility
from registry.models import CaseReader, Notification
from tests.factories import NOW, make_case, make_cases
from tests.registry.web.pages import signed_in, text_of

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


def tell(case, *, by, to, kind=NotificationKind.MOVED, at=NOW):
    notifications.tell(case=case, kind=kind, by=by, at=at, to=to)


def page(person, query=""):
    return signed_in(person).get(f"/notifications/{query}")


def bell(person):
    return signed_in(person).get("/account/me/").context["n_news"]


def lines(response):
    return {news.case.title: [(line.words, line.n) for line in news.lines] for news in response.context["news"]}


@pytest.mark.parametrize("n", [1, 30])
def test_notifications_query_count(reporter, analyst, django_assert_num_queries, n):
    for case in make_cases(n):
        tell(case, by=analyst, to=[reporter])
    client = signed_in(reporter)

    with django_assert_num_queries(6):
        response = client.get("/notifications/")

    assert len(lines(response)) == n


def test_what_happened_is_grouped_by_case_and_counted(reporter, analyst, other_analyst):
    case, other = make_case(title="The first case", reporter=reporter), make_case(title="The other case")
    for text in ("One.", "Two."):
        comments.add_comment(case=case, by=analyst, at=NOW, text=text)
    tell(case, by=other_analyst, to=[reporter])
    tell(other, by=None, to=[reporter], kind=NotificationKind.DUE)

    response = page(reporter)

    assert lines(response) == {
        "The other case": [("It is due", 1)],
        "The first case": [("Jonas Weber moved it on", 1), ("Mira Okafor commented", 2)],
    }
    assert bell(reporter) == "2"


def test_opening_the_case_marks_it_seen_and_the_list_shows_it_after_the_unseen(reporter, analyst):
    seen, unseen = make_case(title="Seen already"), make_case(title="Not seen yet")
    for case in (unseen, seen):
        tell(case, by=analyst, to=[reporter])

    opened = signed_in(reporter).get(f"/cases/{seen.reference}/")

    assert opened.context["n_news"] == "1"
    assert [(news.case.title, news.n_unseen) for news in page(reporter).context["news"]] == [
        ("Not seen yet", 1),
        ("Seen already", 0),
    ]


def test_looking_at_the_head_of_the_page_marks_nothing(reporter, analyst):
    case = make_case()
    tell(case, by=analyst, to=[reporter])

    signed_in(reporter).head(f"/cases/{case.reference}/")

    assert bell(reporter) == "1"


def test_one_case_or_all_are_marked_by_button(reporter, analyst):
    case, other, third = make_cases(3)
    for each in (case, other, third):
        tell(each, by=analyst, to=[reporter])
    client = signed_in(reporter)

    one = client.post("/notifications/seen", {"case": case.reference}, headers=HTMX)
    assert 'id="bell" hx-swap-oob="true"' in one.content.decode()
    assert bell(reporter) == "2"

    assert client.post("/notifications/seen")["Location"] == "/notifications/"
    assert bell(reporter) == ""


def test_marking_touches_nobody_elses(reporter, analyst, reviewer):
    tell(make_case(), by=analyst, to=[reporter, reviewer])

    signed_in(reporter).post("/notifications/seen")

    assert (bell(reporter), bell(reviewer)) == ("", "1")


def test_a_case_one_may_no_longer_see_is_in_no_list_and_no_number(reporter, analyst):
    case = make_case(title="Kept to some", visibility=Visibility.NAMED)
    named = CaseReader.objects.create(case=case, person=reporter)
    tell(case, by=analyst, to=[reporter])
    assert (bell(reporter), list(lines(page(reporter)))) == ("1", ["Kept to some"])

    named.delete()

    assert (bell(reporter), lines(page(reporter))) == ("", {})
    assert "Kept to some" not in text_of(page(reporter))
    assert signed_in(reporter).post("/notifications/seen", {"case": case.reference}).status_code == 404


def test_a_merged_case_drops_out(reporter, analyst):
    case = make_case(status=Status.WITHDRAWN)
    tell(case, by=analyst, to=[reporter])
    assert bell(reporter) == "1"

    case.merged_into = make_case()
    case.save()

    assert bell(reporter) == ""


def test_an_empty_page_names_the_next_action(reporter):
    assert "Find a case to watch" in text_of(page(reporter))


def test_pages_follow_one_another(reporter, analyst):
    for case in make_cases(31):
        tell(case, by=analyst, to=[reporter])

    first = page(reporter)
    second = page(reporter, first.context["page"]["next_url"])

    assert (len(lines(first)), len(lines(second))) == (30, 1)
    assert not set(lines(first)) & set(lines(second))


@pytest.mark.parametrize("query", ["?page=0", "?page=x", "?page=%00", "?page=99999999999999999999"])
def test_a_page_that_does_not_exist_is_the_first_or_empty(reporter, query):
    assert page(reporter, query).status_code == 200


def test_mail_is_switched_off_and_on(reporter):
    client = signed_in(reporter)

    client.post("/account/mail", {"wants_mail": "0"})
    assert "You are told on the page only." in text_of(client.get("/account/me/"))

    client.post("/account/mail", {"wants_mail": "1"})
    reporter.refresh_from_db()
    assert reporter.wants_mail


def test_more_than_ninety_nine_cases_are_not_counted_out(reporter, analyst):
    cases = make_cases(101)
    Notification.objects.bulk_create(
        Notification(person=reporter, case=case, kind=NotificationKind.MOVED, actor=analyst, at=NOW) for case in cases
    )

    assert bell(reporter) == "99+"
