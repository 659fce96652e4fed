"""What every operation of the OpenAPI document takes and answers beside its own."""

from api.errors import MEDIA_TYPE
from api.once import HEADER
from api.problems import PROBLEMS

IDEMPOTENCY_KEY = {
    "in": "header",
    "name": HEADER,
    "schema": {"type": "string", "pattern": "^[!-~]{1,255}$"},
    "description": "Sent again within 24 hours with the same body, the request is answered alike and done once.",
}
HEADERS = {
    "X-Request-ID": "The request's id, or the one that you sent.",
    "RateLimit-Limit": "Requests that you may send in a minute.",
    "RateLimit-Remaining": "How many of them are left.",
    "RateLimit-Reset": "Seconds until counting starts again.",
    "RateLimit-Policy": "The limit and its window in seconds.",
    "Idempotency-Replayed": "`true` on an answer that is given again.",
    "Retry-After": "Seconds to wait before you ask again.",
}
NUMBERS = {"RateLimit-Limit", "RateLimit-Remaining", "RateLimit-Reset", "Retry-After"}
ALWAYS = ("X-Request-ID", "RateLimit-Limit", "RateLimit-Remaining", "RateLimit-Reset", "RateLimit-Policy")
TAGS = '(W/)?"[!#-~]*"'
CONDITIONS = {"type": "string", "pattern": f"^(\\*|{TAGS}(, *{TAGS})*)$"}


def share(result, generator, request, public):
    """Called by drf-spectacular with the finished document."""
    result["components"]["headers"] = {name: header(name) for name in HEADERS}
    for operations in result["paths"].values():
        for method, operation in operations.items():
            share_refusals(operation, method)
            share_headers(operation, method)
            for each in operation.get("parameters", ()):
                if each["name"] in ("If-Match", "If-None-Match"):
                    each["schema"] = CONDITIONS
            if method == "post":
                operation.setdefault("parameters", []).append(IDEMPOTENCY_KEY)
    return result


def header(name):
    return {"description": HEADERS[name], "schema": {"type": "integer" if name in NUMBERS else "string"}}


def share_refusals(operation, method):
    statuses = (409, 422, 429) if method == "post" else (429,)
    for status in statuses:
        titles = ". ".join(kind.title for kind in PROBLEMS.values() if kind.status == status)
        content = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/ProblemShape"}}}
        operation["responses"].setdefault(str(status), {"content": content, "description": titles})
    operation["responses"] = dict(sorted(operation["responses"].items()))


def share_headers(operation, method):
    for status, answer in operation["responses"].items():
        also = ("Retry-After",) if status == "429" else ()
        also += ("Idempotency-Replayed",) if method == "post" and status.startswith("2") else ()
        if status.startswith("2") or also:
            named = {name: {"$ref": f"#/components/headers/{name}"} for name in (*ALWAYS, *also)}
            answer["headers"] = {**answer.get("headers", {}), **named}
