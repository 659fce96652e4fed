"""What completes the OpenAPI document: families of routes, shared refusals, and examples of real answers."""

import json
from functools import cache
from pathlib import Path

from api.errors import MEDIA_TYPE
from api.problem_examples import example_of
from api.problems import PROBLEMS

RECORDED = Path(__file__).parent / "examples.json"
JSON = "application/json"
# Family → what it is, and the words of addresses that belong to it. A word behind `cases/{reference}/` counts first.
FAMILIES = {
    "Cases": ("Log cases, list and search them, change them and move them on.", {"cases"}),
    "Beside a case": (
        "Safeguards, evidence, sources, comments, links, merges, watching and history of a case.",
        {"safeguards", "evidence", "sources", "comments", "links", "merge", "merges", "unmerge", "history", "similar"}
        | {"safeguard-defaults", "files", "transcripts", "watch", "checklist", "proposals", "duplicates"},
    ),
    "Labels": (
        "What raters say of a case, what was agreed, and decisions between raters.",
        {"labels", "rating", "ratings", "classifications", "adjudications", "adjudicate", "relabels"},
    ),
    "Mitigations and debt": (
        "What is done so that it does not happen again, and what unfinished analyses weigh.",
        {"mitigations", "debt"},
    ),
    "Vocabularies": (
        "Schemes, their nodes and mappings, severity tiers, and the published reference matrix.",
        {"schemes", "nodes", "mappings", "severity-tiers", "reference-matrix", "taxonomy-changes"},
    ),
    "Systems and organisations": (
        "What cases are about, and how much systems are used.",
        {"systems", "organisations", "event-groups", "exposures"},
    ),
    "Patterns and agreement": (
        "What was computed over the cases, and how far labels can be trusted.",
        {"patterns", "agreement"},
    ),
    "Jobs, imports and exports": (
        "Work that takes longer than a request.",
        {"jobs", "imports", "exports", "batches", "bulk"},
    ),
    "Changes and webhooks": ("What changed, to read or to be sent.", {"changes", "webhooks", "deliveries"}),
    "People and tokens": (
        "Who you are, other people, teams, and the tokens by which tools sign in.",
        {"me", "people", "tokens", "teams"},
    ),
    "Views, digests and notifications": (
        "What belongs to one person: saved views, the weekly digest, what they were told.",
        {"views", "subscriptions", "digests", "notifications"},
    ),
    "Document": ("This document.", {"openapi.json"}),
}
OF_WORD = {word: family for family, (_, words) in FAMILIES.items() for word in words}
WRITING = ("post", "put", "patch", "delete")
CSRF = {
    "type": "apiKey",
    "in": "header",
    "name": "X-CSRFToken",
    "description": "With a session, on whatever changes something: the value of the cookie `csrftoken`.",
}


def complete(result, generator, request, public):
    """Called by drf-spectacular with the finished document."""
    result["tags"] = [{"name": family, "description": words} for family, (words, _) in FAMILIES.items()]
    result["components"]["securitySchemes"]["csrf"] = CSRF
    result["components"]["examples"] = {slug: {"value": example_of(slug)} for slug in PROBLEMS}
    recorded = recorded_examples()
    refusals = result["components"].setdefault("responses", {})
    for path, operations in result["paths"].items():
        for method, operation in operations.items():
            operation["tags"] = [family_of(path)]
            operation["security"] = ways_in(operation["security"], method)
            show_answers(operation, recorded.get(operation["operationId"], {}))
            share_refusals(operation, method, refusals)
    return result


def family_of(path):
    """The family of an address; empty where nobody has said."""
    words = [word for word in path.removeprefix("/api/v1/").split("/") if word and "{" not in word]
    beside = [OF_WORD[word] for word in words[1:] if word in OF_WORD and words[0] == "cases"]
    return beside[0] if beside else OF_WORD.get(words[0], "")


def ways_in(security, method):
    """A session needs the CSRF token beside it for what changes something."""
    changes = method in WRITING
    return [each | {"csrf": []} if changes and "session" in each else each for each in security]


@cache
def recorded_examples():
    """{operation: {"request": …, "answers": {status: answer}}}, written by tests/api/test_examples.py."""
    return json.loads(RECORDED.read_text(encoding="utf-8")) if RECORDED.exists() else {}


def show_answers(operation, recorded):
    body = operation.get("requestBody", {}).get("content", {}).get(JSON)
    if body is not None and "request" in recorded and "examples" not in body:
        body["examples"] = {"Request": {"value": recorded["request"]}}
    for status, answer in recorded.get("answers", {}).items():
        content = operation["responses"].get(status, {}).get("content", {}).get(JSON)
        if content is not None and "examples" not in content:
            content["examples"] = {"Answer": {"value": answer}}


def share_refusals(operation, method, shared):
    """Every refusal of a status reads the same, so it stands in the document once."""
    answers = operation["responses"]
    statuses = {status for status, answer in answers.items() if list(answer.get("content", ())) == [MEDIA_TYPE]}
    also = {"401", "403", "429", "500", "503"} | ({"411", "413", "415"} if method in WRITING else set())
    for status in statuses | also:
        headers = answers.get(status, {}).get("headers", {})
        shared.setdefault(f"Problem{status}", refusal(int(status), headers))
        answers[status] = {"$ref": f"#/components/responses/Problem{status}"}
    operation["responses"] = dict(sorted(answers.items()))


def refusal(status, headers):
    slugs = [slug for slug, kind in PROBLEMS.items() if kind.status == status]
    return {
        "description": ". ".join(PROBLEMS[slug].title for slug in slugs),
        "headers": {"X-Request-ID": {"$ref": "#/components/headers/X-Request-ID"}, **headers},
        "content": {
            MEDIA_TYPE: {
                "schema": {"$ref": "#/components/schemas/ProblemShape"},
                "examples": {slug: {"$ref": f"#/components/examples/{slug}"} for slug in slugs},
            }
        },
    }
