"""Every page as a person finds it: nothing for axe, no sideways scroll at 390 px, a silent console, light and dark."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from api.tokens import create_token
from registry.actions import demonstration, exposures, subscriptions, taxonomy_changes
from registry.actions.webhooks import send_test
from registry.choices import Role
from registry.digests import ledger, send
from registry.models import Case, Digest, Draft, Exposure, Mitigation, PatternPair, Subscription, System, Webhook
from registry.patterns.recompute import recompute
from taxonomy.models import Node
from tests import analysed
from tests.factories import label, make_case, make_draft, make_person
from tests.journeys.conftest import axe_findings
from tests.registry.webhooks.builders import make_webhook

PHONE = {"width": 390, "height": 844}
DESK = {"width": 1360, "height": 900}


@pytest.fixture
def full(transactional_db, shipped_taxonomy):
    """The demonstration catalogue, a run over it, a digest, and an administrator who may see every page."""
    now = timezone.now()
    person = make_person(role=Role.ADMINISTRATOR, username="ada", name="Ada Admin")
    demonstration.load_demonstration(by=None, at=now)
    use_of(System.objects.order_by("pk").first(), person, at=now)
    recompute(at=now)
    subscriptions.subscribe(person=person, by=person, at=now - timedelta(days=9))
    ledger.plan(at=now)
    send.send_due(at=now)
    case = Case.objects.filter(status="analysis").first()
    label(case, case.classifications.first().node, by=person, at=now, stance="absent")
    make_draft(person, at=now, title="Half a thought")
    make_guarded(case)
    send_test(webhook=make_webhook(person), by=person, at=now)
    create_token(by=person, at=now, person=person, name="nightly evaluation", scopes=["cases:read"], days=5)
    retired = Node.objects.get(scheme__slug="mechanism", slug="simulator-exploit")
    taxonomy_changes.retire_node(node=retired, by=person, at=now, reason="Two things in one.")
    return person


def use_of(system, person, *, at):
    """What one system was used in two months, counted in two units."""
    for unit, amounts in (("conversations", (12_000, 13_500)), ("deployments", (3,))):
        months = [(date(2020, 1 + place, 1), amount) for place, amount in enumerate(amounts)]
        exposures.record_exposures(
            system=system, unit=unit, source="The usage report.", amounts=months, by=person, at=at
        )


def make_guarded(case):
    """A case with safeguards that did different things, one of them in the published matrix, and a mitigation."""
    nodes = {node.slug: node for node in Node.objects.filter(scheme__kind__in=["technique", "failure mode"])}
    mode = next(node for node in nodes.values() if node.scheme.kind == "failure mode")
    analysed.safeguard(case=case, technique=nodes["rlhf"], deployed="yes", outcome="missed", failure_mode=mode)
    analysed.safeguard(case=case, technique=nodes["filter"], deployed="yes", outcome="partial", order=1)
    analysed.safeguard(case=case, technique=nodes["sandbox"], order=2)
    analysed.safeguard(case=case, technique=nodes["review"], deployed="no", order=3)
    analysed.safeguard(case=case, technique=nodes["monitoring"], deployed="yes", outcome="caught", order=4)
    analysed.mitigation(case, due_on=date(2026, 1, 1))


def addresses():
    case = Case.objects.filter(labels__rater__username="ada").get()
    waiting = Case.objects.filter(status="triage").first()
    pair = PatternPair.objects.filter(flagged=True).first()
    draft = Draft.objects.get()
    return [
        "/",
        "/cases/?label=outer&severity=high",
        "/cases/?nonsense=1",
        "/cases/new",
        "/triage/",
        "/notifications/",
        "/drafts/",
        f"/drafts/{draft.pk}/",
        f"/drafts/{draft.pk}/share",
        f"/cases/{case.reference}/",
        f"/cases/{case.reference}/edit",
        f"/cases/{case.reference}/history",
        f"/cases/{case.reference}/history/{case.events.first().pgh_id}/root_cause",
        f"/cases/compare?case={case.reference}&case={waiting.reference}",
        f"/cases/{case.reference}/labels/?node=misalignment-causes:precocious",
        f"/cases/{waiting.reference}/labels/?arrow=outer&reward=misjudged&misjudged=automated&known=inferred",
        f"/cases/{case.reference}/adjudicate",
        f"/cases/{waiting.reference}/adjudicate",
        f"/cases/{case.reference}/steps/request-review",
        f"/cases/{waiting.reference}/steps/accept",
        f"/cases/{case.reference}/links",
        f"/cases/{case.reference}/merge",
        f"/cases/{case.reference}/merge?with={waiting.reference}",
        "/patterns/",
        "/patterns/pairs/",
        "/patterns/trends/",
        "/patterns/foresight/",
        "/patterns/sources/",
        "/patterns/runs/",
        "/patterns/new/?rule=any&kind=incident&owner=me",
        "/patterns/new/?kind=incident",
        f"/patterns/pairs/{pair.pk}/",
        "/patterns/exposure/",
        "/systems/",
        f"/systems/{Exposure.objects.first().system_id}/",
        f"/exposures/{Exposure.objects.first().pk}/edit",
        "/defence/?portfolio=1&t=technique:repe",
        "/agreement/",
        "/agreement/queue/",
        "/taxonomy/",
        "/taxonomy/misalignment-causes/volition-based/",
        "/taxonomy/misalignment-causes/gradient/",
        "/taxonomy/misalignment-causes/volition-based/edit",
        "/taxonomy/misalignment-causes/volition-based/versions",
        "/taxonomy/misalignment-causes/volition-based/place",
        "/taxonomy/misalignment-causes/volition-based/change/split",
        "/taxonomy/misalignment-causes/volition-based/change/merge?target=outer",
        "/taxonomy/relabel/",
        "/taxonomy/import",
        "/taxonomy/new",
        "/taxonomy/goodhart/new",
        f"/cases/{case.reference}/safeguards",
        f"/cases/{case.reference}/debt",
        "/mitigations/",
        "/mitigations/new",
        f"/mitigations/{Mitigation.objects.get().pk}/",
        f"/mitigations/{Mitigation.objects.get().pk}/edit",
        "/debt/",
        "/debt/cases",
        "/digests/",
        "/digests/delivery/",
        f"/digests/{Digest.objects.get().pk}/",
        "/digests/subscriptions/",
        "/digests/subscriptions/new/?about=branch&node=misalignment-causes:inner",
        f"/digests/subscriptions/{Subscription.objects.get().pk}/",
        f"/digests/subscriptions/{Subscription.objects.get().pk}/preview/",
        "/bulk/",
        "/exports/",
        "/exports/choose?query=kind%3Dincident",
        "/account/me/",
        "/account/tokens/",
        "/account/tokens/new/",
        "/account/webhooks/",
        "/account/webhooks/new",
        f"/account/webhooks/{Webhook.objects.get().pk}/",
        "/account/password/change/",
        "/account/2fa/",
        "/no-such-page",
    ]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_every_full_page(enter, page, full, scheme, size):
    page.set_viewport_size(size)
    page.emulate_media(color_scheme=scheme)
    enter("/", full)

    found = {path: faults_of(enter, page, path) for path in addresses()}

    assert {path: faults for path, faults in found.items() if faults} == {}


@pytest.mark.parametrize(
    "path", ["/", "/cases/", "/cases/new", "/patterns/", "/taxonomy/", "/digests/", "/digests/subscriptions/"]
)
def test_every_empty_page(enter, page, transactional_db, shipped_taxonomy, path):
    enter("/", make_person(role=Role.ANALYST))

    assert faults_of(enter, page, path) == []


def test_the_sign_in_page(enter, page, transactional_db):
    assert faults_of(enter, page, "/account/login/") == []


def faults_of(enter, page, path):
    """What is wrong with the page at `path`, in words."""
    enter(path)
    too_wide = page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
    return axe_findings(page) + (["scrolls sideways"] if too_wide else [])


def test_the_keyboard_alone_finds_and_opens_a_case(enter, page, transactional_db, shipped_taxonomy):
    person = make_person(role=Role.ANALYST)
    make_case(title="The boat circles the lagoon")
    make_case(title="The summary leaves out the dose")
    enter("/cases/", person)

    page.keyboard.press("/")
    page.keyboard.type("lagoon")
    page.keyboard.press("Enter")
    page.get_by_text("The summary leaves out the dose").wait_for(state="detached")
    page.keyboard.press("Escape")
    page.keyboard.press("j")
    page.keyboard.press("Enter")

    page.wait_for_url("**/cases/AIR-*/")
    assert page.get_by_role("heading", level=1).inner_text() == "The boat circles the lagoon"


def test_a_script_in_every_text_is_shown_as_text(enter, page, transactional_db, shipped_taxonomy):
    person = make_person(role=Role.ANALYST, name="<script>alert(1)</script>")
    text = "<script>document.title = 'taken'</script><img src=x onerror=\"document.title='taken'\"> **bold**"
    case = make_case(title=text[:60], reporter=person, observed_behaviour=text, context=text)

    enter(case.get_absolute_url(), person)

    assert "taken" not in page.title().replace(text[:60], "")
    assert page.locator("main script, main img").count() == 0
    assert page.get_by_text("bold", exact=True).first.is_visible()
