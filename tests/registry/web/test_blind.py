"""Nobody learns what a rater says before they submitted themselves: each door, with something that could leak."""

from datetime import timedelta

import pytest
from django.utils import timezone

from registry import facets
from registry.actions import labels, ratings
from registry.choices import Role, Status
from registry.digests import changes
from registry.exchange import columns, exporting
from registry.models import Case
from tests.api.conftest import Tool
from tests.factories import NOW, label, make_case, make_node, make_person
from tests.registry.web.pages import signed_in, text_of

pytestmark = pytest.mark.django_db

SECRET = "Zebrafish"


@pytest.fixture
def node(db):
    return make_node("zebrafish", name=SECRET)


@pytest.fixture
def case(db):
    return make_case(status=Status.ANALYSIS, title="A plain case")


def page(person, case, node, *, address=""):
    return SECRET in text_of(signed_in(person).get(f"/cases/{case.reference}/{address}"))


def own_labels(person, case, node):
    """The label page names every node; what counts is whether a rating of it stands there."""
    return f"{SECRET} rationale" in text_of(signed_in(person).get(f"/cases/{case.reference}/labels/?node={node.key}"))


def adjudicating(person, case, node):
    return SECRET in text_of(signed_in(person).get(f"/cases/{case.reference}/adjudicate"))


def markdown(person, case, node):
    return SECRET in signed_in(person).get(f"/cases/{case.reference}/case.md").content.decode()


def listed(person, case, node):
    return SECRET in text_of(signed_in(person).get("/cases/?view=all"))


def filtered(person, case, node, **asked):
    rows = signed_in(person).get("/cases/", asked or {"label": node.key}).context["rows"]
    return [each.pk for each in rows] == [case.pk]


def excluded(person, case, node):
    return signed_in(person).get("/cases/", {"label__none": node.key}).context["rows"] == []


def counted(person, case, node):
    chosen = {name: set() for name in facets.GROUPS}
    cases = Case.objects.all()
    counts = facets.count_cases(cases, chosen=chosen, today=timezone.localdate(), person=person)
    return node.pk in counts.nodes or node.pk in facets.count_nodes(cases, person)


def node_page(person, case, node):
    context = signed_in(person).get(f"/taxonomy/{node.scheme.slug}/{node.slug}/").context
    return bool(context["count"] or context["sure"]["labels"] or list(context["cases"]) or context["over_time"])


def exported(person, case, node):
    numbers = exporting.numbers_for(person)
    chosen = columns.chosen_columns(person, [f"labels:{node.scheme.slug}"])
    return node.key in b"".join(exporting.streamed(person, "ndjson", chosen, numbers)).decode()


def rest(person, case, node, *, path=""):
    # The answer and the address of a label name the node by its key.
    return node.key in Tool(person).get(f"cases/{path.format(case.reference)}").content.decode()


def digested(person, case, node):
    now = timezone.now()
    period = {"start": NOW - timedelta(days=3), "end": max(now, NOW) + timedelta(hours=1)}
    return bool(changes.label_changes(reader=person, **period))


DOORS = {
    "case page": page,
    "history": lambda *asked: page(*asked, address="history"),
    "print": lambda *asked: page(*asked, address="print"),
    "markdown": markdown,
    "list row": listed,
    "filter": filtered,
    "filter by all": lambda person, case, node: filtered(person, case, node, label__all=node.key),
    "filter by confidence": lambda *asked: filtered(*asked, confidence__gte=90),
    "filter by method": lambda *asked: filtered(*asked, label_method="single-rater"),
    "filter by absence": excluded,
    "facets": counted,
    "node page": node_page,
    "export": exported,
    "REST case": lambda *asked: rest(*asked, path="{}/"),
    "REST labels": lambda *asked: rest(*asked, path="{}/labels/"),
    "REST list": rest,
    "REST filter": lambda person, case, node: bool(Tool(person).get(f"cases/?label={node.key}").json()["results"]),
    "digest": digested,
}


def learned(person, case, node):
    """The doors at which `person` learns something of the label."""
    return [name for name, door in DOORS.items() if door(person, case, node)]


def give(case, node, by, **rating):
    said = {"confidence": 95, "rationale": f"{SECRET} rationale", "quote": f"{SECRET} quote"}
    return label(case, node, by=by, **said | rating)


def test_every_door_shows_a_submitted_label_to_whoever_may_see_it(case, node, reader, other_analyst):
    give(case, node, other_analyst)

    assert learned(reader, case, node) == list(DOORS)


@pytest.mark.parametrize("role", [Role.ANALYST, Role.REVIEWER, Role.ADMINISTRATOR])
def test_who_may_still_rate_learns_nothing_of_a_submitted_label(case, node, other_analyst, role):
    give(case, node, other_analyst)

    assert learned(make_person(role=role), case, node) == []


def test_who_holds_labels_of_their_own_learns_nothing_of_a_submitted_one(case, node, analyst, other_analyst):
    give(case, node, other_analyst)
    label(case, make_node("own", name="Own"), by=analyst, hold=True)

    assert learned(analyst, case, node) == []


@pytest.mark.parametrize("who", ["reader", "blind", "rated", "aside", "closed"])
def test_nobody_learns_of_a_label_that_is_held(case, node, other_analyst, who):
    person = make_person(role=Role.READER if who == "reader" else Role.REVIEWER)
    give(case, node, other_analyst, hold=True)
    if who == "rated":
        label(case, make_node("own", name="Own"), by=person, stance="absent")
    elif who == "aside":
        ratings.stand_aside(case=case, by=person, at=NOW)
    elif who == "closed":
        Case.objects.filter(pk=case.pk).update(status=Status.CLOSED, closed_at=NOW)

    found = learned(person, case, node)

    assert found == []
    assert who in ("blind", "closed") or not adjudicating(person, case, node)


def test_a_held_label_taken_back_leaves_nothing_to_learn(case, node, reader, other_analyst):
    held = give(case, node, other_analyst, hold=True)
    labels.take_back_label(label=held, by=other_analyst, at=NOW)

    assert learned(reader, case, node) == []


def test_the_rater_sees_what_they_hold_on_their_own_pages_only(case, node, analyst):
    give(case, node, analyst, hold=True)

    assert own_labels(analyst, case, node)
    assert learned(analyst, case, node) == ["case page", "history", "print", "markdown", "REST case", "REST labels"]


@pytest.mark.parametrize("opened_by", ["submitting", "standing aside"])
def test_submitting_or_standing_aside_opens_every_door(case, node, other_analyst, reviewer, opened_by):
    give(case, node, other_analyst)
    if opened_by == "submitting":
        label(case, make_node("own", name="Own"), by=reviewer, stance="absent")
    else:
        ratings.stand_aside(case=case, by=reviewer, at=NOW)

    assert learned(reviewer, case, node) == list(DOORS)


def test_who_may_not_see_the_case_is_told_nothing_of_its_rating(node, analyst, other_analyst):
    hidden = make_case(status=Status.ANALYSIS, visibility="named", owner=other_analyst)
    give(hidden, node, other_analyst)
    client, missing = signed_in(analyst), "/cases/AIR-999999"

    def answers(base):
        asked = [client.get(f"{base}/labels/"), client.get(f"{base}/adjudicate")]
        sent = [client.post(f"{base}/{rest}") for rest in ("rating/submit", "rating/aside", "adjudicate")]
        return [(each.status_code, text_of(each)) for each in asked + sent]

    assert answers(f"/cases/{hidden.reference}") == answers(missing)
