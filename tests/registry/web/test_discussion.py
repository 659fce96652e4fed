"""Talking about a case on its page: with and without scripts, and what is refused with the text kept."""

import pytest

from registry.actions import comments, watching
from registry.choices import Status, Visibility
from registry.models import CaseWatch, Comment
from tests.factories import NOW, make_case
from tests.registry.web.pages import signed_in, text_of

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


@pytest.fixture
def case(reporter, analyst):
    return make_case(status=Status.ANALYSIS, reporter=reporter, owner=analyst)


@pytest.fixture
def first(case, analyst):
    return comments.add_comment(case=case, by=analyst, at=NOW, text="Twelve *replays* show the same, @sam.")


def say(person, case, headers=None, **values):
    return signed_in(person).post(f"/cases/{case.reference}/comments", values, headers=headers or {})


def test_a_comment_stands_on_the_page_with_its_markdown_and_whom_it_names(case, first, reader):
    page = signed_in(reader).get(f"/cases/{case.reference}/")

    assert "Twelve <em>replays</em> show the same, <strong>@sam</strong>." in page.content.decode()
    assert "1 comment, 1 thread open" in text_of(page)
    assert "Discussion 1" in text_of(page)


def test_commenting_without_scripts_leads_to_the_comment(case, reader):
    response = say(reader, case, text="It did this to us too.")

    assert response["Location"] == f"/cases/{case.reference}/#comment-{Comment.objects.get().pk}"


def test_commenting_in_place_brings_the_comment_the_number_and_an_empty_form(case, reader):
    response = say(reader, case, HTMX, text="It did this to us too.")

    said = response.content.decode()
    assert f'id="comment-{Comment.objects.get().pk}" tabindex="-1" autofocus' in said
    assert '<b id="talk-number" hx-swap-oob="true">1</b>' in said
    assert '<form class="compose" id="say"' in said


def test_answering_in_place_brings_the_whole_thread(case, first, reader):
    response = say(reader, case, HTMX, text="Which twelve?", answers=first.pk)

    assert Comment.objects.latest("pk").answers == first
    assert "Twelve replays" in text_of(response)
    assert "Which twelve?" in text_of(response)
    assert 'id="say"' not in response.content.decode()


@pytest.mark.parametrize("headers", [{}, HTMX])
@pytest.mark.parametrize("to_first", [False, True])
def test_a_refused_comment_keeps_its_text_and_says_why(case, first, reader, headers, to_first):
    response = say(
        reader, case, headers, text="What does @nobody think?", **({"answers": first.pk} if to_first else {})
    )

    assert response.status_code == (200 if headers else 422)
    assert "@nobody is nobody who may see this case." in text_of(response)
    assert ">\nWhat does @nobody think?</textarea>" in response.content.decode()
    assert Comment.objects.count() == 1


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "Write something first."),
        ("a\x00b", "Null characters are not allowed."),
        ("x" * 10_001, "This has 10,001 characters; a comment holds 10,000."),
    ],
)
def test_what_cannot_be_kept_is_refused_on_the_page(case, reader, text, words):
    response = say(reader, case, text=text)

    assert (response.status_code, words in text_of(response)) == (422, True)


def test_ten_megabytes_are_refused_whole(case, reader):
    assert say(reader, case, text="x" * 10_000_000).status_code in (400, 413)
    assert Comment.objects.count() == 0


def test_a_script_shows_as_text(case, reader):
    say(reader, case, text="<script>alert(1)</script> [x](javascript:alert(1)) ![p](https://evil.example/p.png)")

    page = signed_in(reader).get(f"/cases/{case.reference}/").content.decode()
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "javascript:alert" not in page.replace("[x](javascript:alert(1))", "")
    assert 'src="https://evil.example' not in page


def test_a_draft_of_a_comment_by_another_case_is_not_answered(case, reader, analyst):
    hidden = make_case(visibility=Visibility.NAMED, reporter=analyst)
    secret = comments.add_comment(case=hidden, by=analyst, at=NOW, text="Secret.")

    assert say(reader, case, text="What?", answers=secret.pk).status_code == 404
    assert say(reader, hidden, text="What?").status_code == 404


