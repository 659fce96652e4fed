"""What a node says and its versions, what a blind rater reads of it, and how it stands to others."""

import re

import pytest

from registry.actions import nodes, taxonomy_changes
from registry.models import Label
from taxonomy.models import AlternativeParent, Mapping, Node
from tests.factories import NOW, label, make_case, make_node, make_person, make_scheme
from tests.registry.web.pages import signed_in, text_of

pytestmark = pytest.mark.django_db

WHY = {"at": NOW, "reason": "Raters mixed them up."}
RED = "/taxonomy/colours/red/"


@pytest.fixture
def red(db):
    return make_node("red", name="Red")


@pytest.fixture
def pink(red):
    return make_node("pink", name="Pink")


@pytest.fixture
def boss(administrator):
    return signed_in(administrator)


def edits(node, **values):
    return {
        "version": node.version,
        "reason": "Clearer.",
        "definition": node.definition,
        "definition_status": "provisional",
        "applies_when": "",
        "does_not_apply_when": "",
        "examples": "",
        "aliases": "",
        "source": "",
    } | values


def test_reviewers_rewrite_what_a_node_says_and_its_versions_are_kept(reviewer, red):
    client = signed_in(reviewer)

    client.post(f"{RED}edit", edits(red, definition="Looks like blood.", applies_when="It is red.\n\n  It glows. "))

    red.refresh_from_db()
    assert (red.definition, red.applies_when) == ("Looks like blood.", ["It is red.", "It glows."])
    page = text_of(client.get(f"{RED}versions"))
    assert "Priya Raman changed it" in page
    assert "“Clearer.”" in page
    assert "<del>What red means.</del>" in client.get(f"{RED}versions").content.decode()


def test_an_earlier_version_is_said_again(reviewer, red):
    first = red.events.get().pgh_id
    nodes.edit_node(node=red, by=reviewer, version=1, definition="Something else.", **WHY)
    client = signed_in(reviewer)

    stale = client.post(f"{RED}versions/{first}", {"version": "1"})
    untouched = Node.objects.get(pk=red.pk).definition
    client.post(f"{RED}versions/{first}", {"version": "2"})

    assert (stale.url, untouched) == (f"{RED}versions", "Something else.")
    assert Node.objects.get(pk=red.pk).definition == "What red means."
    assert client.post(f"{RED}versions/999999999", {"version": "3"}).status_code == 404


def test_the_second_of_two_editors_keeps_what_they_typed(reviewer, red):
    nodes.edit_node(node=red, by=make_person(role="reviewer"), version=1, definition="The first one’s.", **WHY)

    response = signed_in(reviewer).post(f"{RED}edit", edits(red, definition="The second one’s."))

    assert response.status_code == 409
    assert "The second one’s.</textarea>" in response.content.decode()
    assert "The first one’s." in text_of(response)
    assert Node.objects.get(pk=red.pk).definition == "The first one’s."


@pytest.mark.parametrize(
    "values",
    [{"definition": " "}, {"reason": ""}, {"aliases": "a" * 161}, {"examples": "x\n" * 61}, {"definition": "nul\x00"}],
)
def test_what_cannot_be_kept_is_told_at_its_field(reviewer, red, values):
    response = signed_in(reviewer).post(f"{RED}edit", edits(red, **values))

    assert response.status_code == 422
    assert set(response.context["form"].errors) == set(values)
    assert Node.objects.get(pk=red.pk).version == 1


def test_a_move_can_be_taken_back_while_it_stands(boss, administrator, red, pink):
    rose = make_node("rose", parent=red)
    taxonomy_changes.move_node(node=rose, parent=pink, by=administrator, **WHY)
    address = "/taxonomy/colours/rose/versions"
    offered = boss.get(address).content.decode()

    taxonomy_changes.move_node(node=rose, parent=None, by=administrator, **WHY)

    assert 'href="/taxonomy/colours/rose/change/move?target=red"' in offered
    assert 'change/move?target=pink"' in boss.get(address).content.decode()
    assert 'change/move?target=red"' not in boss.get(address).content.decode()


