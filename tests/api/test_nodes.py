"""Nodes through the API: made, changed, read in their versions and in their use."""

import pytest

from registry.actions.labels import label_case
from registry.choices import Visibility
from taxonomy.models import Mapping, Node
from tests import analysed
from tests.api.conftest import Tool
from tests.factories import NOW, agree, label, make_case, make_node, make_person, make_scheme

pytestmark = pytest.mark.django_db

RED = "nodes/colours:red/"
USED = f"{RED}use/"


@pytest.fixture
def red(db):
    return make_node("red", definition="Long waves.")


@pytest.fixture
def boss(administrator):
    return Tool(administrator, "taxonomy:write", "cases:read")


def slugs(tool, query):
    response = tool.get(f"nodes/?scheme=colours&{query}")
    assert response.status_code == 200, response.content
    return [row["slug"] for row in response.json()["results"]]


def test_nodes_are_filtered_by_branch_words_status_and_mappings(as_reader, red):
    pink = make_node("pink", parent=red, aliases=["rose"], definition="Pale.", definition_status="reconstructed")
    blue = make_node("blue", definition="Short waves.")
    Mapping.objects.create(
        from_node=make_node("rosso", scheme=make_scheme("wines")), to_node=red, relation="exact", source="Us"
    )

    assert slugs(as_reader, "under=colours:red") == [red.slug, pink.slug]
    assert slugs(as_reader, "q=waves") == [red.slug, blue.slug]
    assert slugs(as_reader, "q=short waves") == [blue.slug]
    assert slugs(as_reader, "q=ROSE") == [pink.slug]
    assert slugs(as_reader, "q=%25") == []
    assert slugs(as_reader, "definition_status=reconstructed") == [pink.slug]
    assert (slugs(as_reader, "mapped=true"), slugs(as_reader, "mapped=false")) == ([red.slug], [pink.slug, blue.slug])


def test_a_node_is_made_below_another_and_read_where_it_says(boss, red):
    made = boss.send("POST", "schemes/colours/nodes/", {
        "slug": "pink", "name": "Pink", "definition": "Pale red.", "parent": "colours:red", "aliases": ["rose"],
    })  # fmt: skip

    assert made.status_code == 201, made.content
    assert (made.json()["parent"], made.json()["aliases"]) == ("colours:red", ["rose"])
    assert boss.get(made["Location"]).content == made.content
    again = boss.send("POST", "schemes/colours/nodes/", {"slug": "pink", "name": "Pink", "definition": "The same."})
    assert (again.status_code, again.json()["type"]) == (409, "/api/v1/problems/already-exists/")


@pytest.mark.parametrize(
    ("values", "pointer"),
    [
        ({"slug": "Pink!"}, "#/slug"),
        ({"parent": "goodhart:causal"}, "#/parent"),
        ({"parent": "colours:nothing"}, "#/parent"),
        ({"parent": 7}, "#/parent"),
        ({"definition": None}, "#/definition"),
        ({"aliases": "rose"}, "#/aliases"),
        ({"applies_when": [None]}, "#/applies_when/0"),
        ({"colour": "pink"}, "#/colour"),
    ],
)
def test_a_node_that_will_not_do_is_refused_with_a_pointer(boss, red, values, pointer):
    sent = {"slug": "pink", "name": "Pink", "definition": "Pale red."} | values

    refused = boss.send("POST", "schemes/colours/nodes/", sent)

    assert refused.status_code == 400
    assert [each["pointer"] for each in refused.json()["errors"]] == [pointer]
    assert not Node.objects.filter(scheme__slug="colours", slug="pink").exists()


def test_a_change_keeps_its_reason_as_a_version(boss, administrator, red):
    etag = boss.get(RED)["ETag"]

    changed = boss.send("PATCH", RED, {"definition": "Warm light.", "reason": "Waves said nothing."}, match=etag)

    assert changed.json()["definition"] == "Warm light."
    newest, first = boss.get(f"{RED}versions/").json()["results"]
    assert (newest["person"], newest["reason"]) == (administrator.username, "Waves said nothing.")
    assert (newest["changed"], newest["said"]["definition"]) == (["definition"], "Warm light.")
    assert (first["changed"], first["said"]["definition"]) == ([], "Long waves.")


def test_a_change_of_an_older_version_is_refused_with_both_texts(boss, red):
    etag = boss.get(RED)["ETag"]
    boss.send("PATCH", RED, {"definition": "Warm light.", "reason": "Clearer."}, match=etag)

    late = boss.send("PATCH", RED, {"definition": "Hot.", "source": "", "reason": "Shorter."}, match=etag)

    assert (late.status_code, late.json()["changed"]) == (412, ["definition"])
    assert late.json()["current"] == {"definition": "Warm light."}
    assert late.json()["etag"] == boss.get(RED)["ETag"]
    assert boss.send("PATCH", RED, {"source": "Us", "reason": "Missing."}).status_code == 428
    assert Node.objects.get(pk=red.pk).definition == "Warm light."


