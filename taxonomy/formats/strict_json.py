"""JSON as it should be: no key twice, no NaN, not deeper than a person would write."""

import json

from taxonomy.formats import Unreadable, text_of

DEEPEST_JSON = 40


def read(content):
    """The value in a JSON file. Raises Unreadable, naming the line."""
    try:
        value = json.loads(text_of(content), object_pairs_hook=once, parse_constant=refuse_constant)
    except json.JSONDecodeError as error:
        raise Unreadable(f"Line {error.lineno}, column {error.colno}: this is no JSON ({error.msg}).") from None
    except (RecursionError, ValueError) as error:
        if isinstance(error, Unreadable):
            raise
        raise Unreadable("The file is nested too deep, or holds a number that is none.") from None
    require_shallow(value)
    return value


def once(pairs):
    found = {}
    for key, value in pairs:
        if key in found:
            raise Unreadable(f"The key “{key[:80]}” stands twice in one object.")
        found[key] = value
    return found


def refuse_constant(name):
    raise Unreadable(f"{name} is no number.")


def require_shallow(value):
    level, depth = [value], 0
    while level:
        if depth > DEEPEST_JSON:
            raise Unreadable(f"The file is nested more than {DEEPEST_JSON} levels deep.")
        inner = (part.values() if isinstance(part, dict) else part for part in level if isinstance(part, (dict, list)))
        level, depth = [each for parts in inner for each in parts if isinstance(each, (dict, list))], depth + 1
