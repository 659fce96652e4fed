"""ETags: which version a reader has, and which one a writer means to change."""

import hashlib
import re

from django.apps import apps

from api.errors import Problem, error

# `*`, or tags in quotes between commas (RFC 9110).
TAGS = re.compile(r'\s*(?:\*|(?:W/)?"[!#-~\x80-\xff]*"(?:\s*,\s*(?:W/)?"[!#-~\x80-\xff]*")*)\s*')
OVERRIDES = ("X-HTTP-Method-Override", "X-HTTP-Method", "X-Method-Override")


def require_honest_headers(headers):
    """Refuse conditions that are no ETags, and the wish for another method than that of the request."""
    for name in ("If-Match", "If-None-Match"):
        if name in headers and not TAGS.fullmatch(headers[name]):
            raise refused(name, f"{name} is * or ETags as they were sent, in quotes.")
    for name in OVERRIDES:
        if name in headers:
            raise refused(name, "Send the method itself; no header changes it.")


def refused(name, detail):
    return Problem("bad-request", detail, errors=[error(name, detail)])


def etag_of(version, body):
    """Strong: the row's version, then a digest, because an answer also shows rows that are not the row's own."""
    return f'"{version}-{hashlib.sha256(body).hexdigest()[:16]}"'


def version_in(tag):
    """The version that `etag_of` wrote into a tag; None if it is none of ours (weak ones never match)."""
    number = tag.strip().removeprefix('"').removesuffix('"').partition("-")[0]
    quoted = tag.strip().startswith('"') and tag.strip().endswith('"')
    return int(number) if quoted and number.isascii() and number.isdecimal() and len(number) < 10 else None


def unchanged(request, etag):
    """Whether `If-None-Match` names `etag`, so that the reader need not be sent it again."""
    given = request.headers.get("If-None-Match", "")
    return etag in [tag.strip().removeprefix("W/") for tag in given.split(",")] or given.strip() == "*"


def changed_fields(row, version, names):
    """Which of the fields `names` differ from the `version` a client had; none where the history does not know it."""
    history = apps.get_model("registry", f"{type(row).__name__}Event").objects
    then = history.filter(id=row.pk, version=version).order_by("pgh_id").first() if version else None
    columns = [row._meta.get_field(name).attname for name in names]
    differ = [then and getattr(then, column) != getattr(row, column) for column in columns]
    return [name for name, differs in zip(names, differ, strict=True) if differs]


def stale(what, version, body, *, changed=(), **more):
    """The Problem for somebody who was not the first: `what` they changed is at `version` now and reads as `body`."""
    etag = etag_of(version, body)
    detail = f"{what} is at version {version}."
    return Problem("stale-version", detail, headers={"ETag": etag}, etag=etag, changed=list(changed), **more)


def required_version(request, current):
    """The version `If-Match` names; None for `*`, which takes any. 428 without the header.

    Of several tags the one that is `current` counts, else the first.
    """
    given = request.headers.get("If-Match", "").strip()
    if not given:
        raise Problem("version-required", "Send the ETag you read as If-Match.")
    if given == "*":
        return None
    versions = [version_in(tag) for tag in given.split(",")]
    # Zero is no row's version: a tag that is none of ours matches nothing.
    return current if current in versions else versions[0] or 0


def required_state(request, current):
    """What `If-Match` names of a row without a version, whose ETag begins with its state; `*` takes any."""
    given = request.headers.get("If-Match", "").strip()
    if not given:
        raise Problem("version-required", "Send the ETag you read as If-Match.")
    states = [tag.strip().strip('"').partition("-")[0] for tag in given.split(",")]
    return current if given == "*" or current in states else ""
