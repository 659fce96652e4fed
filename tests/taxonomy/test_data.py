"""The vocabularies that ship, read from their files alone."""

from collections import Counter
from itertools import combinations
from pathlib import Path

import pytest
import yaml

import taxonomy

DATA = Path(taxonomy.__file__).parent / "data"
NODES_IN_SCHEME = {
    "misalignment-causes": 14,
    "three-type": 3,
    "case-framework": 28,
    "mechanism": 32,
    "goodhart": 4,
    "technique": 11,
    "control": 6,
    "failure-mode": 7,
    "mitigation": 32,
    "symptom": 8,
    "concept": 13,
}
NODE_KEYS = {
    "slug",
    "name",
    "aliases",
    "definition",
    "definition_status",
    "applies_when",
    "does_not_apply_when",
    "needs_all_criteria",
    "examples",
    "source",
    "parent",
    "alternative_parents",
}


def read(name):
    return yaml.load((DATA / name).read_text(encoding="utf-8"), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))


@pytest.fixture(scope="module")
def schemes():
    return {path.stem: read(f"schemes/{path.name}") for path in (DATA / "schemes").glob("*.yaml")}


@pytest.fixture(scope="module")
def keys(schemes):
    return {f"{slug}:{node['slug']}" for slug, scheme in schemes.items() for node in scheme["nodes"]}


def nodes_of(schemes):
    return [(slug, node) for slug, scheme in schemes.items() for node in scheme["nodes"]]


def test_eleven_schemes_hold_158_nodes(schemes):
    counted = {slug: len(scheme["nodes"]) for slug, scheme in schemes.items()}

    assert counted == NODES_IN_SCHEME
    assert sum(counted.values()) == 158


def test_file_name_is_the_slug_of_its_scheme(schemes):
    assert {slug: scheme["scheme"]["slug"] for slug, scheme in schemes.items()} == {slug: slug for slug in schemes}


def test_kinds_of_schemes(schemes):
    assert {slug: scheme["scheme"]["kind"] for slug, scheme in schemes.items()} == {
        "misalignment-causes": "cause",
        "three-type": "type",
        "case-framework": "framework",
        "mechanism": "mechanism",
        "goodhart": "goodhart",
        "technique": "technique",
        "control": "technique",
        "failure-mode": "failure mode",
        "mitigation": "mitigation",
        "symptom": "symptom",
        "concept": "concept",
    }


def test_slugs_are_unique_in_their_scheme(schemes):
    repeated = [key for key, n in Counter((slug, node["slug"]) for slug, node in nodes_of(schemes)).items() if n > 1]

    assert repeated == []


def test_nodes_have_only_known_keys_and_no_empty_text(schemes):
    nodes = nodes_of(schemes)

    assert [node["slug"] for _, node in nodes if set(node) - NODE_KEYS] == []
    assert [node["slug"] for _, node in nodes if not (node["name"] and node["definition"] and node["source"])] == []


def test_definition_statuses(schemes):
    counted = Counter(node["definition_status"] for _, node in nodes_of(schemes))

    assert counted == {"from source": 146, "reconstructed": 3, "provisional": 9}


def test_parent_stands_before_its_children_in_the_same_scheme(schemes):
    astray = []
    for scheme in schemes.values():
        seen = {None}
        for node in scheme["nodes"]:
            if node["parent"] not in seen:
                astray.append(node["slug"])
            seen.add(node["slug"])

    # Nothing can be its own ancestor either: a cycle has no first node.
    assert astray == []


def test_alternative_parents_exist_and_close_no_cycle(schemes):
    for scheme in schemes.values():
        above = {node["slug"]: {node["parent"]} - {None} for node in scheme["nodes"]}
        for node in scheme["nodes"]:
            for claim in node.get("alternative_parents", []):
                assert claim["parent"] in above
                assert claim["asserted_by"]
                above[node["slug"]].add(claim["parent"])

        assert [slug for slug in above if slug in ancestors(slug, above)] == []


def ancestors(slug, above):
    found, todo = set(), list(above[slug])
    while todo:
        parent = todo.pop()
        if parent not in found:
            found.add(parent)
            todo.extend(above[parent])
    return found


def test_alternative_parents_are_those_somebody_asserted(schemes):
    claims = {
        (slug, node["slug"], claim["parent"])
        for slug, node in nodes_of(schemes)
        for claim in node.get("alternative_parents", [])
    }

    assert claims == {("misalignment-causes", "gradient", "outer"), ("misalignment-causes", "human", "outer")}


def test_criteria_are_given_for_controls_and_for_causes_except_the_provisional_ones(schemes):
    with_criteria = {
        slug: {node["slug"] for node in scheme["nodes"] if node.get("applies_when") and node.get("does_not_apply_when")}
        for slug, scheme in schemes.items()
    }
    causes = {
        node["slug"] for node in schemes["misalignment-causes"]["nodes"] if node["definition_status"] != "provisional"
    }

    controls = {node["slug"] for node in schemes["control"]["nodes"]}
    given = {"misalignment-causes": causes, "control": controls}
    assert with_criteria == {slug: given.get(slug, set()) for slug in schemes}


def test_the_failure_types_exclude_one_another(schemes):
    groups = {slug: scheme["scheme"]["exclusive_groups"] for slug, scheme in schemes.items()}

    assert {slug: found for slug, found in groups.items() if found} == {
        "case-framework": [["type-behavioral", "type-objective", "type-strategic"]]
    }


