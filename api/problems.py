"""Every type of problem the API answers with: its status, its title and what to do about it."""

from typing import NamedTuple


class Kind(NamedTuple):
    status: int
    title: str
    meaning: str


PROBLEMS = {
    "malformed-body": Kind(
        400,
        "The body is not acceptable JSON",
        "Send one JSON value in UTF-8 without repeated keys, NaN, Infinity, NUL characters or lone surrogates, "
        "nested at most 32 deep. `errors` says where the body went wrong.",
    ),
    "invalid-input": Kind(
        400,
        "Some values are not acceptable",
        "Each entry of `errors` points into the body (`#/title`) and says what is wrong there. "
        "Nothing was saved. A field that the route does not know is refused, never ignored.",
    ),
    "invalid-parameter": Kind(
        400,
        "A query parameter is not acceptable",
        "Each entry of `errors` names the parameter (`?limit`). An unknown parameter is refused, because a "
        "misspelt filter that is ignored would answer with everything.",
    ),
    "bad-request": Kind(
        400,
        "The request is not acceptable",
        "The request itself is malformed; see `detail`. A pointer such as `If-Match` names a header.",
    ),
    "not-signed-in": Kind(
        401,
        "Not signed in",
        "Send `Authorization: Bearer air_…`. The token is missing, unknown, expired or revoked, or its person may "
        "not sign in any more.",
    ),
    "insufficient-scope": Kind(
        403, "The token's scopes do not suffice", "Make a token that has the scopes named in `detail`."
    ),
    "not-allowed": Kind(403, "Not allowed", "Your role, or the state of the case, does not allow this."),
    "not-found": Kind(
        404, "Not found", "There is nothing at this address, or you may not see it; the answer is the same."
    ),
    "method-not-allowed": Kind(405, "Method not allowed", "The `Allow` header lists what this address takes."),
    "not-acceptable": Kind(406, "Not acceptable", "This address answers with `application/json` only."),
    "step-refused": Kind(
        409,
        "The case cannot take this step",
        "Each entry of `errors` points to a field of the case that is still missing. Without entries, the step does "
        "not lead on from the status the case is in.",
    ),
    "batch-refused": Kind(
        409,
        "Rows were refused, so nothing was saved",
        "The list was sent as `atomic`. `rows` says of each refused row what is wrong, and the pointers of `errors` "
        "lead into the body: `#/cases/3/title`.",
    ),
    "count-differs": Kind(
        409,
        "The filter finds another number of cases",
        "`count` is how many there are now. Look at them again, and repeat with that number if you still mean them.",
    ),
    "several-cases": Kind(
        409,
        "Several cases have this number",
        "More than one case that you may see carries this number of the other system; `errors` names them. Change "
        "the one you mean by its own reference.",
    ),
    "job-over": Kind(
        409,
        "The job cannot be cancelled",
        "It is over, or it is work that is done for everybody; see `detail`.",
    ),
    "already-exists": Kind(409, "It exists already", "Another row has this value, which must be unique."),
    "still-in-use": Kind(409, "It is still in use", "Other rows refer to it; see `detail`."),
    "busy": Kind(409, "Somebody else is changing this", "Two changes met. Read again and repeat the request."),
    "still-running": Kind(
        409,
        "The same request is still running",
        "A request with this `Idempotency-Key` has not been answered yet. Repeat after the seconds in `Retry-After`.",
    ),
    "length-required": Kind(411, "Length required", "Send a `Content-Length`; chunked bodies are not taken."),
    "stale-version": Kind(
        412,
        "Somebody else has changed this",
        "`ETag` is that of the row as it stands now, and `changed` names the fields that differ from your version. "
        "Read it again, merge, and repeat with the new `If-Match`.",
    ),
    "content-too-large": Kind(413, "Content too large", "Send less at once."),
    "unsupported-media-type": Kind(415, "Unsupported media type", "Send `Content-Type: application/json`."),
    "key-reused": Kind(
        422,
        "This key was used for another body",
        "Within 24 hours an `Idempotency-Key` belongs to one body. Take a new key for a new request; a repeated one "
        "has to be the same byte for byte.",
    ),
    "version-required": Kind(
        428,
        "Say which version you change",
        "Send the `ETag` you read as `If-Match`, so that nobody's change is lost.",
    ),
    "too-many-requests": Kind(
        429,
        "Too many requests",
        "Wait for the seconds in `Retry-After`; `RateLimit-Limit` and `RateLimit-Reset` say how many are taken, and "
        "when counting starts again.",
    ),
    "server-error": Kind(
        500, "Something went wrong here", "It has been written to the log under the request id in `instance`."
    ),
    "database-away": Kind(503, "The database is away", "Nothing was saved. Repeat after the seconds in `Retry-After`."),
}
