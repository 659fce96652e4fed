"""Within version 1 routes and fields are added, never taken away.

`contract.json` holds what was ever released: each path, method, parameter, field of a body and of an answer, and value
of an enumeration. What is added since passes; what is gone, became required or changed its type fails. After adding:

    pytest tests/api/test_contract.py --snapshot-update

which adds to the file and takes nothing out. Whoever must break the contract edits the file by hand, and says so in the
changelog under a new version of the API.
"""

import copy
import json
from pathlib import Path

import pytest

from api.views.document import document

RELEASED = Path(__file__).parent / "contract.json"
JSON = "application/json"
DEEPEST = 6


def summary(contract):
    """{method and path: what a client may rely on}."""
    return {
        f"{method.upper()} {path}": {
            "parameters": {f"{each['in']} {each['name']}": parameter(each) for each in operation.get("parameters", ())},
            "body": members(contract, content(operation.get("requestBody", {}))),
            "answers": {
                status: members(contract, content(answer))
                for status, answer in operation["responses"].items()
                if status < "300"
            },
        }
        for path, operations in contract["paths"].items()
        for method, operation in operations.items()
    }


def content(place):
    return place.get("content", {}).get(JSON, {}).get("schema", {})


def parameter(described):
    schema = described["schema"]
    values = schema.get("enum") or schema.get("items", {}).get("enum") or []
    return {"required": described.get("required", False), "values": [str(value) for value in values]}


def members(contract, schema, at="", depth=0):
    """{place such as `results.title`: its type, whether it is always there, and the values it may have}."""
    schema = resolved(contract, schema)
    found = {}
    for name, inner in schema.get("properties", {}).items():
        place, whole = f"{at}{name}", resolved(contract, inner)
        found[place] = {
            "type": types_of(contract, whole),
            "required": name in schema.get("required", ()),
            "values": [str(value) for value in values_of(contract, whole)],
        }
        for each in (whole, *whole.get("oneOf", ()), whole.get("items", {})) if depth < DEEPEST else ():
            found |= members(contract, each, f"{place}.", depth + 1)
    return found


