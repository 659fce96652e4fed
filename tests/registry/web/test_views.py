"""Saved views on the list: tabs, what a changed view offers, defaults, and who may use which."""

from datetime import UTC, datetime

import pytest

from registry.actions import views
from registry.choices import Status
from registry.models import SavedView
from taxonomy.models import SeverityTier
from tests.factories import make_case, make_node
from tests.registry.web.pages import signed_in, text_of, titles_in

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)


def save(person, name="Open", query="status=triage", **values):
    return views.save_view(by=person, at=NOW, name=name, query=query, **values)


def open_tabs(response):
    return [tab.label for tab in response.context["views"]["shown"] if tab.current]


def tab_names(response):
    return [tab.label for tab in response.context["views"]["shown"]]


@pytest.fixture
def cases(db):
    tier = SeverityTier.objects.get(slug="high")
    make_case(title="Open and low")
    make_case(title="Open and high", potential_severity=tier)
    make_case(title="Closed and high", potential_severity=tier, status=Status.CLOSED)


def test_a_view_shows_its_cases_in_its_order_and_its_tab(analyst, cases):
    view = save(analyst, query="status=triage&ordering=id")

    response = signed_in(analyst).get(f"/cases/?view={view.slug}")

    assert titles_in(response) == ["Open and low", "Open and high"]
    assert open_tabs(response) == ["Open"]
    assert not response.context["selection"].changed


def test_other_parameters_in_the_address_of_a_view_narrow_it(analyst, cases):
    view = save(analyst)

    response = signed_in(analyst).get(f"/cases/?view={view.slug}&severity=high")

    assert titles_in(response) == ["Open and high"]


def test_a_changed_view_keeps_its_tab_and_offers_to_be_saved(analyst, cases):
    view = save(analyst)

    response = signed_in(analyst).get(f"/cases/?view={view.slug}&edited=1&severity=high")

    assert titles_in(response) == ["Closed and high", "Open and high"]
    assert open_tabs(response) == ["Open"]
    assert "Save changes to “Open”" in text_of(response)
    assert "Save as new view" in text_of(response)


def test_a_view_whose_last_filter_was_taken_away_stays_changed(analyst, cases):
    view = save(analyst)
    client = signed_in(analyst)

    without = client.get(f"/cases/?view={view.slug}").context["selection"].chips[0]["without"]
    response = client.get(f"/cases/?{without}")

    assert len(titles_in(response)) == 3
    assert response.context["selection"].changed


def test_a_view_that_was_changed_back_is_not_changed(analyst, cases):
    view = save(analyst, query="status=triage&status=review")

    response = signed_in(analyst).get(
        f"/cases/?view={view.slug}&edited=1&status=review&status=triage&q=", headers={"HX-Request": "true"}
    )

    assert not response.context["selection"].changed
    assert response["HX-Push-Url"] == f"/cases/?view={view.slug}"


def test_saving_changes_keeps_the_new_filters(analyst, cases):
    view = save(analyst)

    response = signed_in(analyst).post(
        f"/cases/views/{view.slug}/filters", {"version": 1, "query": "severity=high"}, follow=True
    )

    assert titles_in(response) == ["Closed and high", "Open and high"]
    assert "“Open” now holds these filters." in text_of(response)


def test_a_shared_view_of_another_person_offers_only_to_save_as_new(analyst, reader, cases):
    view = save(analyst, shared=True)

    response = signed_in(reader).get(f"/cases/?view={view.slug}&edited=1&severity=high")

    assert "Save changes to" not in text_of(response)
    assert "Save as new view" in text_of(response)
    assert "shared by Mira Okafor" in text_of(response)


@pytest.mark.parametrize("slug", ["no-such-view", "mira-private", "mira-gone"])
def test_an_unknown_a_foreign_private_and_a_deleted_view_answer_the_same(analyst, reader, cases, slug):
    save(analyst, name="Private", query="status=triage")
    views.delete_view(by=analyst, at=NOW, view=save(analyst, name="Gone", shared=True), version=1)
    client = signed_in(reader)

    response = client.get(f"/cases/?view={slug}")

    assert f"view: There is no view “{slug}”." in text_of(response)
    assert len(titles_in(response)) == 3
    assert tab_names(response) == ["All", "In triage", "In review", "Mine"]
    assert client.get(f"/cases/views/{slug}/").status_code == 404
    assert client.post(f"/cases/views/{slug}/delete", {"version": 1}).status_code == 404
    assert client.post("/cases/views/default", {"view": slug}).status_code == 404
    assert "Private" not in text_of(client.get("/cases/views/"))


def test_a_nul_is_in_no_address_of_a_view(analyst, cases):
    client = signed_in(analyst)

    response = client.get("/cases/?view=a%00b")

    assert "view: There is no view “a\ufffdb”." in text_of(response)
    assert len(titles_in(response)) == 3
    assert client.post("/cases/views/default", {"view": "a\x00b"}).status_code == 404


def test_only_its_owner_changes_a_shared_view(analyst, reader):
    view = save(analyst, shared=True)
    client = signed_in(reader)

    answers = [
        client.post(f"/cases/views/{view.slug}/{what}", {"version": 1, "query": "", "name": "Theirs"}).status_code
        for what in ("filters", "delete")
    ]
    client.post(f"/cases/views/{view.slug}/", {"version": 1, "name": "Theirs"})

    assert answers == [403, 403]
    assert SavedView.objects.get().name == "Open"