@pytest.mark.parametrize("role", ["reader", "analyst"])
def test_analysts_do_not_rewrite_definitions(request, role, red):
    response = signed_in(request.getfixturevalue(role)).post(f"{RED}edit", edits(red))

    assert response.status_code == 403
    assert Node.objects.get(pk=red.pk).version == 1


def test_the_page_tells_what_rests_on_an_older_definition(reviewer, reader, red):
    label(make_case(), red, by=reviewer)
    Label.objects.update(updated_at=NOW.replace(year=2020))
    before = text_of(signed_in(reader).get(RED))
    nodes.edit_node(node=red, by=reviewer, version=1, definition="Something else.", **WHY)

    after = text_of(signed_in(reader).get(RED))

    assert "before this definition was changed" not in before
    assert "1 case was labelled before this definition was changed" in after


def test_markup_in_a_definition_is_text(reviewer, red):
    nodes.edit_node(node=red, by=reviewer, version=1, definition="<script>alert(1)</script>", **WHY)

    pages = [signed_in(reviewer).get(RED + address).content for address in ("", "edit", "versions")]

    assert [b"<script>alert(1)" in page for page in pages] == [False] * 3


def test_node_pages_tell_a_blind_rater_nothing_of_what_others_said(analyst, red, pink):
    public = make_case(nodes=[red])
    client = signed_in(analyst)
    before = [plain(client.get(address)) for address in (RED, "/taxonomy/colours/pink/", "/taxonomy/")]

    case = make_case()
    label(case, red, by=make_person(name="Somebody else"), confidence=90)
    label(public, pink, by=make_person(name="Somebody else"), confidence=90)

    after = [plain(client.get(address)) for address in (RED, "/taxonomy/colours/pink/", "/taxonomy/")]
    assert after == before


def test_who_has_rated_a_case_sees_it_counted(analyst, red, pink):
    case = make_case()
    label(case, red, by=make_person())

    label(case, pink, by=analyst)

    assert signed_in(analyst).get(RED).context["count"] == 1


def plain(response):
    return re.sub(rb"[A-Za-z0-9]{64}", b"", response.content)


def test_alternative_parents_and_mappings_come_and_go(boss, red, pink):
    hue = make_node("hue", scheme=make_scheme("hues"))
    boss.post(f"{RED}place", {"what": "claim", "claim-parent": pink.pk, "claim-asserted_by": "A painter"})
    boss.post(f"{RED}place", {"what": "map", "map-other": hue.pk, "map-relation": "broad", "map-source": "Goethe"})
    kept = (AlternativeParent.objects.get(node=red).asserted_by, Mapping.objects.get(from_node=red).relation)

    boss.post(f"{RED}place", {"what": "drop-claim", "number": AlternativeParent.objects.get(node=red).pk})
    boss.post(f"{RED}place", {"what": "drop-mapping", "number": Mapping.objects.get(from_node=red).pk})

    assert kept == ("A painter", "broad")
    assert not AlternativeParent.objects.filter(node=red).exists()
    assert not Mapping.objects.filter(from_node=red).exists()


def test_a_mapping_within_one_scheme_is_not_offered(boss, red, pink):
    response = boss.post(
        f"{RED}place", {"what": "map", "map-other": pink.pk, "map-relation": "broad", "map-source": "Goethe"}
    )

    assert response.status_code == 422
    assert not Mapping.objects.filter(from_node=red).exists()


def test_a_new_scheme_and_its_first_node(boss):
    made = boss.post("/taxonomy/new", {"name": "Keys", "slug": "keys", "kind": "concept", "allows_several": "on"})
    node = {"name": "Major", "slug": "major", "definition": "Bright.", "definition_status": "provisional"}
    first = boss.post("/taxonomy/keys/new", node)
    twice = boss.post("/taxonomy/keys/new", node)

    assert (made.url, first.url, twice.status_code) == ("/taxonomy/keys/new", "/taxonomy/keys/major/", 422)
    assert Node.objects.get(scheme__slug="keys").definition == "Bright."
