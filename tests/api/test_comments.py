"""Comments through the API: said, answered, changed, removed and resolved."""

import pytest

from registry.actions import comments
from registry.choices import Visibility
from registry.models import Comment, Notification
from tests.api.conftest import Tool
from tests.factories import NOW, make_case, make_person

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(analyst):
    return make_case(owner=analyst, status="analysis")


def path(case):
    return f"cases/{case.reference}/comments/"


def said(case, by, text="Was it the grader?", **options):
    return comments.add_comment(case=case, by=by, at=NOW, text=text, **options)


def test_a_comment_names_somebody_who_is_told(as_analyst, case, reporter):
    made = as_analyst.send("POST", path(case), {"text": "Was it the grader, @sam?"})

    row = Comment.objects.get()
    assert made.status_code == 201, made.content
    assert made["Location"] == made.json()["url"]
    assert made.json() == {
        "id": row.pk,
        "case": case.reference,
        "author": "mira",
        "answers": None,
        "text": "Was it the grader, @sam?",
        "mentions": ["sam"],
        "resolved_by": None,
        "resolved_at": None,
        "removed_at": None,
        "version": 1,
        "created_at": made.json()["created_at"],
        "updated_at": made.json()["created_at"],
        "url": f"http://testserver/api/v1/comments/{row.pk}/",
        "html_url": f"http://testserver/cases/{case.reference}/#comment-{row.pk}",
    }
    assert as_analyst.get(path(case)).json()["results"] == [made.json()] == [as_analyst.get(made["Location"]).json()]
    assert list(Notification.objects.filter(kind="mentioned").values_list("person__username", flat=True)) == ["sam"]


def test_an_answer_belongs_to_its_thread_and_opens_it_again(as_analyst, case, reporter):
    first = said(case, reporter)
    comments.resolve_thread(comment=first, by=reporter, at=NOW)

    answer = as_analyst.send("POST", path(case), {"text": "No.", "answers": first.pk})

    assert (answer.status_code, answer.json()["answers"]) == (201, first.pk)
    assert as_analyst.get(f"comments/{first.pk}/").json()["resolved_at"] is None


def test_there_is_nothing_to_answer_on_another_case_hidden_or_not(as_analyst, case, reporter):
    elsewhere = said(make_case(), reporter)
    hidden = said(make_case(reporter=reporter, visibility=Visibility.NAMED), reporter)

    answers = [
        as_analyst.send("POST", path(case), {"text": "x", "answers": number})
        for number in (elsewhere.pk, hidden.pk, 2**31 - 1)
    ]

    assert [each.status_code for each in answers] == [400] * 3
    assert len({str(each.json()["errors"]) for each in answers}) == 1


def test_a_comment_is_changed_by_its_author_with_the_version_that_was_read(as_analyst, as_reviewer, case, analyst):
    address = f"comments/{said(case, analyst).pk}/"
    read = as_analyst.get(address)

    changed = as_analyst.send("PATCH", address, {"text": "It was."}, match=read["ETag"])
    stale = as_analyst.send("PATCH", address, {"text": "Or not."}, match=read["ETag"])
    without = as_analyst.send("PATCH", address, {"text": "Or not."})
    of_another = as_reviewer.send("PATCH", address, {"text": "Mine."}, match="*")

    assert [each.status_code for each in (changed, stale, without, of_another)] == [200, 412, 428, 403]
    assert (changed.json()["text"], changed.json()["version"], stale["ETag"]) == ("It was.", 2, changed["ETag"])


def test_a_removed_comment_keeps_its_place_above_its_answers(as_analyst, case, analyst, reporter):
    first, alone = said(case, analyst), said(case, analyst)
    answer = said(case, reporter, answers=first)

    gone = [as_analyst.send("DELETE", f"comments/{each.pk}/", match='"1-x"') for each in (first, alone)]

    listed = as_analyst.get(path(case)).json()["results"]
    assert [each.status_code for each in gone] == [204, 204]
    assert [(each["id"], each["text"], each["mentions"]) for each in listed] == [
        (first.pk, None, []),
        (answer.pk, "Was it the grader?", []),
    ]
    assert as_analyst.get(f"comments/{first.pk}/").status_code == 404


def test_a_thread_is_resolved_and_opened_again_at_its_first_comment(as_analyst, case, reporter):
    first = said(case, reporter)
    answer = said(case, reporter, answers=first)

    resolved = as_analyst.send("POST", f"comments/{first.pk}/resolve/", match='"1-x"')
    stale = as_analyst.send("POST", f"comments/{first.pk}/reopen/", match='"1-x"')
    opened = as_analyst.send("POST", f"comments/{first.pk}/reopen/", match=resolved["ETag"])
    of_an_answer = as_analyst.send("POST", f"comments/{answer.pk}/resolve/", match="*")

    assert [each.status_code for each in (resolved, stale, opened, of_an_answer)] == [200, 412, 200, 409]
    assert (resolved.json()["resolved_by"], opened.json()["resolved_by"]) == ("mira", None)


@pytest.mark.parametrize(
    "body", [{}, {"text": ""}, {"text": "  "}, {"text": None}, {"text": 7}, {"text": "x" * 10_001}, {"text": "@nobody"}]
)
def test_what_is_no_comment_is_refused(as_analyst, case, body):
    response = as_analyst.send("POST", path(case), body)

    assert (response.status_code, response.json()["errors"][0]["pointer"]) == (400, "#/text")
    assert Comment.objects.count() == 0


def test_a_comment_needs_both_scopes(case):
    person = make_person()

    assert Tool(person, "cases:read").send("POST", path(case), {"text": "x"}).status_code == 403
    assert Tool(person, "cases:write").send("POST", path(case), {"text": "x"}).status_code == 403


@pytest.mark.parametrize("n", [1, 30])
def test_comment_list_query_count(as_analyst, case, reporter, django_assert_num_queries, n):
    for _ in range(n):
        said(case, reporter, "Was it @mira?")

    with django_assert_num_queries(3):  # the token, the case, its comments
        response = as_analyst.get(path(case))

    assert len(response.json()["results"]) == n


def test_one_comment_query_count(as_analyst, case, reporter, django_assert_num_queries):
    row = said(case, reporter)

    with django_assert_num_queries(3):  # the token, whether it may be seen, the comment
        assert as_analyst.get(f"comments/{row.pk}/").status_code == 200