def test_a_view_that_holds_a_filter_that_no_longer_works_says_which(analyst, cases):
    node = make_node("red")
    view = save(analyst, query="label=red&status=triage")
    node.slug = "crimson"
    node.save()

    response = signed_in(analyst).get(f"/cases/?view={view.slug}")

    assert "In the view “Open”: Any label of (label): There is no node “red”." in text_of(response)
    assert titles_in(response) == ["Open and high", "Open and low"]


class TestDefault:
    def test_a_list_without_parameters_opens_with_it_and_all_stays_in_reach(self, analyst, cases):
        view = save(analyst, as_default=True)
        client = signed_in(analyst)

        opened = client.get("/cases/")
        everything = client.get("/cases/?view=all")

        assert opened["Location"] == f"/cases/?view={view.slug}"
        assert len(titles_in(everything)) == 3
        assert everything.context["views"]["shown"][0].url == "/cases/?view=all"

    def test_taking_every_filter_away_does_not_fall_back_to_it(self, analyst, cases):
        save(analyst, as_default=True)

        response = signed_in(analyst).get("/cases/?q=", headers={"HX-Request": "true"})

        assert response["HX-Push-Url"] == "/cases/?view=all"

    def test_a_view_that_is_no_longer_shared_is_not_opened(self, analyst, reader, cases):
        view = save(analyst, shared=True)
        views.choose_default(by=reader, at=NOW, view=view)
        views.edit_view(by=analyst, at=NOW, view=view, version=1, name="Open", shared=False)

        response = signed_in(reader).get("/cases/")

        assert len(titles_in(response)) == 3
        assert "Open" not in tab_names(response)

    def test_it_is_chosen_and_given_up_on_the_page_of_views(self, analyst, cases):
        view = save(analyst)
        client = signed_in(analyst)

        chosen = client.post("/cases/views/default", {"view": view.slug}, follow=True)
        given_up = client.post("/cases/views/default", {}, follow=True)

        assert "Your list opens with “Open”." in text_of(chosen)
        assert "Your list opens with all cases." in text_of(given_up)


def test_save_rename_share_and_delete(analyst, cases):
    client = signed_in(analyst)

    saved = client.post("/cases/views/save", {"name": "High", "query": "severity=high"}, follow=True)
    renamed = client.post("/cases/views/mira-high/", {"name": "Grave", "shared": "on", "version": 1}, follow=True)
    deleted = client.post("/cases/views/mira-high/delete", {"version": 2}, follow=True)

    assert titles_in(saved) == ["Closed and high", "Open and high"]
    assert "Grave" in text_of(renamed)
    assert "Yours, shared" in text_of(renamed)
    assert "“Grave” is deleted." in text_of(deleted)
    assert not SavedView.objects.exists()


@pytest.mark.parametrize(
    ("values", "problem"),
    [
        ({"name": "Open"}, "You have a view of this name already."),
        ({"name": ""}, "This field is required."),
        ({"name": "x" * 61}, "at most 60 characters"),
        ({"name": "New", "query": "status=open"}, "status: Select a valid choice."),
        ({"name": "New", "query": "q=%00"}, "q: Null characters are not allowed."),
        ({"name": "New", "query": "owner=%00"}, "owner: Null characters are not allowed."),
        ({"name": "Nu\x00l"}, "Null characters are not allowed."),
        ({"name": "New", "query": "q=" + "x" * 4000}, "at most 4000 characters"),
    ],
)
def test_what_cannot_be_saved_comes_back_with_the_reason(analyst, values, problem):
    save(analyst)

    response = signed_in(analyst).post("/cases/views/save", {"query": "status=triage"} | values)

    assert response.status_code == 422
    assert problem in text_of(response)
    assert SavedView.objects.count() == 1


def test_a_change_on_an_old_version_is_refused_in_words(analyst):
    view = save(analyst)
    views.edit_view(by=analyst, at=NOW, view=view, version=1, name="Renamed", shared=False)
    client = signed_in(analyst)

    renamed = client.post(f"/cases/views/{view.slug}/", {"name": "Later", "version": 1})
    filters = client.post(f"/cases/views/{view.slug}/filters", {"query": "", "version": 1}, follow=True)
    deleted = client.post(f"/cases/views/{view.slug}/delete", {"version": "²"}, follow=True)

    assert renamed.status_code == 422
    for response in (renamed, filters, deleted):
        assert "“Renamed” was changed elsewhere since you opened it. Look again." in text_of(response)
    assert SavedView.objects.get().name == "Renamed"


def test_script_in_a_name_shows_as_text(analyst):
    save(analyst, name="<script>alert(1)</script>", shared=True)
    client = signed_in(analyst)

    for path in ("/cases/", "/cases/views/"):
        assert b"<script>alert(1)" not in client.get(path).content


def test_many_views_are_folded_behind_the_first(analyst):
    for number in range(6):
        save(analyst, name=f"View {number}")

    shown = signed_in(analyst).get("/cases/?view=mira-view-5").context["views"]

    assert [tab.label for tab in shown["shown"][4:]] == ["View 0", "View 1", "View 2", "View 3", "View 5"]
    assert [tab.label for tab in shown["more"]] == ["View 4"]


@pytest.mark.parametrize("n", [1, 30])
def test_view_list_query_count(analyst, reader, django_assert_num_queries, n):
    for number in range(n):
        save(analyst, name=f"View {number}", query="label=outer&owner=me", shared=True)
    client = signed_in(reader)

    with django_assert_num_queries(4):
        response = client.get("/cases/views/")

    assert len(response.context["saved"]) == n
