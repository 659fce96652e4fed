"""Saving, changing and deleting views, and the one a list opens with."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from registry.actions import views
from registry.actions.signing import Conflict
from registry.models import SavedView
from tests.factories import make_person

pytestmark = pytest.mark.django_db


@pytest.fixture
def view(analyst, now):
    return views.save_view(by=analyst, at=now, name="Critical, open", query="status=triage&severity=critical")


def test_a_view_is_kept_with_its_filters_in_one_way_of_writing(view, analyst):
    kept = SavedView.objects.values("owner", "name", "slug", "query", "shared", "version").get()

    assert kept == {
        "owner": analyst.pk,
        "name": "Critical, open",
        "slug": "mira-critical-open",
        "query": "severity=critical&status=triage",
        "shared": False,
        "version": 1,
    }


@pytest.mark.parametrize(
    "query",
    [
        "colour=red",
        "status=open",
        "ordering=colour",
        "label=no-such-node",
        *(f"{name}=%00" for name in ("q", "owner", "reporter", "system", "team", "severity", "ordering")),
        "owner=\x00",
        "\x00=1",
    ],
)
def test_a_filter_that_does_not_work_is_not_kept(analyst, now, query):
    with pytest.raises(ValidationError):
        views.save_view(by=analyst, at=now, name="Broken", query=query)

    assert not SavedView.objects.exists()


def test_an_order_is_kept_and_a_wrong_one_is_told_all_there_are(analyst, now):
    kept = views.save_view(by=analyst, at=now, name="Boats", query="q=boat&ordering=-relevance")

    with pytest.raises(ValidationError, match=r"ordering: choose one of -occurred_at, .*, -relevance."):
        views.save_view(by=analyst, at=now, name="Broken", query="ordering=colour")
    assert kept.query == "q=boat&ordering=-relevance"


def test_two_views_of_one_person_have_different_names(view, analyst, now):
    with pytest.raises(ValidationError, match="You have a view of this name already"):
        views.save_view(by=analyst, at=now, name="Critical, open", query="")


def test_names_that_read_alike_get_different_addresses(view, analyst, now):
    second = views.save_view(by=analyst, at=now, name="Critical / open", query="")

    assert second.slug == "mira-critical-open-2"


@pytest.mark.parametrize(
    ("username", "name", "slug"), [("@", "All", "all-2"), ("@", "默认", "view"), ("a", "默认", "a-view")]
)
def test_an_address_never_means_something_else(now, username, name, slug):
    assert views.save_view(by=make_person(username=username), at=now, name=name, query="").slug == slug


def test_nobody_keeps_views_without_end(analyst, now, monkeypatch, view):
    monkeypatch.setattr(views, "MOST_VIEWS", 1)

    with pytest.raises(ValidationError, match="Delete one first"):
        views.save_view(by=analyst, at=now, name="One more", query="")


def test_change_filters_and_rename(view, analyst, now):
    changed = views.change_filters(by=analyst, at=now, view=view, version=1, query="severity=high")
    renamed = views.edit_view(by=analyst, at=now, view=view, version=2, name="High", shared=True)

    assert (changed.query, changed.version) == ("severity=high", 2)
    assert (renamed.name, renamed.shared, renamed.version, renamed.slug) == ("High", True, 3, "mira-critical-open")


@pytest.mark.parametrize(
    ("action", "values"),
    [
        (views.change_filters, {"query": ""}),
        (views.edit_view, {"name": "Mine now", "shared": True}),
        (views.delete_view, {}),
    ],
)
class TestOnlyItsOwnerOnTheVersionTheySaw:
    def test_another_person_is_refused_also_for_a_shared_view(self, view, other_analyst, now, action, values):
        SavedView.objects.update(shared=True)

        with pytest.raises(PermissionDenied):
            action(by=other_analyst, at=now, view=view, version=1, **values)

        assert SavedView.objects.get().version == 1

    def test_a_later_tab_does_not_overwrite_an_earlier_one(self, view, analyst, now, action, values):
        views.edit_view(by=analyst, at=now, view=view, version=1, name="In the other tab", shared=False)

        with pytest.raises(Conflict):
            action(by=analyst, at=now, view=view, version=1, **values)

        assert SavedView.objects.get().name == "In the other tab"


def test_a_deleted_view_is_nobodys_default_any_more(view, analyst, other_analyst, now):
    views.edit_view(by=analyst, at=now, view=view, version=1, name="Shared", shared=True)
    views.choose_default(by=other_analyst, at=now, view=view)

    views.delete_view(by=analyst, at=now, view=view, version=2)

    other_analyst.refresh_from_db()
    assert other_analyst.default_view is None


def test_a_default_is_chosen_while_saving_and_taken_back(analyst, now):
    view = views.save_view(by=analyst, at=now, name="Mine", query="owner=me", as_default=True)
    analyst.refresh_from_db()
    assert analyst.default_view == view

    views.choose_default(by=analyst, at=now)

    analyst.refresh_from_db()
    assert analyst.default_view is None


def test_a_private_view_of_another_person_is_no_default(view, other_analyst, now):
    with pytest.raises(PermissionDenied):
        views.choose_default(by=other_analyst, at=now, view=view)
