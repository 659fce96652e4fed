"""A body of each type of problem, for the document and for the page about the type."""

from api.errors import Problem, error

INSTANCE = "29bf389b-ba21-441a-90f8-0c7ff074776e"
ETAG = '"4-9c1185a5c5e9fc54"'
# Type → what is said of one example: detail, entries of `errors`, members of its own.
SAID = {
    "malformed-body": (
        "This key stands here twice.",
        [error("#/title", "This key stands here twice.", "repeated_key")],
        {},
    ),
    "invalid-input": ("See errors.", [error("#/systems/0/name", "This field is required.", "required")], {}),
    "invalid-parameter": (
        "There is no parameter “stats” here. Did you mean “status”?",
        [error("?stats", "There is no parameter “stats” here. Did you mean “status”?", "unknown_parameter")],
        {},
    ),
    "bad-request": ("The request could not be read.", [], {}),
    "not-signed-in": ("Send a token that is valid: this one is unknown, expired or revoked.", [], {}),
    "insufficient-scope": ("The token lacks: cases:write.", [], {}),
    "not-allowed": ("Only analysts move cases through analysis.", [], {}),
    "not-found": ("There is nothing here that you may see.", [], {}),
    "method-not-allowed": ("Method “PUT” not allowed.", [], {}),
    "not-acceptable": ("Could not satisfy the request Accept header.", [], {}),
    "step-refused": (
        "Write the root cause.",
        [error("#/root_cause", "Write the root cause.", "missing")],
        {},
    ),
    "already-exists": ("You have a view of this name already.", [], {}),
    "still-in-use": ("3 other rows refer to it.", [], {}),
    "busy": ("Two changes met. Try again.", [], {}),
    "stale-version": ("The case is at version 4.", [], {"etag": ETAG, "changed": ["root_cause"]}),
    "content-too-large": ("The body has more than 2,621,440 bytes.", [], {}),
    "unsupported-media-type": ("Unsupported media type “text/plain” in request.", [], {}),
    "version-required": ("Send the ETag you read as If-Match.", [], {}),
    "server-error": ("It has been written to the log under this request id.", [], {}),
    "database-away": ("The database cannot be reached at the moment.", [], {}),
}


def example_of(slug):
    """The body of a problem of this type; its title stands for the detail where nothing else is said."""
    problem = Problem(slug, "")
    body = problem.body(None) | {"instance": INSTANCE}
    detail, errors, more = SAID.get(slug, (body["title"] + ".", [], {}))
    return body | {"detail": detail, "errors": errors} | more
