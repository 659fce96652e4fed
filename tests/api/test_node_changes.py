"""Changing the place and the use of nodes, mappings, and the cases to look at again, through the API."""

import pytest

from registry.choices import Method, Visibility
from registry.models import Classification, Relabel, TaxonomyChange
from taxonomy.models import Mapping, Node
from tests import analysed
from tests.api.conftest import Tool
from tests.factories import NOW, label, make_case, make_node, make_person, make_scheme, seen_by_standing_aside

pytestmark = pytest.mark.django_db

RED = "nodes/colours:red/"
WHY = {"reason": "Raters mixed them up."}


@pytest.fixture
def red(db):
    return make_node("red")


@pytest.fixture
def pink(red):
    return make_node("pink")


@pytest.fixture
def boss(administrator):
    return Tool(administrator)


def etag(tool, path=RED):
    return tool.get(path)["ETag"]


def test_a_dry_run_says_what_would_follow_and_does_nothing(boss, red, pink):
    case = make_case(nodes=[red])

    preview = boss.send("POST", f"{RED}split/?dry_run=true", {"targets": [pink.key, make_node("rose").key]})

    assert preview.status_code == 200, preview.content
    assert (preview.json()["n_cases"], preview.json()["n_to_look_at"]) == (1, 1)
    assert [each["case"] for each in preview.json()["cases"]] == [case.reference]
    assert not TaxonomyChange.objects.exists()


def test_a_split_lets_its_cases_wait_and_can_be_read(boss, red, pink):
    case, rose = make_case(nodes=[red]), make_node("rose")
    preview = boss.send("POST", f"{RED}split/?dry_run=true", {"targets": [pink.key, rose.key]}).json()
    sent = WHY | {"targets": [pink.key, rose.key], "seen": preview["state"]}

    made = boss.send("POST", f"{RED}split/", sent, match=etag(boss))

    assert made.status_code == 201, made.content
    assert (made.json()["kind"], made.json()["targets"]) == ("split", [pink.key, rose.key])
    assert boss.get(made["Location"]).content == made.content
    (waiting,) = boss.get("relabels/?state=waiting").json()["results"]
    assert (waiting["case"], waiting["node"], waiting["targets"]) == (case.reference, red.key, [pink.key, rose.key])
    assert boss.get(waiting["url"]).json() == waiting


def test_a_change_after_something_else_changed_is_refused_and_nothing_done(boss, red, pink):
    make_case(nodes=[red])
    sent = WHY | {"target": pink.key}
    seen = boss.send("POST", f"{RED}merge/?dry_run=true", {"target": pink.key}).json()["state"]
    tag = etag(boss)
    make_case(nodes=[red])

    late = boss.send("POST", f"{RED}merge/", sent | {"seen": seen}, match=tag)
    Node.objects.filter(pk=red.pk).update(version=red.version + 1)
    stale = boss.send("POST", f"{RED}merge/", sent, match=tag)

    assert [each.status_code for each in (late, stale)] == [412, 412]
    assert boss.send("POST", f"{RED}merge/", sent).status_code == 428
    assert (TaxonomyChange.objects.count(), Node.objects.get(pk=red.pk).retired_at) == (0, None)


def test_move_retire_and_restore(boss, red, pink):
    moved = boss.send("POST", f"{RED}move/", WHY | {"parent": pink.key}, match=etag(boss))
    assert (moved.status_code, boss.get(RED).json()["parent"]) == (201, pink.key)
    top = boss.send("POST", f"{RED}move/", WHY | {"parent": None}, match=etag(boss))
    assert (top.status_code, boss.get(RED).json()["parent"]) == (201, None)
    assert boss.send("POST", f"{RED}restore/", WHY, match=etag(boss)).status_code == 400

    retired = boss.send("POST", f"{RED}retire/", WHY, match=etag(boss))
    assert (retired.status_code, bool(boss.get(RED).json()["retired_at"])) == (201, True)
    assert boss.send("POST", f"{RED}retire/", WHY, match=etag(boss)).status_code == 400

    restored = boss.send("POST", f"{RED}restore/", WHY, match=etag(boss))
    assert (restored.status_code, restored.json()["retired_at"]) == (200, None)
    assert [each["kind"] for each in boss.get("taxonomy-changes/?node=colours:red").json()["results"]] == [
        "retire",
        "move",
        "move",
    ]


@pytest.mark.parametrize(
    ("step", "sent", "pointer"),
    [
        ("merge", {"target": "goodhart:causal"}, "#/target"),
        ("merge", {"target": "colours:red"}, "#/target"),
        ("merge", {"target": "colours:old"}, "#/target"),
        ("merge", {"target": None}, "#/target"),
        ("merge", {}, "#/target"),
        ("split", {"targets": ["colours:pink"]}, "#/targets"),
        ("split", {"targets": ["colours:pink", 7]}, "#/targets/1"),
        ("move", {"parent": "colours:below"}, "#/parent"),
        ("move", {}, "#/parent"),
        ("retire", {"reason": ""}, "#/reason"),
        ("retire", {"target": "colours:pink"}, "#/target"),
    ],
)
def test_a_change_that_will_not_do_is_refused_with_a_pointer(boss, red, pink, step, sent, pointer):
    make_node("below", parent=red)
    Node.objects.filter(pk=make_node("old").pk).update(retired_at=NOW)

    refused = boss.send("POST", f"{RED}{step}/", WHY | sent, match="*")

    assert refused.status_code == 400, refused.content
    assert refused.json()["errors"][0]["pointer"] == pointer
    assert not TaxonomyChange.objects.exists()


