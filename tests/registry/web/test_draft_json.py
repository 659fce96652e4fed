"""Saving while somebody types: field by field, strictly read, and answered in JSON."""

import json
from datetime import UTC, datetime
from uuid import uuid4

import pytest
from django.test import Client

from registry.actions import drafts
from registry.models import Case, Draft
from tests.factories import NOW, make_draft
from tests.registry.web.drafting import change, finish, save, send
from tests.registry.web.pages import answers, signed_in

pytestmark = pytest.mark.django_db


def test_the_first_keystroke_makes_a_draft_and_says_where_it_is_saved(reporter):
    response = send(signed_in(reporter), "/drafts/new", change(title=("", "H")))

    draft, told = Draft.objects.get(), response.json()
    assert response.status_code == 201
    assert (draft.author, draft.answers) == (reporter, {"title": ["H"]})
    assert datetime.fromisoformat(told.pop("saved_at")) == draft.updated_at.astimezone(UTC)
    assert told == {
        "key": str(draft.pk),
        "version": draft.version,
        "theirs": {},
        "clashes": {},
        "page_url": f"/drafts/{draft.pk}/",
        "save_url": f"/drafts/{draft.pk}/save",
        "evidence_url": f"/drafts/{draft.pk}/evidence",
    }


def test_a_first_save_that_is_repeated_makes_no_second_draft(reporter):
    client, body = signed_in(reporter), change(title=("", "H")) | {"key": str(uuid4())}

    first, again = send(client, "/drafts/new", body), send(client, "/drafts/new", body)

    assert first.json()["key"] == again.json()["key"] == body["key"]
    assert Draft.objects.count() == 1


def test_a_save_tells_what_somebody_else_wrote_and_what_both_changed(reporter, analyst):
    draft = make_draft(reporter, title="First", context="")
    drafts.share_draft(draft=draft, by=reporter, at=NOW, person=analyst)
    save(signed_in(analyst), draft, change(title=("First", "Theirs"), root_cause=("", "A cause")) | {"version": 1})

    response = save(signed_in(reporter), draft, change(title=("First", "Mine"), context=("", "Ward")) | {"version": 1})

    told = response.json()
    assert (response.status_code, told["version"]) == (200, 3)
    assert told["theirs"] == {"root_cause": ["A cause"]}
    assert told["clashes"] == {"title": {"base": ["First"], "mine": ["Mine"], "theirs": ["Theirs"]}}
    assert Draft.objects.get().answers == {"title": ["Theirs"], "context": ["Ward"], "root_cause": ["A cause"]}


def test_a_save_at_the_version_the_page_knows_brings_nothing_back(reporter):
    draft = make_draft(reporter, title="First", context="Ward")

    told = save(signed_in(reporter), draft, change(title=("First", "Second")) | {"version": 1}).json()

    assert (told["version"], told["theirs"], told["clashes"]) == (2, {}, {})


def test_who_is_signed_out_is_told_so_and_not_sent_elsewhere(reporter):
    draft = make_draft(reporter, title="First")

    responses = [send(Client(), "/drafts/new", change(title=("", "H"))), save(Client(), draft, change(title=("", "H")))]

    assert [(response.status_code, response.json()) for response in responses] == [(401, {"signed_out": True})] * 2


def test_a_draft_of_others_answers_like_none_at_all(reporter, administrator):
    draft = make_draft(reporter, title="First")
    client = signed_in(administrator)

    theirs = save(client, draft, change(title=("First", "Mine")))
    none = send(client, f"/drafts/{uuid4()}/save", change(title=("First", "Mine")))

    assert (theirs.status_code, theirs.content) == (none.status_code, none.content) == (404, none.content)
    assert client.get(f"/drafts/{draft.pk}/").status_code == 404
    for act in ("discard", "restore", "share"):
        assert client.post(f"/drafts/{draft.pk}/{act}").status_code == 404


