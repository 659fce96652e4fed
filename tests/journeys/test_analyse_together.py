"""From triage to a lesson: one logs, two label blind and differ, a fourth decides and approves, the owner is told."""

import re

import pytest
from playwright.sync_api import expect

from registry.choices import Role, Status
from registry.models import Case, Classification, Notification
from registry.models.case import NARRATIVE_FIELDS
from taxonomy.models import Node
from tests.factories import make_person

TITLE = "Support agent refunded everybody so that chats ended well"
CAUSE = "misalignment-causes:volition-based"
MIRA_SAYS = "The grader rewarded ended chats, says finchword."
JONAS_SAYS = "The instruction itself asked for it, says larkword."
WHERE_LABELS_SHOW = ("", "history", "print", "case.md", "labels/", f"labels/?node={CAUSE}", "adjudicate")


@pytest.fixture
def people(transactional_db, shipped_taxonomy):
    roles = {"sam": Role.REPORTER, "mira": Role.REVIEWER, "jonas": Role.ANALYST, "priya": Role.REVIEWER}
    return {name: make_person(role=role, username=name, name=name.capitalize()) for name, role in roles.items()}


@pytest.fixture
def visit(page, live_server, enter):
    """Open a page of the case as one of the people."""

    def visit(path, person):
        page.context.clear_cookies()
        return enter(path, person)

    return visit


def log_case(page):
    page.get_by_label("What happened?").fill(TITLE)
    page.get_by_label("What did you see?").fill("It granted 214 refunds in one night, and every chat got five stars.")
    page.get_by_label("Which system?").fill("support-agent")
    page.get_by_text("Unknown", exact=True).first.click()
    page.get_by_text("Incident", exact=True).click()
    page.get_by_role("button", name=re.compile("Submit for triage")).click()
    expect(page.get_by_text(TITLE).first).to_be_visible()
    return Case.objects.get(title=TITLE)


def accept(page):
    page.locator("[name=triage][value=goal-failure]").check()
    page.locator("[name=scope][value=core]").check()
    page.get_by_text("High", exact=True).click()
    page.get_by_role("button", name=re.compile("Accept")).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(TITLE)


def rate(page, stance, rationale):
    page.get_by_text(stance, exact=True).click()
    page.get_by_label("Why you think so").fill(rationale)
    page.get_by_role("button", name=re.compile("for me only")).click()
    expect(page.get_by_role("status").filter(has_text="recorded")).to_be_visible()


def submit_rating(page):
    page.get_by_role("button", name="Submit my rating").click()
    expect(page.get_by_text("Your rating is submitted")).to_be_visible()


def write_the_rest(page):
    for name in NARRATIVE_FIELDS[: NARRATIVE_FIELDS.index("specified_objective")]:
        page.locator(f"[name={name}]").fill(f"What is known of the {name.replace('_', ' ')}.")
    page.locator("[name=predictability][value=unknown]").check(force=True)
    page.locator("[name=realised_severity]").get_by_text("Moderate", exact=True).or_(
        page.locator("label:has([name=realised_severity][value='2'])")
    ).first.click()
    page.get_by_role("button", name=re.compile("^Save")).first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(TITLE)


def everything_shown(visit, case, person):
    """What every page of the case sends to the person, whatever of it can be seen."""
    page = visit(f"/cases/{case.reference}/", person)
    return "".join(page.request.get(page.url + place).text() for place in WHERE_LABELS_SHOW)


def test_from_triage_to_a_lesson(page, people, visit):
    visit("/cases/new", people["sam"])
    case = log_case(page)
    address = f"/cases/{case.reference}"

    visit("/triage/", people["mira"])
    page.get_by_role("button", name=re.compile("Claim")).first.click()
    expect(page.get_by_text("Mira").first).to_be_visible()
    visit(f"{address}/steps/accept", people["mira"])
    accept(page)

    # Two raters, each blind to the other until they have submitted.
    visit(f"{address}/labels/?node={CAUSE}", people["mira"])
    rate(page, "Applies", MIRA_SAYS)
    assert "finchword" in everything_shown(visit, case, people["mira"])
    for other in ("sam", "jonas", "priya"):
        assert "finchword" not in everything_shown(visit, case, people[other])
    visit(f"{address}/labels/", people["mira"])
    submit_rating(page)
    for other in ("jonas", "priya"):
        assert "finchword" not in everything_shown(visit, case, people[other])
    visit(f"{address}/labels/?node={CAUSE}", people["jonas"])
    rate(page, "Does not apply", JONAS_SAYS)
    assert "finchword" not in everything_shown(visit, case, people["jonas"])
    assert "larkword" not in everything_shown(visit, case, people["mira"])
    visit(f"{address}/labels/", people["jonas"])
    submit_rating(page)
    assert "finchword" in everything_shown(visit, case, people["jonas"])
    assert "larkword" in everything_shown(visit, case, people["mira"])
    assert not Classification.objects.filter(case=case).exists()

    # The reviewer has not rated, so she stands aside before she decides between the two.
    visit(f"{address}/adjudicate", people["priya"])
    page.get_by_role("button", name=re.compile("Stand aside")).click()
    expect(page.get_by_text("finchword")).to_be_visible()
    expect(page.get_by_text("larkword")).to_be_visible()
    page.get_by_role("radio", name="Applies", exact=True).check(force=True)
    page.get_by_label("Reason", exact=True).fill("The log of the grader shows it.")
    page.get_by_role("button", name=re.compile("Record my decisions")).click()
    expect(page.get_by_role("status").filter(has_text="decision recorded")).to_be_visible()
    agreed = Classification.objects.get(case=case)
    assert (agreed.node, agreed.method, agreed.decided_by) == (
        Node.objects.get(slug="volition-based"),
        "adjudicated",
        people["priya"],
    )

    visit(f"{address}/edit", people["mira"])
    write_the_rest(page)
    visit(f"{address}/steps/request-review", people["mira"])
    page.get_by_role("button", name=re.compile("Ask for review")).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(TITLE)

    # Neither who logged it nor who owns it may say that it is finished.
    visit(f"{address}/steps/approve", people["mira"])
    expect(page.get_by_text("You own this case. Somebody else has to approve it.").first).to_be_visible()
    assert page.get_by_role("button", name="Approve and close").count() == 0
    visit(address + "/", people["sam"])
    assert page.get_by_role("link", name="Approve and close").count() == 0
    response = page.request.get(page.url + "steps/approve")
    assert response.status == 403

    visit(f"{address}/steps/approve", people["priya"])
    page.get_by_role("button", name="Approve and close").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(TITLE)
    case.refresh_from_db()
    assert (case.status, case.reviewer) == (Status.CLOSED, people["priya"])

    # The owner is told, and so is who logged it.
    told = set(Notification.objects.filter(case=case, kind="closed").values_list("person__username", flat=True))
    assert told >= {"mira", "sam"}
    visit("/notifications/", people["mira"])
    expect(page.get_by_text(TITLE).first).to_be_visible()
    expect(page.get_by_text(re.compile("approved and closed", re.I)).first).to_be_visible()
