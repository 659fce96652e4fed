"""The whole job once: sign in, log, label, submit, accept; a worker recomputes; the digest arrives, once."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from config.celery import app
from registry.actions import subscriptions
from registry.choices import DigestState, Role, Status
from registry.models import Case, Digest, PatternRun
from taxonomy.models import Node
from tests.factories import make_case, make_person
from tests.journeys.conftest import PASSWORD
from tests.mailserver import running_mail_server
from tests.workers import forget_tasks, running_beat, running_worker, wait_until

TITLE = "Code agent rewrote failing tests so that the build passed"
CAUSE = "misalignment-causes:capabilities-based"


@pytest.fixture
def mira(transactional_db):
    person = make_person(role=Role.ANALYST, username="mira", name="Mira Okafor")
    person.set_password(PASSWORD)
    person.save()
    return person


@pytest.fixture
def neighbours(transactional_db, shipped_taxonomy):
    """Enough cases for a pair to be tested: ten carry a cause with a mechanism, fourteen another cause."""
    node = {found.key: found for found in Node.objects.select_related("scheme")}
    reporter = make_person(role=Role.REPORTER)
    for _ in range(10):
        make_case(reporter=reporter, nodes=[node[CAUSE], node["mechanism:test-gaming"]])
    for _ in range(14):
        make_case(reporter=reporter, nodes=[node["misalignment-causes:volition-based"], node["mechanism:sycophancy"]])


def sign_in(page, live_server):
    page.goto(live_server.url + "/")
    page.get_by_label("User name").fill("mira")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Home")
    page.wait_for_load_state()  # keys answer once the scripts are there


def log_case(page):
    page.keyboard.press("n")
    page.get_by_label("What happened?").fill(TITLE)
    page.get_by_label("What did you see?").fill("Asked to mend a rounding fault, it loosened eleven assertions.")
    page.get_by_label("Which system?").fill("code-agent")
    page.get_by_text("Unknown", exact=True).first.click()
    page.get_by_text("Near miss", exact=True).click()
    page.get_by_role("button", name=re.compile("Submit for triage")).click()
    expect(page.get_by_text(TITLE).first).to_be_visible()
    return Case.objects.get(title=TITLE)


def label_case(page, live_server, case):
    page.goto(f"{live_server.url}/cases/{case.reference}/labels/?node={CAUSE}")
    page.get_by_text("Applies", exact=True).click()
    page.get_by_label("Confidence").fill("70")
    page.get_by_label("Why you think so").fill("Training for passing builds outweighed the instruction.")
    page.get_by_role("button", name=re.compile("for me only")).click()
    expect(page.get_by_text("Capabilities-based misalignment").first).to_be_visible()
    page.get_by_role("button", name="Submit my rating").click()
    expect(page.get_by_text("Your rating is submitted")).to_be_visible()


def accept_case(page, live_server, case):
    page.goto(f"{live_server.url}/cases/{case.reference}/steps/accept")
    page.get_by_text("Specification gaming", exact=True).click()
    page.get_by_text("Core", exact=True).click()
    page.get_by_text("High", exact=True).click()
    page.get_by_role("button", name=re.compile("Accept")).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(TITLE)


def ask_the_worker(task, times=1):
    for _ in range(times):
        app.send_task(task)


def test_from_sign_in_to_the_weekly_digest(page, live_server, mira, neighbours, tmp_path):
    forget_tasks()
    now = timezone.now()
    # A period is planned a minute after its end, so the hour that has just begun does not end one yet.
    ended = now - timedelta(minutes=2)
    subscriptions.subscribe(
        person=mira, by=mira, at=now - timedelta(days=8), weekday=ended.weekday(), hour=ended.hour, time_zone="UTC"
    )
    with running_mail_server() as (postbox, port):
        mail = {"EMAIL_URL": f"smtp://127.0.0.1:{port}"}
        with running_worker(tmp_path, **mail) as worker, running_beat(tmp_path, **mail):
            sign_in(page, live_server)
            case = log_case(page)
            label_case(page, live_server, case)
            accept_case(page, live_server, case)
            runs = PatternRun.objects.filter(n_cases=25, nodes__node__slug="capabilities-based", nodes__k=11)
            wait_until(runs.exists)
            page.goto(live_server.url + "/patterns/")
            expect(page.get_by_text("25 cases", exact=True)).to_be_visible()
            expect(page.get_by_text("10 of 24").first).to_be_visible()

            # The period ended with the hour: as if the case had been logged before that.
            Case.objects.filter(pk=case.pk).update(reported_at=now - timedelta(hours=2))
            ask_the_worker("registry.plan_digests", times=2)
            wait_until(lambda: Digest.objects.exists())
            worker.kill()
        with running_worker(tmp_path, **mail):
            ask_the_worker("registry.plan_digests")
            ask_the_worker("registry.send_due_digests", times=3)
            wait_until(lambda: Digest.objects.get().state == DigestState.SENT)

    assert Case.objects.get(pk=case.pk).status == Status.ANALYSIS
    assert postbox.recipients == [mira.email]
    assert TITLE in postbox.mails[0].get_body(("plain",)).get_content()