def test_changing_ones_own_comment_and_nobody_elses(case, first, analyst, reviewer):
    own, other = (signed_in(person) for person in (analyst, reviewer))
    page = own.get(f"/comments/{first.pk}/edit")
    assert "Twelve *replays*" in page.content.decode()

    own.post(f"/comments/{first.pk}/edit", {"text": "Eleven.", "version_read": 1})
    late = own.post(f"/comments/{first.pk}/edit", {"text": "Ten.", "version_read": 1})

    first.refresh_from_db()
    assert first.text == "Eleven."
    assert (late.status_code, "It was changed meanwhile, to: Eleven." in text_of(late)) == (409, True)
    assert [
        other.get(f"/comments/{first.pk}/edit").status_code,
        other.post(f"/comments/{first.pk}/edit").status_code,
    ] == [
        403,
        403,
    ]


def test_removing_a_comment_with_answers_leaves_its_place(case, first, analyst, reviewer, reader):
    comments.add_comment(case=case, by=reader, at=NOW, text="Which twelve?", answers=first)

    response = signed_in(reviewer).post(f"/comments/{first.pk}/remove", headers=HTMX)

    assert "A comment by Mira Okafor was removed by Priya Raman" in text_of(response)
    assert "Which twelve?" in text_of(response)
    assert "replays" not in text_of(response)
    assert signed_in(analyst).get(f"/comments/{first.pk}/edit").status_code == 404


def test_removing_a_lonely_comment_leaves_nothing(case, first, analyst):
    response = signed_in(analyst).post(f"/comments/{first.pk}/remove")

    assert response["Location"] == f"/cases/{case.reference}/#discussion"
    assert "Nobody has said anything yet" in text_of(signed_in(analyst).get(f"/cases/{case.reference}/"))


def test_a_resolved_thread_is_folded_and_opens_again(case, first, analyst):
    client = signed_in(analyst)

    resolved = client.post(f"/comments/{first.pk}/resolve", {"resolved": "1"}, headers=HTMX)
    assert "Resolved by Mira Okafor" in text_of(resolved)
    assert "1 comment, all resolved" in text_of(resolved)

    client.post(f"/comments/{first.pk}/resolve", {"resolved": "0"})
    first.refresh_from_db()
    assert first.resolved_at is None


def test_suggestions_are_people_who_see_the_case(reporter, analyst, other_analyst):
    hidden = make_case(visibility=Visibility.NAMED, reporter=reporter, owner=analyst)
    address = f"/cases/{hidden.reference}/people"

    answers = [signed_in(reporter).get(f"{address}?q={words}").json()["found"] for words in ("", "ok", "JON", "\x00")]

    both = [{"username": "mira", "name": "Mira Okafor"}, {"username": "sam", "name": "Sam Adeyemi"}]
    assert answers == [both, both[:1], [], both]
    assert signed_in(other_analyst).get(address).status_code == 404


def test_watching_from_the_head(case, other_analyst):
    client = signed_in(other_analyst)

    response = client.post(f"/cases/{case.reference}/hear", {"hear": "1"}, headers=HTMX)
    assert "Watching You hear of what happens here" in text_of(response)
    assert [person.name for person in response.context["hearers"]] == ["Jonas Weber", "Mira Okafor", "Sam Adeyemi"]

    assert client.post(f"/cases/{case.reference}/hear", {"hear": "0"})["Location"] == f"/cases/{case.reference}/"
    assert CaseWatch.objects.count() == 0


def test_the_owner_stops_hearing_of_a_case(case, analyst):
    watching.hear_of_case(case=case, by=analyst, at=NOW, watching=False)

    page = signed_in(analyst).get(f"/cases/{case.reference}/")

    assert (page.context["hears"], "Watch this case" in text_of(page)) == (False, True)


@pytest.mark.parametrize("n", [1, 30])
def test_more_comments_cost_no_more_queries(case, first, reader, n, django_assert_max_num_queries):
    for number in range(n):
        comments.add_comment(case=case, by=reader, at=NOW, text=f"Answer {number}, @mira", answers=first)
    client = signed_in(reader)

    with django_assert_max_num_queries(60) as counted:
        client.get(f"/cases/{case.reference}/")

    talk = [query for query in counted.captured_queries if "registry_comment" in query["sql"]]
    assert len(talk) == 3  # the discussion, who hears of the case, the history
