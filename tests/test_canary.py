"""What somebody may not see leaves no trace anywhere: every page and route answers as if it did not exist.

Strangers open every address before and after a case is filed that is not for them, with a canary in every field
and in everything beside it. Nothing may differ by a byte. A route without a row here fails.
"""

import re
from dataclasses import dataclass

import pytest
import time_machine
from django.db import connection

from api.urls import urlpatterns as api_routes
from registry.actions import evidence, links
from registry.choices import JobKind, LinkKind, Role, Status, Visibility
from registry.models import (
    BulkChange,
    Case,
    CaseReader,
    Comment,
    Draft,
    EventGroup,
    Evidence,
    Exposure,
    ExternalId,
    Job,
    Mitigation,
    MitigationCase,
    Organisation,
    PatternPair,
    PatternRun,
    Person,
    Relabel,
    SavedView,
    Source,
    System,
    TaxonomyChange,
)
from registry.patterns.recompute import recompute
from registry.tasks import drain_jobs
from registry.web.urls import urlpatterns as web_routes
from taxonomy.models import Node
from tests import analysed
from tests.addresses import CANARY, ELSEWHERE, FIRST, MISSING, NUMBERED, PAGES, SENT, TEXT
from tests.api.conftest import Tool
from tests.factories import NOW, agree, label, log, make_cases, make_exposure, make_person, make_team
from tests.registry.web.pages import signed_in

# A recompute reads in a transaction of its own.
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("shipped_taxonomy")]

# Written anew at every answer.
FRESH = re.compile(rb'(csrfmiddlewaretoken" value="|x-csrftoken": "|nonce=")[^"]+|"instance":"[^"]+"')
NARRATIVES = ("context", "intended_objective", "optimised_objective", "observed_behaviour", "root_cause")
NARRATIVES += ("evaluation_breakdown", "mitigation_strategy", "alignment_lesson", "specified_objective")
ROLES = (Role.READER, Role.ANALYST, Role.ADMINISTRATOR)


@dataclass
class World:
    """What everyone may see, and the two who may see the rest: whoever keeps it, and whom they named."""

    seen: Case
    node: Node
    keeper: object
    confidant: object


@pytest.fixture
def world(shipped_taxonomy):
    with time_machine.travel(NOW, tick=False):
        node = Node.objects.get(scheme__slug="misalignment-causes", slug="volition-based")
        other = Node.objects.get(scheme__slug="mechanism", slug="specification-gaming")
        for case in make_cases(12):
            agree(case, node, other)
        seen = Case.objects.order_by("pk").first()
        analysed.mitigation(seen, title="Seen by all")
        evidence.add_note(case=seen, by=seen.reporter, at=NOW, title="The log", note="It says so.")
        make_exposure(System.objects.get())
        recompute(at=NOW)
        yield World(seen, node, make_person(username="keeper", name="Keeper"), make_person())


def number_from(first, *models):
    """Numbers long enough to be found in an answer, and nowhere else in it."""
    with connection.cursor() as cursor:
        for model in models:
            cursor.execute("SELECT setval(pg_get_serial_sequence(%s, 'id'), %s)", [model._meta.db_table, first])


def file_secret(world):
    """A case for named people, and all that can stand beside one; returns what a stranger might guess at."""
    keeper = world.keeper
    number_from(FIRST, Case, Comment, Evidence, BulkChange, Job, Mitigation, Relabel, Source)
    number_from(FIRST, EventGroup, Organisation, System, Exposure)
    secret = log(
        by=keeper,
        title=TEXT[:120],
        visibility=Visibility.NAMED,
        systems=[(f"{CANARY} system", CANARY)],
        developers=[f"{CANARY} developer"],
        deployers=[f"{CANARY} deployer"],
        affected=[f"{CANARY} people"],
        sources=[{"url": f"https://example.org/{CANARY}", "title": f"{CANARY} source"}],
        predictability_reason=TEXT,
        **dict.fromkeys(NARRATIVES, TEXT),
    )
    label(secret, world.node, by=keeper, confidence=99, rationale=CANARY, quote=CANARY)
    CaseReader.objects.create(case=secret, person=world.confidant)
    ExternalId.objects.create(case=secret, source="aiid", value=CANARY, imported={})
    note = evidence.add_note(case=secret, by=keeper, at=NOW, title=CANARY, note=TEXT)
    links.answer(case=secret, other=world.seen, kind=LinkKind.DUPLICATE, by=keeper, at=NOW)
    secret.event_group = EventGroup.objects.create(name=f"{CANARY} event")
    secret.save()
    analyse_together(secret, world)
    make_team(keeper, name=f"{CANARY} team")
    merged = log(by=keeper, title=f"{CANARY} merged away", visibility=Visibility.NAMED)
    Case.objects.filter(pk=merged.pk).update(status=Status.WITHDRAWN, merged_into=secret)
    draft = Draft.objects.create(author=keeper, answers={"title": [TEXT]}, created_at=NOW, updated_at=NOW)
    view = SavedView.objects.create(
        owner=keeper, name=CANARY, slug=CANARY, query=f"q={CANARY}", created_at=NOW, updated_at=NOW
    )
    used = make_exposure(System.objects.get(name=f"{CANARY} system"), source=CANARY)
    drain_jobs()
    change = BulkChange.objects.create(action="assign", asked_by=keeper, asked_at=NOW)
    job = Job.objects.create(
        kind=JobKind.EXPORT, key=CANARY, asked_by=keeper, not_before=NOW, created_at=NOW, payload={"q": CANARY}
    )
    split = TaxonomyChange.objects.create(
        kind="retire", node=world.node, reason=CANARY, n_cases=1, made_by=keeper, made_at=NOW
    )
    waiting = Relabel.objects.create(change=split, case=secret)
    return {
        "reference": secret.reference,
        "merged": merged.reference,
        "evidence": note.pk,
        "draft": draft.pk,
        "view": view.slug,
        "bulk": change.pk,
        "job": job.pk,
        "source": Source.objects.get(title=f"{CANARY} source").pk,
        "mitigation": Mitigation.objects.get(title=f"{CANARY} mitigation").pk,
        "comment": secret.comments.get().pk,
        "relabel": waiting.pk,
        "system": System.objects.get(name=f"{CANARY} system").pk,
        "exposure": used.pk,
        "organisation": Organisation.objects.get(name=f"{CANARY} developer").pk,
        "event_group": EventGroup.objects.get(name=f"{CANARY} event").pk,
    }


