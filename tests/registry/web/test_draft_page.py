"""The page of a draft: as it was typed, merged where two write, and made a case once."""

import pytest

from registry.actions import drafts
from registry.choices import Status, Visibility
from registry.models import Case, Draft
from tests.factories import NOW, make_draft, make_node, make_person, make_team
from tests.forms import filled_form
from tests.registry.web.drafting import change, finish, save
from tests.registry.web.pages import answers, errors_of, signed_in, text_of

pytestmark = pytest.mark.django_db


def test_keeping_a_new_case_without_scripts_makes_a_draft_of_anything(reporter):
    client = signed_in(reporter)

    response = client.post("/cases/new", {"title": "Odd", "occurred": "31 Nu", "keep": "draft"})

    draft = Draft.objects.get()
    assert response["Location"] == f"/drafts/{draft.pk}/"
    assert draft.answers == {"title": ["Odd"], "occurred": ["31 Nu"]}
    assert not Case.objects.exists()


def test_the_page_shows_everything_as_it_was_typed(analyst):
    node = make_node("red")
    typed = {
        "title": "  Odd <b>",
        "occurred": "31 Nu",
        "system": ["a", "b"],
        "version": ["", "2"],
        "kind": "near-miss",
        "label": [node.key],
        f"quote:{node.key}": "so",
    }
    draft = make_draft(analyst, **typed)

    context = signed_in(analyst).get(f"/drafts/{draft.pk}/").context

    form = context["form"]
    assert [form[name].value() for name in ("title", "occurred", "kind")] == ["  Odd <b>", "31 Nu", "near-miss"]
    assert form["system"].value() == [("a", ""), ("b", "2")]
    rows = [row for group in context["labels"].groups for row in group.rows if row.chosen]
    assert [(row.key, row.quote) for row in rows] == [(node.key, "so")]


def test_script_in_a_draft_shows_as_text(reporter, analyst):
    script = "<script>alert(1)</script>"
    draft = make_draft(reporter, title=script, context=script, system=[script], readers=[script])
    drafts.share_draft(draft=draft, by=reporter, at=NOW, person=analyst)
    client = signed_in(analyst)

    for address in (f"/drafts/{draft.pk}/", "/drafts/", "/cases/new"):
        assert script.encode() not in client.get(address).content


def test_a_draft_is_kept_and_submitted_without_scripts(reporter):
    draft = make_draft(reporter, title="First")
    client = signed_in(reporter)

    kept = finish(client, draft, **answers(title="Second", kind="", keep="draft"))
    refused = finish(client, draft, **answers(title="Third one", kind=""))
    kept_all_the_same = Draft.objects.get().answers["title"]
    submitted = finish(client, draft, **answers(title="Fourth one"))

    case = Case.objects.get()
    assert kept["Location"] == f"/drafts/{draft.pk}/"
    assert (refused.status_code, errors_of(refused)) == (422, {"kind": ["Choose what kind of case it is."]})
    assert kept_all_the_same == ["Third one"]
    assert submitted["Location"] == f"/cases/{case.reference}/receipt"
    assert (case.title, case.status, case.reporter) == ("Fourth one", Status.TRIAGE, reporter)


def test_a_text_that_cannot_be_kept_stands_on_the_page_with_what_is_wrong(reporter):
    draft = make_draft(reporter, title="First")

    response = finish(signed_in(reporter), draft, title="A title\x00", context="Ward", keep="draft")

    assert (response.status_code, errors_of(response)["title"]) == (422, ["Null characters are not allowed."])
    assert response.context["form"]["context"].value() == "Ward"
    assert Draft.objects.get().answers == {"title": ["First"]}


def test_a_submitted_draft_leads_to_its_case_whatever_is_sent(reporter):
    draft = make_draft(reporter)
    client = signed_in(reporter)
    finish(client, draft, **answers())
    receipt = f"/cases/{Case.objects.get().reference}/receipt"

    again = [
        client.get(f"/drafts/{draft.pk}/"),
        client.post(f"/drafts/{draft.pk}/", answers()),
        client.post(f"/drafts/{draft.pk}/discard"),
    ]

    assert [response["Location"] for response in again] == [receipt] * 3
    assert Case.objects.count() == 1


def test_two_tabs_merge_field_by_field_and_never_overwrite(reporter):
    draft = make_draft(reporter, title="The start", context="Ward", root_cause="")
    client = signed_in(reporter)
    form = filled_form(client.get(f"/drafts/{draft.pk}/"), "log")
    save(client, draft, change(title=("The start", "Their title"), root_cause=("", "Their cause")))

    mine = {name: form[name] for name in ("version_read", "digests_read", "root_cause")}
    conflict = client.post(f"/drafts/{draft.pk}/", mine | {"title": "My title", "context": "My ward", "keep": "draft"})

    shown = conflict.context["form"]
    (clash,) = conflict.context["conflict"].clashes
    assert conflict.status_code == 409
    assert (clash.name, clash.mine, clash.theirs) == ("title", "My title", "Their title")
    assert conflict.context["conflict"].taken == ["Root cause"]
    assert [shown[name].value() for name in ("title", "context", "root_cause")] == [
        "My title",
        "My ward",
        "Their cause",
    ]
    assert Draft.objects.get().answers["title"] == ["Their title"]

    client.post(f"/drafts/{draft.pk}/", filled_form(conflict, "log") | {"keep": "draft"})
    stored = Draft.objects.get().answers
    assert [stored[name] for name in ("title", "context", "root_cause")] == [["My title"], ["My ward"], ["Their cause"]]