def test_display_names_are_spelt_the_british_way_and_found_by_the_other_spelling(schemes):
    framework = {node["slug"]: node for node in schemes["case-framework"]["nodes"]}

    assert framework["type-behavioral"]["name"] == "Behavioural failure"
    assert framework["type-behavioral"]["aliases"] == ["Behavioral failure"]
    american = ("ehavior ", "eneraliz", "ptimiz", "nauthorized")
    assert [node["name"] for _, node in nodes_of(schemes) if any(part in node["name"] for part in american)] == []


def test_mappings_join_existing_nodes_of_two_schemes_with_a_source(keys):
    mappings = read("mappings.yaml")

    assert [row for row in mappings if not {row["from"], row["to"]} <= keys] == []
    assert [row for row in mappings if row["from"].split(":")[0] == row["to"].split(":")[0]] == []
    assert [row for row in mappings if not row["source"]] == []
    assert {row["relation"] for row in mappings} == {"exact", "close", "broad", "narrow", "related"}


def test_no_two_nodes_are_mapped_twice_in_either_direction():
    pairs = Counter(frozenset((row["from"], row["to"])) for row in read("mappings.yaml"))

    assert [sorted(pair) for pair, n in pairs.items() if n > 1] == []


def test_mappings_never_make_the_narrower_node_the_broader_one_too(schemes):
    """Default parents and broad or narrow mappings together form no circle."""
    above = {f"{slug}:{node['slug']}": set() for slug, node in nodes_of(schemes)}
    for slug, node in nodes_of(schemes):
        if node["parent"]:
            above[f"{slug}:{node['slug']}"].add(f"{slug}:{node['parent']}")
    for row in read("mappings.yaml"):
        if row["relation"] == "broad":
            above[row["from"]].add(row["to"])
        elif row["relation"] == "narrow":
            above[row["to"]].add(row["from"])

    assert [key for key in above if key in ancestors(key, above)] == []


@pytest.mark.parametrize(
    ("first", "second", "relation"),
    [
        ("misalignment-causes:perfect-correlate", "mechanism:m-goal-misgen", "close"),
        ("misalignment-causes:outer", "three-type:t3-outer", "close"),
        ("misalignment-causes:inner", "three-type:t3-inner", "close"),
        ("misalignment-causes:gradient", "case-framework:proxy-divergence", "related"),
        ("misalignment-causes:volition-based", "case-framework:reward-misspecification", "broad"),
        ("case-framework:reward-hacking", "mechanism:m-reward-hacking", "exact"),
    ],
)
def test_mappings_that_statistics_rely_on(first, second, relation):
    found = [row["relation"] for row in read("mappings.yaml") if (row["from"], row["to"]) == (first, second)]

    assert found == [relation]


def test_reference_matrix_holds_every_technique_against_every_failure_mode(keys):
    cells = read("reference_matrix.yaml")
    pairs = {(cell["technique"], cell["failure_mode"]) for cell in cells}

    assert len(cells) == len(pairs) == 49
    assert {part for pair in pairs for part in pair} <= keys
    assert [len({pair[side] for pair in pairs}) for side in (0, 1)] == [7, 7]
    assert Counter(cell["value"] for cell in cells) == {"vulnerable": 27, "resistant": 19, "uncertain": 3}
    assert Counter(cell["confidence"] for cell in cells) == {"medium": 37, "high": 12}
    assert [cell for cell in cells if "by secondary transcription" not in cell["source"]] == []


def test_reference_matrix_gives_the_published_overlaps():
    vulnerable = {}
    for cell in read("reference_matrix.yaml"):
        modes = vulnerable.setdefault(cell["technique"].removeprefix("technique:"), set())
        if cell["value"] == "vulnerable":
            modes.add(cell["failure_mode"])

    def jaccard(one, other):
        return round(len(vulnerable[one] & vulnerable[other]) / len(vulnerable[one] | vulnerable[other]), 4)

    assert jaccard("rlhf", "rlaif") == 0.8333
    assert jaccard("rlaif", "w2s") == 1
    assert jaccard("debate", "repe") == 0.1667
    mean = sum(jaccard(*pair) for pair in combinations(sorted(vulnerable), 2)) / 21
    assert mean == pytest.approx(0.3660, abs=5e-5)


def test_five_severity_tiers_in_order():
    tiers = read("severity_tiers.yaml")

    assert [(tier["rank"], tier["slug"], tier["name"], tier["colour"]) for tier in tiers] == [
        (0, "none", "None", "s0"),
        (1, "low", "Low", "s1"),
        (2, "moderate", "Moderate", "s2"),
        (3, "high", "High", "s3"),
        (4, "critical", "Critical", "s4"),
    ]
    assert [tier["slug"] for tier in tiers if not (tier["criteria"] and tier["example"])] == []


def test_failure_types_suggest_the_tier_of_their_risk_level():
    suggested = {tier["slug"]: tier["suggested_for"] for tier in read("severity_tiers.yaml")}

    assert suggested == {
        "none": [],
        "low": [],
        "moderate": ["case-framework:type-behavioral"],
        "high": ["case-framework:type-objective"],
        "critical": ["case-framework:type-strategic"],
    }
