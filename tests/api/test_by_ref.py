"""Cases by the number they have in another system: made once, changed when they differ, never told of when hidden."""

import pytest

from registry.choices import Status, Visibility
from registry.models import Case, ExternalId
from tests.api.conftest import Tool
from tests.factories import make_case, make_node, make_person

pytestmark = pytest.mark.django_db

ADDRESS = "cases/by-ref/tickets/OPS-12/"
BODY = {
    "title": "Agent edits a failing test",
    "kind": "incident",
    "systems": [{"name": "code-agent", "version": "2"}],
    "observed_behaviour": "It changed the assertion.",
    "external_url": "https://tickets.example.org/OPS-12",
}


def numbered(number="OPS-12", source="tickets", **values):
    case = make_case(**values)
    ExternalId.objects.create(case=case, source=source, value=number)
    return case


def test_the_first_makes_a_case_the_next_change_it_or_leave_it(as_analyst):
    made = as_analyst.send("PUT", ADDRESS, BODY)
    same = as_analyst.send("PUT", ADDRESS, BODY)
    changed = as_analyst.send("PUT", ADDRESS, {"title": "Agent edits two failing tests"})

    case = Case.objects.get()
    assert [answer.status_code for answer in (made, same, changed)] == [201, 200, 200]
    assert [answer.json()["version"] for answer in (made, same, changed)] == [1, 1, 2]
    assert made["Location"] == f"http://testserver/api/v1/cases/{case.reference}/"
    assert same["ETag"] == made["ETag"]
    assert changed.json()["observed_behaviour"] == "It changed the assertion."
    assert changed.json()["external_ids"] == [
        {"source": "tickets", "value": "OPS-12", "url": "https://tickets.example.org/OPS-12"}
    ]


def test_it_answers_like_the_case_itself(as_analyst):
    case = numbered(nodes=[make_node("red")])

    by_number, by_reference = as_analyst.get(ADDRESS), as_analyst.get(f"cases/{case.reference}/")

    assert by_number.content == by_reference.content
    assert by_number["ETag"] == by_reference["ETag"]
    assert as_analyst.get(ADDRESS, headers={"If-None-Match": by_number["ETag"]}).status_code == 304


def test_a_changed_address_elsewhere_is_a_new_version(as_analyst):
    as_analyst.send("PUT", ADDRESS, BODY)

    moved = as_analyst.send("PUT", ADDRESS, {"external_url": "https://tickets.example.org/moved"})

    assert moved.json()["external_ids"][0]["url"] == "https://tickets.example.org/moved"
    assert moved.json()["version"] == 2


def test_submit_hands_over_a_draft_once(as_analyst):
    as_analyst.send("PUT", ADDRESS, BODY | {"occurred_from": "2026-11-12", "occurred_precision": "day"})

    answers = [as_analyst.send("PUT", ADDRESS, {"submit": True}).json() for _ in range(2)]

    assert [(answer["status"], answer["version"]) for answer in answers] == [("triage", 3), ("triage", 3)]


def test_a_new_case_needs_what_a_logged_one_needs(as_analyst):
    no_title = as_analyst.send("PUT", ADDRESS, {"kind": "incident"})
    incomplete = as_analyst.send("PUT", ADDRESS, {"title": "Agent edits a test", "submit": True})

    assert [(a.status_code, a.json()["type"]) for a in (no_title, incomplete)] == [
        (400, "/api/v1/problems/invalid-input/")
    ] * 2
    assert no_title.json()["errors"][0]["pointer"] == "#/title"
    assert not Case.objects.exists()


class TestIfMatch:
    def test_the_version_that_was_read_is_honoured(self, as_analyst):
        etag = as_analyst.send("PUT", ADDRESS, BODY)["ETag"]
        fitting = as_analyst.send("PUT", ADDRESS, {"locus": "both"}, match=etag)

        stale = as_analyst.send("PUT", ADDRESS, {"locus": "behavioural"}, match=etag)

        assert fitting.status_code == 200
        assert (stale.status_code, stale.json()["changed"]) == (412, ["locus"])
        assert Case.objects.get().locus == "both"

    @pytest.mark.parametrize("match", ["*", '"1-0000000000000000"'])
    def test_nothing_is_made_for_whoever_expects_a_case(self, as_analyst, match):
        assert as_analyst.send("PUT", ADDRESS, BODY, match=match).status_code == 412
        assert not Case.objects.exists()


class TestHidden:
    def test_a_hidden_case_with_the_number_is_as_good_as_none(self, as_analyst, analyst):
        def told(hide):
            tool = Tool(make_person())
            if hide:
                numbered(number="OPS-1" if hide == 1 else "OPS-2", visibility=Visibility.NAMED)
            number = {1: "OPS-1", 2: "OPS-2"}.get(hide, "OPS-3")
            address = f"cases/by-ref/tickets/{number}/"
            return tool.get(address).status_code, tool.send("PUT", address, BODY).status_code

        assert told(hide=1) == told(hide=0) == (404, 201)
        assert ExternalId.objects.filter(value="OPS-1").count() == 2

    def test_an_imported_hidden_one_too(self, as_analyst):
        hidden = make_case(visibility=Visibility.NAMED)
        ExternalId.objects.create(case=hidden, source="aiid", value="7", imported={})

        answer = as_analyst.send("PUT", "cases/by-ref/aiid/7/", BODY)

        assert answer.status_code == 201
        assert answer.json()["reference"] != hidden.reference

    def test_of_several_that_one_may_see_none_is_chosen(self, as_analyst):
        seen = [numbered().reference, numbered().reference]
        numbered(visibility=Visibility.NAMED)

        answers = [as_analyst.get(ADDRESS), as_analyst.send("PUT", ADDRESS, BODY)]

        for answer in answers:
            assert (answer.status_code, answer.json()["type"]) == (409, "/api/v1/problems/several-cases/")
            assert [error["detail"] for error in answer.json()["errors"]] == seen


def test_rights_are_those_of_the_case(as_reporter, as_reader):
    numbered(status=Status.ANALYSIS)

    assert as_reporter.send("PUT", ADDRESS, {"locus": "both"}).status_code == 403
    assert as_reader.send("PUT", "cases/by-ref/tickets/new/", BODY).status_code == 403
    assert Case.objects.count() == 1


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("cases/by-ref/tickets/a/b/c", 201),
        ("cases/by-ref/tickets/%E2%98%83", 201),
        ("cases/by-ref/tickets/a%00b", 404),
        ("cases/by-ref/tickets/x%ED%A0%80y", 201),
        ("cases/by-ref/tick!ets/1", 404),
        (f"cases/by-ref/tickets/{'1' * 200}", 201),
        (f"cases/by-ref/tickets/{'1' * 201}", 404),
        (f"cases/by-ref/{'s' * 41}/1", 404),
    ],
)
def test_a_number_is_any_text_without_control_characters(as_analyst, address, status):
    assert as_analyst.send("PUT", address, BODY).status_code == status


def test_query_counts(as_analyst, django_assert_num_queries):
    as_analyst.send("PUT", ADDRESS, BODY)

    with django_assert_num_queries(3):
        as_analyst.get(ADDRESS)
