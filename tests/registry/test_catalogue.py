"""The demonstration catalogue that ships, read from its file alone."""

from collections import Counter
from pathlib import Path

import pytest
import yaml

import registry
import taxonomy
from registry.choices import Kind, Scope, SourceKind, Stage, Triage, Verification

LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@pytest.fixture(scope="module")
def cases():
    path = Path(registry.__file__).parent / "data" / "catalogue.yaml"
    return yaml.load(path.read_text(encoding="utf-8"), Loader=LOADER)


@pytest.fixture(scope="module")
def node_keys():
    folder = Path(taxonomy.__file__).parent / "data" / "schemes"
    schemes = [yaml.load(path.read_text(encoding="utf-8"), Loader=LOADER) for path in folder.glob("*.yaml")]
    return {f"{scheme['scheme']['slug']}:{node['slug']}" for scheme in schemes for node in scheme["nodes"]}


def labels_of(cases, scheme):
    keys = (label["node"] for case in cases for label in case["labels"])
    return Counter(key.removeprefix(f"{scheme}:") for key in keys if key.startswith(f"{scheme}:"))


def test_106_cases_each_under_its_own_slug_and_title(cases):
    assert len(cases) == 106
    assert len({case["slug"] for case in cases}) == 106
    assert len({case["title"] for case in cases}) == 106


def test_94_core_and_12_boundary_cases(cases):
    assert Counter(case["scope"] for case in cases) == {"core": 94, "boundary": 12}


def test_settings_decide_kind_and_stage(cases):
    counted = Counter((case["setting"], case["kind"], case["stage"]) for case in cases)

    assert counted == {("lab", "finding", "evaluation"): 64, ("production", "incident", "deployment"): 42}


def test_every_case_has_one_failure_type(cases):
    types = [[label["node"] for label in case["labels"] if ":type-" in label["node"]] for case in cases]

    assert {len(found) for found in types} == {1}
    assert Counter(found[0] for found in types) == {
        "case-framework:type-behavioral": 82,
        "case-framework:type-objective": 13,
        "case-framework:type-strategic": 11,
    }


def test_realised_severities(cases):
    counted = Counter(case["severity"]["realised"] for case in cases)

    assert counted == {"none": 62, "low": 16, "moderate": 14, "high": 9, "critical": 5}


def test_potential_severities(cases):
    counted = Counter(case["severity"]["potential"] for case in cases)

    assert counted == {"low": 27, "moderate": 32, "high": 28, "critical": 19}


def test_causes(cases):
    assert labels_of(cases, "misalignment-causes") == {
        "volition-based": 70,
        "capabilities-based": 23,
        "perfect-correlate": 11,
        "human-normative": 8,
        "overfit": 3,
        "precocious": 2,
        "underfit": 2,
        "human": 2,
        "human-unendorsed": 1,
        "human-undemocratic": 1,
    }


def test_most_common_mechanisms(cases):
    counted = labels_of(cases, "mechanism")
    expected = {
        "specification-gaming": 24,
        "simulator-exploit": 11,
        "sycophancy": 10,
        "test-gaming": 8,
        "unauthorized-action": 8,
        "m-goal-misgen": 7,
    }

    assert {slug: counted[slug] for slug in expected} == expected


def test_goodhart_labels_leave_30_cases_without_one(cases):
    without = [case for case in cases if not any(label["node"].startswith("goodhart:") for label in case["labels"])]

    assert labels_of(cases, "goodhart") == {"adversarial": 21, "regressional": 21, "extremal": 17, "causal": 17}
    assert len(without) == 30


def test_volition_based_confidences(cases):
    counted = Counter(
        label["confidence"]
        for case in cases
        for label in case["labels"]
        if label["node"] == "misalignment-causes:volition-based"
    )

    assert counted == {90: 16, 60: 43, 30: 11}


def test_confidence_is_given_for_causes_and_goodhart_only(cases):
    with_confidence = {
        label["node"].split(":")[0] for case in cases for label in case["labels"] if "confidence" in label
    }
    without = {label["node"].split(":")[0] for case in cases for label in case["labels"] if "confidence" not in label}

    assert with_confidence == {"misalignment-causes", "goodhart"}
    assert without == {"mechanism", "case-framework"}


