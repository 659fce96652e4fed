"""The list of drafts: one's own and those shared, discarded and brought back."""

from datetime import timedelta

import pytest

from registry.actions import drafts
from registry.choices import Role, Status
from registry.models import Draft
from tests.factories import NOW, make_case, make_draft, make_person
from tests.registry.web.pages import errors_of, signed_in, text_of

pytestmark = pytest.mark.django_db


def test_the_list_shows_ones_own_drafts_those_shared_and_what_a_tool_left(reporter, analyst):
    hers = make_draft(analyst, title="Hers, shared", at=NOW + timedelta(hours=1))
    drafts.share_draft(draft=hers, by=analyst, at=NOW, person=reporter)
    mine = make_draft(reporter, title="Mine")
    make_draft(analyst, title="Hers alone")
    case = make_case(status=Status.DRAFT, reporter=reporter, reported_at=None)
    make_case(status=Status.DRAFT, reporter=analyst, reported_at=None)

    response = signed_in(reporter).get("/drafts/")

    rows = response.context["rows"]
    assert [(row.draft, row.own, row.writers) for row in rows] == [(hers, False, [analyst]), (mine, True, [])]
    assert rows[1].expires_at == NOW + timedelta(days=90)
    assert response.context["cases"] == [case]
    assert "Hers alone" not in text_of(response)


@pytest.mark.parametrize("n", [1, 30])
def test_the_list_asks_the_database_no_more_with_many_drafts(reporter, n, django_assert_num_queries):
    for _ in range(n):
        draft = make_draft(reporter)
        drafts.share_draft(draft=draft, by=reporter, at=NOW, person=make_person())
    client = signed_in(reporter)

    with django_assert_num_queries(8):
        response = client.get("/drafts/")

    assert len(response.context["rows"]) == n


def test_discarding_can_be_undone_at_once_and_later(reporter):
    draft = make_draft(reporter, title="First thought")
    client = signed_in(reporter)

    discarded = client.post(f"/drafts/{draft.pk}/discard", follow=True)
    later = client.get("/drafts/")
    restored = client.post(f"/drafts/{draft.pk}/restore", follow=True)

    assert discarded.context["just_discarded"] == draft
    assert (later.context["rows"], [row.draft for row in later.context["discarded"]]) == ([], [draft])
    assert [row.draft for row in restored.context["rows"]] == [draft]
    assert "“First thought” is back." in text_of(restored)


def test_opening_a_discarded_draft_leads_to_where_it_can_be_brought_back(reporter):
    draft = make_draft(reporter)
    client = signed_in(reporter)
    client.post(f"/drafts/{draft.pk}/discard")

    assert client.get(f"/drafts/{draft.pk}/")["Location"] == f"/drafts/?discarded={draft.pk}"


def test_the_notice_of_a_discarded_draft_names_only_ones_own(reporter, analyst):
    draft = make_draft(analyst, title="A secret of hers")
    drafts.discard_draft(draft=draft, by=analyst, at=NOW)

    response = signed_in(reporter).get(f"/drafts/?discarded={draft.pk}")

    assert response.context["just_discarded"] is None
    assert "A secret of hers" not in text_of(response)


def test_a_draft_is_shared_by_user_name_and_taken_back(reporter, analyst, other_analyst):
    draft = make_draft(reporter)
    client = signed_in(reporter)
    address = f"/drafts/{draft.pk}/share"

    shared = client.post(address, {"people": "MIRA, jonas"}, follow=True)
    taken = client.post(address, {"remove": "mira"}, follow=True)

    assert shared.context["editors"] == [other_analyst, analyst]
    assert taken.context["editors"] == [other_analyst]
    assert signed_in(analyst).get(f"/drafts/{draft.pk}/").status_code == 404


@pytest.mark.parametrize(
    ("people", "message"),
    [
        ("", "Write a user name."),
        ("nobody", "Nobody here has the user name “nobody”."),
        ("sam", "It is your draft already."),
        ("rena", "Rena Reader does not log cases here."),
        ("x," * 21, "At most 20 at once."),
        ("a\x00", "Null characters are not allowed."),
    ],
)
def test_sharing_with_nobody_is_refused_at_the_field(reporter, reader, people, message):
    draft = make_draft(reporter)

    response = signed_in(reporter).post(f"/drafts/{draft.pk}/share", {"people": people})

    assert response.status_code == 422
    assert errors_of(response)["people"] == [message]
    assert not draft.editors.exists()


def test_an_editor_neither_shares_nor_discards(reporter, analyst):
    draft = make_draft(reporter)
    drafts.share_draft(draft=draft, by=reporter, at=NOW, person=analyst)
    client = signed_in(analyst)

    for act in ("share", "discard", "restore"):
        assert client.post(f"/drafts/{draft.pk}/{act}", {"people": "jonas"}).status_code == 403
    assert client.get(f"/drafts/{draft.pk}/share").status_code == 403
    assert Draft.objects.get().discarded_at is None


def test_an_empty_list_says_what_to_do_next():
    response = signed_in(make_person(role=Role.REPORTER)).get("/drafts/")

    assert "/cases/new" in response.content.decode()
    assert "No drafts" in text_of(response)
