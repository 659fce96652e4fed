"""ETags: which version a reader has, and which one a writer means to change."""

import hashlib

from api.errors import Problem


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
