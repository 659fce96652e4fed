"""Labelling a case in the browser."""

import pytest

from registry.choices import Status
from registry.models import Label
from taxonomy.models import Node
from tests.factories import label as put_label
from tests.factories import make_case, make_node, make_person
from tests.registry.web.pages import errors_of, signed_in, text_of

pytestmark = pytest.mark.django_db


def rating(node, /, **values):
    return {
        "node": node.key,
        "stance": "present",
        "confidence": "70",
        "grounds": "documented",
        "load_bearing": "yes",
        "rationale": "The score says so.",
        "quote": "Score: brevity 0.6",
    } | values


@pytest.fixture
def case():
    return make_case(status=Status.ANALYSIS)


@pytest.fixture
def volition():
    return Node.objects.get(slug="volition-based")


def send(person, case, data):
    return signed_in(person).post(f"/cases/{case.reference}/labels/", data)


def test_a_label_is_recorded_with_everything_said(analyst, case, volition):
    response = send(analyst, case, rating(volition))

    label = Label.objects.get()
    assert response["Location"] == f"/cases/{case.reference}/labels/"
    assert (label.case, label.node, label.rater) == (case, volition, analyst)
    assert (label.stance, label.confidence, label.grounds, label.load_bearing, label.rationale, label.quote) == (
        "present",
        70,
        "documented",
        "yes",
        "The score says so.",
        "Score: brevity 0.6",
    )


def test_the_guidance_stands_beside_the_form(analyst, case, volition):
    page = text_of(signed_in(analyst).get(f"/cases/{case.reference}/labels/?node={volition.key}"))

    for words in (
        volition.definition,
        *volition.applies_when,
        *volition.does_not_apply_when,
        *volition.scheme.guidance,
    ):
        assert " ".join(words.split()) in page


def test_what_one_said_before_is_filled_in_and_replaced(analyst, case, volition):
    put_label(case, volition, by=analyst, stance="absent", confidence=20)
    client = signed_in(analyst)

    form = client.get(f"/cases/{case.reference}/labels/?node={volition.key}").context["form"]
    said = rating(volition, stance="unsure", version=form["version"].value())
    client.post(f"/cases/{case.reference}/labels/", said)

    assert (form["stance"].value(), form["confidence"].value()) == ("absent", 20)
    assert [label.stance for label in Label.objects.all()] == ["unsure"]


def test_the_search_finds_by_name_alias_and_definition(analyst, case):
    make_node("crimson", name="Red", aliases=["cochineal"], definition="A warm colour.")
    client = signed_in(analyst)

    def found(words):
        groups = client.get(f"/cases/{case.reference}/labels/", {"q": words}).context["groups"]
        return [row.node.slug for group in groups for row in group.rows]

    assert found("cochineal") == found("warm colour") == ["crimson"]
    assert found("nothing has these words") == found("\x00zz") == []


@pytest.mark.parametrize("node", ["no-such-node", "misalignment-causes:nope", "\x00", ":", "x" * 400])
def test_an_unknown_node_in_the_address_is_named(analyst, case, node):
    response = signed_in(analyst).get(f"/cases/{case.reference}/labels/", {"node": node})

    assert response.status_code == 200
    assert response.context["form"] is None


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"node": "no-such-node"}, "node"),
        ({"node": "a\x00"}, "node"),
        ({"node": ""}, "node"),
        ({"stance": "perhaps"}, "stance"),
        ({"stance": ""}, "stance"),
        ({"confidence": "101"}, "confidence"),
        ({"confidence": "-1"}, "confidence"),
        ({"confidence": "much"}, "confidence"),
        ({"confidence": "\x00"}, "confidence"),
        ({"grounds": "hearsay"}, "grounds"),
        ({"rationale": "x" * 10_001}, "rationale"),
        ({"quote": "a\x00b"}, "quote"),
    ],
)
def test_a_bad_label_is_refused_at_its_field_and_nothing_is_written(analyst, case, volition, changes, field):
    response = send(analyst, case, rating(volition, **changes))

    form = response.context["form"] or response.context["refused"]
    assert (response.status_code, list(form.errors)) == (422, [field])
    assert not Label.objects.exists()


def test_a_node_that_excludes_one_given_before_is_refused_in_words(analyst, case):
    first = make_node("first", exclusive_group="one")
    second = make_node("second", scheme=first.scheme, exclusive_group="one")
    put_label(case, first, by=analyst)

    response = send(analyst, case, rating(second))

    assert "exclude one another" in errors_of(response)["node"][0]


def test_a_label_is_taken_back_by_its_rater_only(analyst, other_analyst, case, volition):
    label = put_label(case, volition, by=analyst)
    address = f"/cases/{case.reference}/labels/{label.pk}/take-back"

    others = signed_in(other_analyst).post(address)
    by_get = signed_in(analyst).get(address)
    signed_in(analyst).post(address)

    assert (others.status_code, by_get.status_code) == (404, 405)
    assert not Label.objects.exists()


@pytest.mark.parametrize(
    ("role", "status"), [("reader", Status.ANALYSIS), ("reporter", Status.ANALYSIS), ("analyst", Status.CLOSED)]
)
def test_who_may_not_label_is_told(role, status, volition):
    case, person = make_case(status=status), make_person(role=role)

    assert signed_in(person).get(f"/cases/{case.reference}/labels/").status_code == 403
    assert send(person, case, rating(volition)).status_code == 403
    assert not Label.objects.exists()
