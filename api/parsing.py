"""JSON bodies, read strictly: what another reader could understand otherwise is refused."""

import json
import math
import re

from django.conf import settings
from rest_framework.parsers import BaseParser

from api.errors import Problem, error, escaped

DEEPEST = 32
UNTEXT = re.compile("[\x00\ud800-\udfff]")


class StrictJSONParser(BaseParser):
    media_type = "application/json"

    def parse(self, stream, media_type=None, parser_context=None):
        limit = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
        body = stream.read(limit + 1)
        if len(body) > limit:
            raise Problem("content-too-large", f"The body has more than {limit:,} bytes.")
        return strict_json(body)


class Repeated:
    """Stands in for an object that has a key twice, until its place in the body is known."""

    def __init__(self, key):
        self.key = key


class NoNumber:
    """Stands in for NaN or an infinity."""

    def __init__(self, name):
        self.name = name


def strict_json(body):
    """The value of `body`. Raises Problem with a pointer to what is refused."""
    try:
        value = json.loads(body.decode("utf-8"), object_pairs_hook=an_object, parse_constant=NoNumber)
    except UnicodeDecodeError as wrong:
        raise refused("#", f"Byte {wrong.start} is not UTF-8.", "not_utf8") from None
    except RecursionError:
        raise refused("#", f"It is nested more than {DEEPEST} deep.", "too_deep") from None
    except json.JSONDecodeError as wrong:
        raise refused("#", f"Line {wrong.lineno}, column {wrong.colno}: {wrong.msg}.", "not_json") from None
    except ValueError:
        raise refused("#", "A number has too many digits.", "not_a_number") from None
    require_plain(value)
    return value


def an_object(pairs):
    found = dict(pairs)
    if len(found) == len(pairs):
        return found
    seen = set()
    return next(Repeated(key) for key, _ in pairs if key in seen or seen.add(key))


def require_plain(value, path=(), depth=1):
    """Refuse what JSON allows but no honest client sends. `path` is ((…, key), key), written out only if needed."""
    if isinstance(value, str):
        if UNTEXT.search(value):
            raise refused(pointer_of(path), "NUL characters and lone surrogates are not text.", "not_text")
    elif isinstance(value, Repeated):
        raise refused(pointer_of((path, value.key)), "This key stands here twice.", "repeated_key")
    elif isinstance(value, NoNumber) or (isinstance(value, float) and not math.isfinite(value)):
        raise refused(pointer_of(path), "NaN and infinities are not numbers.", "not_a_number")
    elif isinstance(value, (dict, list)):
        if depth > DEEPEST:
            raise refused(pointer_of(path), f"It is nested more than {DEEPEST} deep.", "too_deep")
        if isinstance(value, dict):
            require_plain("".join(value), path)
        for key, inner in value.items() if isinstance(value, dict) else enumerate(value):
            require_plain(inner, (path, key), depth + 1)


def pointer_of(path):
    steps = []
    while path:
        path, key = path
        steps.append(UNTEXT.sub("\ufffd", escaped(key))[:100])
    return "/".join(["#", *reversed(steps)])


def refused(pointer, detail, code):
    return Problem("malformed-body", detail, errors=[error(pointer, detail, code)])