def analyse_together(secret, world):
    """What a team adds to the hidden case: a second rater, a decision, safeguards, mitigations, debt and talk."""
    keeper, seen = world.keeper, world.seen
    label(secret, world.node, by=world.confidant, stance="absent", rationale=CANARY)
    analysed.rating(case=secret, rater=seen.reporter)
    analysed.adjudication(case=secret, node=world.node, decided_by=keeper, reason=TEXT)
    analysed.safeguard(case=secret, technique=Node.objects.get(slug="rlhf"), outcome="missed", how=TEXT)
    analysed.mitigation(secret, title=f"{CANARY} mitigation", description=TEXT, proposed_by=keeper)
    MitigationCase.objects.create(mitigation=Mitigation.objects.get(title="Seen by all"), case=secret)
    analysed.accepted_debt(case=secret, owner=keeper, accepted_by=keeper, reason=TEXT)
    comment = analysed.comment(case=secret, author=keeper, text=TEXT)
    analysed.mention(comment=comment, person=seen.reporter)
    for person in (*Person.objects.filter(username__startswith="stranger"), seen.reporter):
        analysed.notification(person=person, case=secret, kind="mentioned", comment=comment, actor=keeper)
    change = analysed.taxonomy_change(node=Node.objects.get(slug="gradient"), made_by=keeper)
    analysed.relabel(case=secret, change=change)


def test_every_route_is_held_to_it():
    routes = {route.name for route in (*web_routes, *api_routes) if route.name}

    assert routes - {*PAGES, *NUMBERED, *SENT, *ELSEWHERE} == set()
    assert {*PAGES, *NUMBERED, *SENT, *ELSEWHERE} - routes == set()


def plain(response):
    body = b"".join(response.streaming_content) if response.streaming else response.content
    return response.status_code, response.get("Location", ""), FRESH.sub(b"", body)


def opened(client, world, address):
    numbers = {"seen": world.seen.reference, "run": PatternRun.objects.latest("pk").pk}
    return plain(client.get(address.format(**numbers, pair=PatternPair.objects.first().pk)))


def strangers():
    for role in ROLES:
        person = make_person(role=role, username=f"stranger-{role}")
        yield role, signed_in(person), Tool(person)


def everything(world, clients):
    found = {}
    for role, browser, tool in clients:
        for name, addresses in PAGES.items():
            for address in addresses:
                found[role, address] = opened(tool if name.startswith("api-") else browser, world, address)
        for address, values in SENT.values():
            found[role, address, "sent"] = plain(browser.post(address, values))
    return found


def test_a_hidden_case_changes_nothing_that_a_stranger_can_open(world):
    clients = list(strangers())
    everything(world, clients)  # what is written at a first visit is written now
    before = everything(world, clients)

    file_secret(world)

    after = everything(world, clients)
    assert [(key, *difference(before[key], after[key])) for key in before if before[key] != after[key]] == []


def without_numbers(answer, hidden):
    status, location, body = answer
    for value in hidden.values():
        number = str(value).removeprefix("AIR-")
        location, body = location.replace(number, "N"), body.replace(number.encode(), b"N")
    return status, location, body


def difference(one, other):
    """Where two answers part, to read in a failure."""
    if one[:2] != other[:2]:
        return one[:2], other[:2]
    place = next((i for i, (a, b) in enumerate(zip(one[2], other[2], strict=False)) if a != b), 0)
    return one[2][max(place - 60, 0) : place + 60], other[2][max(place - 60, 0) : place + 60]


@pytest.mark.parametrize("method", ["get", "post"])
def test_the_number_of_a_hidden_thing_answers_like_one_that_does_not_exist(world, method):
    secret = file_secret(world)
    told = []

    for role, browser, tool in strangers():
        for name, address in NUMBERED.items():
            client = tool if name.startswith("api-") else browser
            also = [secret | {"reference": secret["merged"]}] if "{reference}" in address else []
            for hidden in [secret, *also]:
                real, none = (
                    without_numbers(plain(getattr(client, method)(address.format(**numbers))), numbers)
                    for numbers in (hidden, MISSING)
                )
                if real != none:
                    told.append((role, address, *difference(real, none)))

    assert told == []


def test_the_one_who_may_see_it_does(world):
    secret = file_secret(world)
    keeper = signed_in(world.keeper)

    assert CANARY in keeper.get(f"/cases/{secret['reference']}/").content.decode()
    assert CANARY in keeper.get(f"/cases/?q={CANARY}").content.decode()
    assert keeper.get(f"/evidence/{secret['evidence']}/").status_code in (200, 302)
    assert secret["reference"] in plain(keeper.get(f"/cases/{secret['merged']}/"))[1]