def test_two_tabs_that_changed_different_fields_need_no_question(reporter):
    draft = make_draft(reporter, title="The start", context="Ward")
    client = signed_in(reporter)
    form = filled_form(client.get(f"/drafts/{draft.pk}/"), "log")
    save(client, draft, change(title=("The start", "Their title")))

    response = client.post(f"/drafts/{draft.pk}/", form | {"context": "My ward", "keep": "draft"})

    stored = Draft.objects.get().answers
    assert response.status_code == 302
    assert (stored["title"], stored["context"]) == (["Their title"], ["My ward"])


@pytest.mark.parametrize("digests", ["", "nonsense", "[]", '{"title": 7}'])
@pytest.mark.parametrize("version", ["", "0", "999999999999", "²", "abc"])
def test_a_form_that_does_not_say_what_it_read_overwrites_nothing(reporter, version, digests):
    draft = make_draft(reporter, title="The start")

    response = signed_in(reporter).post(
        f"/drafts/{draft.pk}/",
        {"version_read": version, "digests_read": digests, "title": "Overwritten", "keep": "draft"},
    )

    assert response.status_code == 409
    assert Draft.objects.get().answers == {"title": ["The start"]}


def test_what_was_unticked_is_gone_and_what_the_page_did_not_show_stays(reporter, analyst):
    draft = make_draft(reporter, readers=[str(analyst.pk)], label=["colours:red"])

    finish(signed_in(reporter), draft, shown=["readers"], keep="draft")

    assert Draft.objects.get().answers == {"readers": [], "label": ["colours:red"]}


def test_a_discarded_draft_keeps_what_is_typed_on_the_page(reporter, analyst):
    draft = make_draft(reporter, title="First")
    drafts.share_draft(draft=draft, by=reporter, at=NOW, person=analyst)
    client = signed_in(analyst)
    form = filled_form(client.get(f"/drafts/{draft.pk}/"), "log")
    drafts.discard_draft(draft=draft, by=reporter, at=NOW)

    response = client.post(f"/drafts/{draft.pk}/", form | {"title": "My long text", "keep": "draft"})

    assert response.status_code == 410
    assert response.context["form"]["title"].value() == "My long text"
    assert "Sam Adeyemi discarded this draft" in text_of(response)


def test_an_editor_who_may_not_see_the_case_submits_it_all_the_same(reporter, analyst):
    draft = make_draft(reporter, title="First")
    drafts.share_draft(draft=draft, by=reporter, at=NOW, person=analyst)
    client = signed_in(analyst)

    response = finish(client, draft, **answers(visibility="named"))

    case = Case.objects.get()
    assert (case.reporter, case.visibility) == (reporter, Visibility.NAMED)
    assert response["Location"] == "/drafts/"
    assert client.get(f"/drafts/{draft.pk}/").status_code == 404
    assert case.reference not in text_of(client.get("/drafts/"))


def test_a_writers_team_is_offered_to_all_who_write_and_to_nobody_else(reporter, analyst):
    team = make_team(analyst, name="Hers")
    make_team(make_person(), name="Foreign")
    draft = make_draft(reporter, title="First", visibility=f"team:{team.pk}")
    drafts.share_draft(draft=draft, by=reporter, at=NOW, person=analyst)

    form = signed_in(reporter).get(f"/drafts/{draft.pk}/").context["form"]

    words = [word for _, word in form.fields["visibility"].choices]
    assert words == ["everyone signed in", "the team “Hers”", "named people only"]
    assert form["visibility"].value() == f"team:{team.pk}"


def test_a_page_that_cannot_offer_the_team_chosen_starts_from_named_people_and_not_from_everyone(reporter, analyst):
    team = make_team(analyst, name="Hers")
    draft = make_draft(reporter, visibility=f"team:{team.pk}")

    response = signed_in(reporter).get(f"/drafts/{draft.pk}/")

    assert response.context["form"]["visibility"].value() == Visibility.NAMED
    assert "Hers" not in text_of(response)


@pytest.mark.usefixtures("shipped_taxonomy")
@pytest.mark.parametrize("n", [1, 30])
def test_the_page_of_a_draft_asks_the_database_no_more_with_much_in_it(analyst, n, django_assert_num_queries):
    draft = make_draft(analyst, title="First", label=["a:b"] * n, system=["x"] * n)
    for _ in range(n):
        drafts.share_draft(draft=draft, by=analyst, at=NOW, person=make_person())
        make_draft(analyst)
    client = signed_in(analyst)

    with django_assert_num_queries(13):
        response = client.get(f"/drafts/{draft.pk}/")

    assert response.status_code == 200


@pytest.mark.parametrize("draft_first", [False, True])
def test_the_history_says_who_logged_the_case(analyst, draft_first):
    client, label = signed_in(analyst), {"label": [make_node("red").key]}
    if draft_first:
        finish(client, make_draft(analyst), **answers(**label))
    else:
        client.post("/cases/new", answers(**label))

    history = text_of(client.get(f"{Case.objects.get().get_absolute_url()}history"))

    assert f"{analyst.name} logged the case" in history