def test_another_parent_is_claimed_and_dropped(boss, red):
    make_node("warm")
    path = f"{RED}alternative-parents/"

    made = boss.send("POST", path, {"parent": "colours:warm", "asserted_by": "A critic"})

    assert boss.get(RED).json()["alternative_parents"] == [made.json()]
    assert boss.get(made["Location"]).json() == made.json()
    assert boss.send("DELETE", made["Location"]).status_code == 204
    assert boss.get(RED).json()["alternative_parents"] == []
    assert boss.get(made["Location"]).status_code == 404
    assert boss.send("DELETE", f"{path}9999999999/").status_code == 404


def test_use_counts_the_cases_the_reader_may_see(as_reader, red, analyst):
    other = make_node("loud")
    case = make_case(nodes=[red, other])
    label(case, red, by=analyst, confidence=80)

    use = as_reader.get(USED).json()

    assert (use["n_cases"], use["years"]) == (1, [{"year": 2026, "n_cases": 1}])
    assert use["beside"] == [{"node": other.key, "n_cases": 1}]
    assert (use["confidence"]["labels"], use["confidence"]["high"], use["agreement"]) == (1, 1, None)
    assert as_reader.get(use["cases_url"]).json()["results"][0]["reference"] == case.reference


def test_a_hidden_case_moves_nothing_of_the_use(as_reader, red, analyst):
    make_case(nodes=[red])
    before = as_reader.get(USED).content

    hidden = make_case(nodes=[red, make_node("loud")], visibility=Visibility.NAMED)
    label(hidden, red, by=analyst, confidence=80)
    analysed.relabel(change=analysed.taxonomy_change(node=red), case=hidden)

    assert as_reader.get(USED).content == before


def test_whoever_rates_blind_sees_nothing_move_when_others_label(analyst, as_analyst, as_reader, red):
    case = make_case(status="analysis", nodes=[red])
    other = make_node("loud")
    before = as_analyst.get(USED).content
    path = f"nodes/{other.key}/use/"
    before_other = as_analyst.get(path).content

    for rater in (make_person(), make_person()):
        label_case(case=case, node=other, by=rater, at=NOW, confidence=90)
        label_case(case=case, node=red, by=rater, at=NOW, confidence=90)

    assert (as_analyst.get(USED).content, as_analyst.get(path).content) == (before, before_other)
    assert as_reader.get(path).json()["n_cases"] == 1


def test_agreement_on_few_cases_does_not_say_how_many_differ(as_reader, red):
    run = analysed.agreement_run()
    analysed.agreement_score(
        run=run, node=red, scheme=red.scheme, n_cases=4, n_disputed=2, alpha=None, low=None, high=None
    )
    pink, rose = make_node("pink"), make_node("rose")
    analysed.confusion(red, pink, run=run, n_together=4)
    analysed.confusion(red, rose, run=run, n_cases=2, n_together=5)

    found = as_reader.get(USED).json()["agreement"]

    assert (found["n_cases"], found["n_disputed"], found["alpha"]) == (4, None, None)
    assert found["confused_with"] == [{"node": rose.key, "n_cases": 2, "n_together": 5}]


@pytest.mark.parametrize("n", [1, 30])
def test_use_query_count(as_reader, red, django_assert_num_queries, n):
    for _ in range(n):
        agree(make_case(), red, make_node())

    with django_assert_num_queries(13):
        use = as_reader.get(USED).json()

    assert (use["n_cases"], len(use["beside"])) == (n, min(n, 20))


@pytest.mark.parametrize("n", [1, 30])
def test_versions_query_count(as_reader, red, django_assert_num_queries, n):
    for number in range(n):
        Node.objects.filter(pk=red.pk).update(definition=f"Text {number}.")

    with django_assert_num_queries(4):
        versions = as_reader.get(f"{RED}versions/").json()["results"]

    assert len(versions) == n + 1


@pytest.mark.parametrize("tail", ["", "use/", "versions/"])
@pytest.mark.parametrize("key", ["colours:nothing", "nothing:red", f"colours:{'9' * 4300}"])
def test_a_node_that_does_not_exist_is_not_found(as_reader, red, key, tail):
    assert as_reader.get(f"nodes/{key}/{tail}").status_code == 404


@pytest.mark.parametrize(
    ("parent", "status", "code"),
    [
        ("colours:red", 201, None),
        (None, 201, None),
        ("", 400, "blank"),
        # Of one scheme only, so that it says which.
        ("red", 201, None),
        ("colours:mauve", 400, "unknown_node"),
        ("colours:old", 400, "retired"),
        (f"colours:{'r' * 113}", 400, "unknown_node"),
        (f"colours:{'r' * 114}", 400, "max_length"),
        ("r" * 100_000, 400, "max_length"),
        (7, 400, "invalid"),
        (["colours:red"], 400, "invalid"),
        ({"key": "colours:red"}, 400, "invalid"),
        ("colours:red\x00", 400, "not_text"),
    ],
    ids=lambda value: repr(value)[:20],
)
def test_a_node_is_named_by_its_key_and_by_nothing_else(boss, red, parent, status, code):
    Node.objects.filter(pk=make_node("old").pk).update(retired_at=NOW)

    answer = boss.send(
        "POST", "schemes/colours/nodes/", {"slug": "pink", "name": "Pink", "definition": "Pale.", "parent": parent}
    )

    errors = [(each["pointer"], each["code"]) for each in answer.json().get("errors", [])]
    assert (answer.status_code, errors) == (status, [("#/parent", code)] if code else [])