def resolved(contract, schema):
    while "$ref" in schema or len(schema.get("allOf", ())) == 1:
        if "allOf" in schema:
            schema = schema["allOf"][0]
            continue
        schema = contract["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    return schema


def types_of(contract, schema):
    several = [resolved(contract, each) for each in schema.get("oneOf", ())] or [schema]
    types = [
        kind
        for each in several
        for kind in ([each["type"]] if isinstance(each.get("type"), str) else each.get("type", []))
    ]
    return sorted({kind for each in types for kind in ([each] if isinstance(each, str) else each)})


def values_of(contract, schema):
    several = [resolved(contract, each) for each in schema.get("oneOf", ())] or [schema]
    return [value for each in several for value in each.get("enum", ())]


def breaks(released, present):
    """What a client may have relied on and cannot any more, in words."""
    found = []
    for operation, then in released.items():
        now = present.get(operation)
        if now is None:
            found.append(f"{operation}: the operation is gone.")
            continue
        found += [f"{operation}: {words}" for words in breaks_of_parameters(then["parameters"], now["parameters"])]
        found += [f"{operation}, body: {words}" for words in breaks_of_body(then["body"], now["body"])]
        for status, fields in then["answers"].items():
            if status not in now["answers"]:
                found.append(f"{operation}: it does not answer {status} any more.")
                continue
            words = breaks_of_answer(fields, now["answers"][status])
            found += [f"{operation}, answer {status}: {each}" for each in words]
    return found


def breaks_of_parameters(then, now):
    for name, was in then.items():
        if name not in now:
            yield f"the parameter “{name}” is gone."
            continue
        yield from (f"“{name}” does not take “{value}” any more." for value in lost(was["values"], now[name]["values"]))
    yield from newly_required(then, now)


def breaks_of_body(then, now):
    for name, was in then.items():
        if name not in now:
            yield f"the field “{name}” is gone."
            continue
        yield from (f"“{name}” does not take “{value}” any more." for value in lost(was["values"], now[name]["values"]))
        yield from (f"“{name}” is no {kind} any more." for kind in set(was["type"]) - set(now[name]["type"]))
    yield from newly_required(then, now)


def newly_required(then, now):
    for name, is_now in now.items():
        inside_new = any(name.startswith(f"{other}.") for other in now if other not in then)
        if is_now["required"] and not then.get(name, {"required": False})["required"] and not inside_new:
            yield f"“{name}” is needed now."


def breaks_of_answer(then, now):
    for name, was in then.items():
        if name not in now:
            yield f"the field “{name}” is gone."
            continue
        if was["required"] and not now[name]["required"]:
            yield f"the field “{name}” may be missing now."
        yield from (f"“{name}” may be {kind} now." for kind in set(now[name]["type"]) - set(was["type"]))
        yield from (f"“{name}” is never “{value}” any more." for value in lost(was["values"], now[name]["values"]))


def lost(then, now):
    """Values that are gone; none where any value is taken now."""
    return [value for value in then if value not in now] if now else []


def merged(then, now):
    """Both, the present first: nothing that was released is taken out."""
    if isinstance(then, dict) and isinstance(now, dict):
        return {key: merged(then.get(key, now.get(key)), now.get(key, then.get(key))) for key in sorted({*then, *now})}
    if isinstance(then, list) and isinstance(now, list):
        return [*now, *(value for value in then if value not in now)]
    return now


@pytest.fixture(scope="module")
def present():
    return summary(json.loads(document()))


def released():
    return json.loads(RELEASED.read_text(encoding="utf-8")) if RELEASED.exists() else {}


def test_nothing_that_was_released_is_taken_away(present, request):
    problems = breaks(released(), present)

    assert problems == [], "\n".join(["A client of version 1 would break:", *problems])
    if request.config.getoption("update_snapshots"):
        text = json.dumps(merged(released(), present), indent=0, sort_keys=True, ensure_ascii=False)
        RELEASED.write_text(text + "\n", encoding="utf-8")


OPERATION = "GET /api/v1/cases/{reference}/"


def without(present, *path):
    """A copy of the contract that lacks one thing."""
    changed = copy.deepcopy(present)
    place = changed
    for step in path[:-1]:
        place = place[step]
    del place[path[-1]]
    return changed


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ((OPERATION,), "the operation is gone"),
        ((OPERATION, "answers", "200"), "does not answer 200 any more"),
        ((OPERATION, "answers", "200", "title"), "“title” is gone"),
        ((OPERATION, "answers", "200", "systems.name"), "“systems.name” is gone"),
        (("GET /api/v1/cases/", "parameters", "query status"), "“query status” is gone"),
        (("POST /api/v1/cases/", "body", "kind"), "“kind” is gone"),
    ],
)
def test_whatever_disappears_is_told(present, path, words):
    found = breaks(present, without(present, *path))

    assert [words in each for each in found] == [True]
    # The other way round something was added, which breaks nobody.
    assert breaks(without(present, *path), present) == []


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda now: now["POST /api/v1/cases/"]["body"]["kind"].update(required=True), "“kind” is needed now"),
        (lambda now: now[OPERATION]["answers"]["200"]["title"].update(required=False), "may be missing now"),
        (lambda now: now[OPERATION]["answers"]["200"]["title"].update(type=["null", "string"]), "may be null now"),
        (lambda now: now[OPERATION]["answers"]["200"]["status"]["values"].remove("triage"), "never “triage”"),
        (lambda now: now["POST /api/v1/cases/"]["body"]["kind"]["values"].remove("finding"), "does not take “finding”"),
        (lambda now: now["GET /api/v1/cases/"]["parameters"]["query limit"].update(required=True), "is needed now"),
    ],
)
def test_what_becomes_narrower_is_told(present, change, words):
    changed = copy.deepcopy(present)
    change(changed)

    assert [words in each for each in breaks(present, changed)] == [True]


def test_renewing_keeps_what_is_gone(present):
    less = without(present, OPERATION, "answers", "200", "title")

    assert merged(present, less) == merged(present, present)
