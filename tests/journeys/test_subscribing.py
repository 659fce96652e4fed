"""Asking for a digest of a branch with the keyboard: the picker offers nodes, and only those there are."""

import pytest
from playwright.sync_api import expect

from registry.choices import Role
from registry.models import Subscription
from tests.factories import make_person


@pytest.mark.usefixtures("shipped_taxonomy")
def test_a_branch_is_chosen_from_what_is_offered(enter, page, transactional_db):
    enter("/digests/subscriptions/new/", make_person(role=Role.READER))
    page.get_by_label("A branch of the taxonomy").check()
    branch = page.get_by_role("combobox", name="Branch")

    branch.press_sequentially("overfit mis")
    expect(page.locator("li[role=option]")).to_have_text(["Overfit misalignment (Misalignment causes)"])
    branch.press("ArrowDown")
    branch.press("Enter")
    expect(branch).to_have_value("Overfit misalignment (Misalignment causes)")
    branch.press("Enter")

    expect(page.get_by_role("link", name="Branch Overfit misalignment", exact=True)).to_be_visible()
    assert Subscription.objects.get().node.slug == "overfit"


@pytest.mark.usefixtures("shipped_taxonomy")
def test_only_the_fields_of_the_choice_are_shown(enter, page, transactional_db):
    enter("/digests/subscriptions/new/", make_person(role=Role.READER))

    expect(page.get_by_label("Day of the week")).to_be_visible()
    page.get_by_text("As soon as it happens").click()
    expect(page.get_by_label("Day of the week")).to_be_hidden()
    expect(page.get_by_label("q of a pattern fell below")).to_be_visible()
    page.get_by_label("What waits for me").check()
    expect(page.get_by_label("q of a pattern fell below")).to_be_hidden()