def test_a_hidden_case_moves_no_preview_and_no_count(boss, administrator, red, pink):
    seen = make_case(nodes=[red])
    change = analysed.taxonomy_change(node=red, made_by=administrator)
    analysed.relabel(change=change, case=seen)
    paths = ("taxonomy-changes/", f"taxonomy-changes/{change.pk}/", "relabels/?count=exact")
    steps = (("retire", {}), ("merge", {"target": pink.key}), ("move", {"parent": pink.key}))

    def everything():
        looked = [boss.send("POST", f"{RED}{step}/?dry_run=true", sent).content for step, sent in steps]
        return looked + [boss.get(path).content for path in paths]

    before = everything()
    keeper = make_person()
    hidden = make_case(nodes=[red], visibility=Visibility.NAMED, reporter=keeper)
    label(hidden, red, by=keeper)
    analysed.relabel(change=change, case=hidden)

    assert everything() == before


def test_a_blind_administrator_learns_nothing_when_others_label(boss, red, pink):
    case = make_case(status="analysis", nodes=[red])
    before = boss.send("POST", f"{RED}merge/?dry_run=true", {"target": pink.key}).content

    label(case, red)
    label(case, pink, stance="absent")

    assert boss.send("POST", f"{RED}merge/?dry_run=true", {"target": pink.key}).content == before


def test_the_queue_is_filtered_and_closed_by_saying_that_nothing_applies(as_analyst, analyst, red):
    mine, others = make_case(status="analysis", nodes=[red]), make_case(status="analysis", nodes=[red])
    label(mine, red, by=analyst)
    change = analysed.taxonomy_change(kind="retire", node=red)
    waiting, other = (analysed.relabel(change=change, case=case) for case in (mine, others))

    def found(query):
        return [row["id"] for row in as_analyst.get(f"relabels/?{query}").json()["results"]]

    assert found("") == [other.pk, waiting.pk]
    assert (found("rater=me"), found(f"change={change.pk}"), found("change=2147483647")) == (
        [waiting.pk],
        [other.pk, waiting.pk],
        [],
    )
    done = as_analyst.send("POST", f"relabels/{waiting.pk}/none-applies/", {"reason": "It crashed."})
    assert (done.status_code, done.json()["done_by"]) == (200, analyst.username)
    assert (found("state=done"), found("state=waiting")) == ([waiting.pk], [other.pk])
    assert not Classification.objects.filter(case=mine, node=red).exists()
    blind = as_analyst.send("POST", f"relabels/{other.pk}/none-applies/", {"reason": "It crashed."})
    assert (blind.status_code, Relabel.objects.get(pk=other.pk).done_at) == (409, None)


def test_who_may_not_know_what_a_case_carries_does_not_see_that_it_waits(as_analyst, analyst, red):
    case = make_case(status="analysis", nodes=[red])
    Classification.objects.update(method=Method.SINGLE_RATER)
    relabel = analysed.relabel(change=analysed.taxonomy_change(kind="retire", node=red), case=case)

    assert as_analyst.get("relabels/").json()["results"] == []
    assert as_analyst.get(f"relabels/{relabel.pk}/").status_code == 404
    seen_by_standing_aside(case, analyst)
    assert as_analyst.get(f"relabels/{relabel.pk}/").status_code == 200


def test_mappings_are_made_filtered_and_dropped(boss, red):
    other = make_node("rosso", scheme=make_scheme("wines"))
    sent = {"node": red.key, "relation": "broad", "other": other.key, "source": "Us"}

    made = boss.send("POST", "mappings/", sent)

    assert (made.status_code, {name: made.json()[name] for name in sent}) == (201, sent)
    for query, n in (("scheme=wines", 1), ("scheme=goodhart", None), ("node=wines:rosso&relation=broad", 1),
                     ("node=wines:rosso&relation=exact", 0)):  # fmt: skip
        rows = boss.get(f"mappings/?{query}").json()["results"]
        assert made.json() not in rows if not n else rows == [made.json()]
    assert boss.send("POST", "mappings/", sent).status_code == 409
    assert boss.send("POST", "mappings/", sent | {"other": "colours:red"}).status_code == 400
    assert boss.send("DELETE", made["Location"]).status_code == 204
    assert boss.get(made["Location"]).status_code == 404
    assert not Mapping.objects.filter(from_node=red).exists()


@pytest.mark.parametrize("n", [1, 30])
def test_list_query_counts(boss, red, django_assert_num_queries, n):
    Mapping.objects.all().delete()
    change = analysed.taxonomy_change(node=red)
    change.targets.add(make_node("pink"))
    for _ in range(n):
        analysed.relabel(change=change, case=make_case(nodes=[red]))
        analysed.taxonomy_change(node=make_node())
        other = make_node(scheme=make_scheme(f"wines-{Mapping.objects.count()}"))
        Mapping.objects.create(from_node=red, to_node=other, relation="close", source="Us")

    for path, extra in (("relabels/", 0), ("taxonomy-changes/", 1), ("mappings/", 0)):
        with django_assert_num_queries(2):
            rows = boss.get(path).json()["results"]
        assert len(rows) == n + extra


@pytest.mark.parametrize("number", ["0", "9999999999", "9" * 4300, "x", "-1"])
@pytest.mark.parametrize("noun", ["relabels", "mappings", "taxonomy-changes"])
def test_what_does_not_exist_is_not_found(boss, noun, number):
    assert boss.get(f"{noun}/{number}/").status_code == 404
    assert boss.get(f"relabels/?change={number}").status_code in (200, 400)