def test_labels_name_shipped_nodes_once_a_case(cases, node_keys):
    assert [key for case in cases for key in keys_of(case) if key not in node_keys] == []
    assert [case["slug"] for case in cases if len(set(keys_of(case))) != len(keys_of(case))] == []


def keys_of(case):
    return [label["node"] for label in case["labels"]]


def test_every_goal_misgeneralisation_is_perfect_correlate_too(cases):
    with_both = [
        case
        for case in cases
        if {"mechanism:m-goal-misgen", "misalignment-causes:perfect-correlate"} <= set(keys_of(case))
    ]

    assert len(with_both) == 7


def test_values_are_ones_a_case_may_hold(cases):
    assert {case["kind"] for case in cases} <= set(Kind.values)
    assert {case["stage"] for case in cases} <= set(Stage.values)
    assert {case["scope"] for case in cases} <= set(Scope.values)
    assert {case["triage"] for case in cases if "triage" in case} <= set(Triage.values)
    assert [case["title"] for case in cases if not 6 <= len(case["title"]) <= 200] == []
    assert [case["slug"] for case in cases if not 1980 <= case["year"] <= 2026] == []
    assert [case["slug"] for case in cases if not case["systems"]] == []


def test_boundary_cases_say_how_triage_ends(cases):
    assert {case["slug"]: case["triage"] for case in cases if case["scope"] == "boundary"} == {
        "sign-flip": "ordinary-bug",
        "gemini-cli": "capability-limit",
        "cursor-sam": "capability-limit",
        "air-canada": "capability-limit",
        "nyc-mycity": "capability-limit",
        "epic-sepsis": "capability-limit",
        "zillow": "capability-limit",
        "chevy-dollar": "misuse",
        "dpd-swears": "unclear",
        "midas": "unclear",
        "ofqual": "unclear",
        "amazon-cameras": "unclear",
    }


def test_objectives_of_production_cases_are_marked_as_inferred(cases):
    inferred = {case["slug"] for case in cases if case.get("objectives_inferred")}

    assert inferred == {case["slug"] for case in cases if case["setting"] == "production"}


def test_sources_fit_the_registry_and_an_address_has_one_title(cases):
    sources = [source for case in cases for source in case["sources"]]
    titles = {}
    for source in sources:
        if "url" in source:
            titles.setdefault(source["url"], set()).add(source["title"])

    assert [case["slug"] for case in cases if not case["sources"]] == []
    assert {source["kind"] for source in sources} <= set(SourceKind.values)
    assert {source["verification"] for source in sources} <= set(Verification.values)
    assert [url for url in titles if not url.startswith(("https://", "http://"))] == []
    assert [url for url, found in titles.items() if len(found) > 1] == []


def test_incident_numbers_belong_to_one_case_and_are_linked(cases):
    numbers = [(case["slug"], ref["id"]) for case in cases for ref in case.get("external_ids", [])]
    linked = {(case["slug"], source.get("url")) for case in cases for source in case["sources"]}

    assert len(numbers) == len({number for _, number in numbers}) == 42
    assert [
        slug for slug, number in numbers if (slug, f"https://incidentdatabase.ai/cite/{number}") not in linked
    ] == []


def test_verification_is_said_in_words(cases):
    parts = Counter(part for case in cases for part in case["verification"].rstrip(".").split("; "))
    spelt = Counter("number" if "number" in part else part.lower() for part in parts.elements())

    assert spelt == {
        "primary text seen": 28,
        "row of krakovna's specification-gaming list seen": 34,
        "secondary pages only": 11,
        "number": 40,
    }


def test_allegations_stay_allegations(cases):
    texts = {case["slug"]: f"{case['observed_behaviour']} {case.get('note', '')}" for case in cases}

    assert "lawsuit" in texts["character-ai"]
    assert "lawsuit" in texts["uhc-naviheath"]
    assert "alleged" in texts["youtube-radical"]
    assert "reportedly" in texts["chai-death"]