def test_a_submitted_draft_says_which_case_it_became(reporter):
    draft = make_draft(reporter)
    client = signed_in(reporter)
    finish(client, draft, **answers())
    case = Case.objects.get()

    response = save(client, draft, change(title=("", "H")))

    assert response.status_code == 409
    assert response.json() == {"submitted": case.reference, "url": f"/cases/{case.reference}/receipt"}


def test_a_discarded_draft_says_so(reporter):
    draft = make_draft(reporter)
    client = signed_in(reporter)
    client.post(f"/drafts/{draft.pk}/discard")

    response = save(client, draft, change(title=("", "H")))

    assert (response.status_code, response.json()) == (410, {"discarded": True})


def test_a_text_without_an_end_is_refused_with_the_rest_of_the_save(reporter):
    draft = make_draft(reporter, title="First")

    response = save(signed_in(reporter), draft, change(title=("First", "Second"), context=("", "x" * 60_001)))

    assert response.status_code == 422
    assert response.json() == {"errors": {"context": ["This has 60,001 characters; at most 60,000 are kept."]}}
    assert Draft.objects.get().answers == {"title": ["First"]}


@pytest.mark.parametrize(
    ("body", "status", "fields"),
    [
        ("{", 400, ["__all__"]),
        ("[]", 400, ["__all__"]),
        ("{}", 400, ["__all__"]),
        (b"\xff", 400, ["__all__"]),
        ("[" * 100_000, 400, ["__all__"]),
        ('{"changes": ' + "9" * 5000 + "}", 400, ["__all__"]),
        ('{"changes": {"title": {"base": [], "mine": ["\\u0000"]}}}', 422, ["title"]),
        ('{"changes": {"title": {"base": [], "mine": ["\\ud800"]}}}', 422, ["title"]),
        ('{"changes": {"title": {"base": [], "mine": "text"}}}', 422, ["title"]),
        ('{"changes": {"title": {"base": [1], "mine": []}}}', 422, ["title"]),
        ('{"changes": {"title": {"mine": []}}}', 422, ["title"]),
        ('{"changes": {"title": null}}', 422, ["title"]),
        ('{"changes": {"reporter": {"base": [], "mine": ["1"]}}}', 422, ["reporter"]),
        ('{"changes": {"a\\ud800": {"base": [], "mine": ["1"]}}}', 422, ["a\ud800"]),
        ('{"changes": {}, "key": "nonsense"}', 422, ["key"]),
        (json.dumps({"changes": {}, "filler": "x" * 1_000_000}), 413, ["__all__"]),
    ],
)
def test_what_is_no_save_is_refused_and_makes_no_draft(reporter, body, status, fields):
    response = send(signed_in(reporter), "/drafts/new", body)

    assert (response.status_code, list(response.json()["errors"])) == (status, fields)
    assert not Draft.objects.exists()


def test_a_reader_is_refused_everywhere(reader):
    draft = make_draft(reader)
    client = signed_in(reader)

    assert send(client, "/drafts/new", change(title=("", "H"))).status_code == 403
    assert save(client, draft, change(title=("", "H"))).status_code == 403
    assert client.get(f"/drafts/{draft.pk}/").status_code == 403
    assert client.get("/drafts/").status_code == 403


def test_a_save_needs_the_token_of_the_page(reporter):
    client = Client(enforce_csrf_checks=True)
    client.force_login(reporter, backend="django.contrib.auth.backends.ModelBackend")

    assert send(client, "/drafts/new", change(title=("", "H"))).status_code == 403
    assert not Draft.objects.exists()


@pytest.mark.parametrize("n", [1, 30])
def test_a_save_asks_the_database_no_more_with_many_fields(reporter, n, django_assert_num_queries):
    draft = make_draft(reporter, **{f"quote:s:n{number}": "First" for number in range(n)})
    client = signed_in(reporter)
    body = change(**{f"quote:s:n{number}": ("First", "Second") for number in range(n)})

    with django_assert_num_queries(7):
        response = save(client, draft, body)

    assert response.json()["version"] == 2
