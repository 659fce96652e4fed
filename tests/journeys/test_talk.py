"""Talking and triaging in a real browser: the focus stays where one works, and names are offered while one types."""

import re

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import expect

from registry.actions import comments
from registry.choices import Status
from registry.models import Case, Comment, Notification
from tests.factories import NOW, make_case, make_person
from tests.journeys.conftest import axe_findings

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("shipped_taxonomy")]


@pytest.fixture
def mira():
    return make_person(username="mira", name="Mira Okafor")


def test_a_thread_by_keyboard_from_the_first_word_to_resolved(enter, mira):
    jonas = make_person(username="jonas", name="Jonas Weber")
    case = make_case(status=Status.ANALYSIS, owner=mira)
    page = enter(f"/cases/{case.reference}/", mira)

    box = page.get_by_label("Add a comment")
    box.press_sequentially("Look at this, @jon")
    expect(page.get_by_role("option", name=re.compile("Jonas Weber"))).to_be_visible()
    box.press("Enter")
    expect(box).to_have_value("Look at this, @jonas ")
    box.press("Control+Enter")

    said = page.locator("article.remark")
    expect(said).to_contain_text("Look at this, @jonas")
    expect(said).to_be_focused()
    expect(page.locator("#talk-number")).to_have_text("1")
    expect(page.get_by_label("Add a comment")).to_have_value("")
    assert list(Notification.objects.values_list("person", "kind")) == [
        (jonas.pk, "mentioned"),
        (case.reporter_id, "commented"),
    ]

    page.locator(".answerform > summary").press("Enter")
    page.get_by_label("Your answer").fill("And @nobody")
    page.locator(".answerform button").press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("@nobody is nobody who may see this case")
    expect(page.get_by_label("Your answer")).to_be_focused()
    expect(page.get_by_label("Your answer")).to_have_value("And @nobody")

    page.get_by_role("button", name="Resolve").press("Enter")
    expect(page.get_by_role("button", name="Open again")).to_be_focused()
    expect(page.locator("#talk-count")).to_have_text("1 comment, all resolved")
    assert axe_findings(page) == []


def test_watching_and_being_told_without_leaving_the_page(enter, mira):
    case = make_case(title="The watched case")
    page = enter(f"/cases/{case.reference}/", mira)

    page.get_by_text("Watch", exact=True).click()
    page.get_by_role("button", name="Watch this case").click()
    expect(page.get_by_role("button", name="Stop")).to_be_focused()
    comments.add_comment(case=case, by=case.reporter, at=NOW, text="There is more.")
    page = enter("/notifications/")
    expect(page.locator("#bell")).to_contain_text("1")
    page.get_by_role("button", name=f"Mark {case.reference} as seen").press("Enter")

    expect(page.locator("#bell")).to_be_empty()
    expect(page.get_by_role("link", name="The watched case")).to_be_focused()


def test_claiming_in_the_queue_keeps_the_focus_and_the_numbers(enter, mira):
    case = make_case(title="Nobody has this yet")
    page = enter("/triage/?who=unclaimed", mira)

    page.get_by_role("button", name=f"Claim {case.reference}").press("Enter")

    expect(page.get_by_role("button", name=f"Let go of {case.reference}")).to_be_focused()
    expect(page.locator("#triage-count")).to_contain_text("1 is yours")
    assert axe_findings(page) == []
    page.get_by_label("Owner and due date").click()
    page.get_by_label("Due on").fill("2099-01-02")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("status").filter(has_text="is saved")).to_be_visible()
    assert str(Case.objects.get().due_on) == "2099-01-02"


def test_without_scripts_one_comments_all_the_same(browser, live_server, mira):
    case, client = make_case(), Client()
    client.force_login(mira, backend="django.contrib.auth.backends.ModelBackend")
    context = browser.new_context(java_script_enabled=False)
    name = settings.SESSION_COOKIE_NAME
    context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": live_server.url}])
    page = context.new_page()
    page.goto(f"{live_server.url}/cases/{case.reference}/")

    page.get_by_label("Add a comment").fill("Plain as it is.")
    page.get_by_role("button", name="Comment", exact=True).click()

    expect(page.locator("article.remark")).to_contain_text("Plain as it is.")
    assert page.url.endswith(f"#comment-{Comment.objects.get().pk}")
    context.close()
