"""Query parameters, read strictly: what a route does not know, it refuses."""

from dataclasses import dataclass
from difflib import get_close_matches
from functools import lru_cache
from urllib.parse import unquote_to_bytes

import django_filters
from django.http import QueryDict

from api.errors import Problem, error, escaped
from registry.filter_fields import SeveralFilter

PAGE = frozenset({"limit", "cursor", "ordering", "count", "fields", "expand"})
DEFAULT_LIMIT, MOST_ROWS = 50, 200
BOOLEANS = {"true", "false"}


@dataclass(frozen=True)
class Listing:
    """What a list was asked for. `fields` is None for all of them; `ordering` is a key of the route's orderings."""

    limit: int
    cursor: str | None
    ordering: str
    count: bool
    fields: frozenset | None
    expand: frozenset


def refused(errors):
    return Problem("invalid-parameter", errors[0]["detail"], errors=errors)


def wrong(name, detail, code="invalid"):
    return error(f"?{name}", detail, code)


def require_text(query_string):
    """Refuse what is not UTF-8, lone surrogates among it: it would be searched for as something else."""
    try:
        unquote_to_bytes(query_string.encode("latin-1")).decode()
    except UnicodeError:
        raise refused([wrong("", "The parameters are not UTF-8.", "not_text")]) from None


def require_known(query, *, known, repeatable=frozenset()):
    """Refuse unknown names (with the nearest known one), empty values, NUL, and repeats where one value is meant."""
    errors = [found for name in query if (found := complaint(name, query.getlist(name), known, repeatable))]
    if errors:
        raise refused(errors)


def complaint(name, values, known, repeatable):
    if name not in known:
        nearest = get_close_matches(name, known, n=1, cutoff=0.4)
        meant = f" Did you mean “{nearest[0]}”?" if nearest else ""
        name = name.replace("\x00", "\ufffd")[:60]
        return wrong(name, f"There is no parameter “{name}” here.{meant}", "unknown_parameter")
    if len(values) > 1 and name not in repeatable:
        return wrong(name, f"“{name}” takes one value.", "repeated_parameter")
    if not all(values):
        return wrong(name, f"“{name}” is empty; leave it out.", "empty_parameter")
    if any("\x00" in value for value in values):
        return wrong(name, "NUL characters are not text.", "not_text")
    return None


def listing(query, *, orderings, default, fields, expandable=frozenset()):
    """Read what every list takes. Raises Problem for anything out of bounds."""
    return Listing(
        limit=limit_of(query),
        cursor=query.get("cursor"),
        ordering=one_of(query, "ordering", orderings, default),
        count=one_of(query, "count", ("exact",), "") == "exact",
        fields=names_of(query, "fields", fields) if "fields" in query else None,
        expand=names_of(query, "expand", expandable),
    )


def limit_of(query):
    text = query.get("limit", str(DEFAULT_LIMIT))
    if not (text.isascii() and text.isdecimal() and len(text) <= 3 and 1 <= int(text) <= MOST_ROWS):
        raise refused([wrong("limit", f"“limit” is a whole number from 1 to {MOST_ROWS}.")])
    return int(text)


def one_of(query, name, choices, default):
    value = query.get(name, default)
    if value != default and value not in choices:
        raise refused([wrong(name, f"“{name}” is one of: {', '.join(choices)}.")])
    return value


def flag(query, name):
    """Whether `name` is given as true. Anything but true and false is refused."""
    return one_of(query, name, ("true", "false"), "false") == "true"


def is_on(query, name):
    """A switch that is off unless it is `true`."""
    return one_of(query, name, ("true", "false"), "false") == "true"


def names_of(query, name, choices):
    names = frozenset(part for value in query.getlist(name) for part in value.split(",") if part)
    unknown = sorted(names - frozenset(choices))
    if unknown:
        known = ", ".join(sorted(choices)) or "nothing"
        raise refused([wrong(name, f"“{unknown[0][:60]}” is unknown here; “{name}” takes: {known}.")])
    return names


def filtered(filter_set, query, queryset, **options):
    """`queryset` as `filter_set` narrows it; untouched, and no filter set built, when no filter is given."""
    asked = asked_of(filter_set, query, queryset, **options)
    return asked.qs if asked else queryset


def asked_of(filter_set, query, queryset, **options):
    """The valid filter set of the filters that are given; None when there is none."""
    given = frozenset(name for name in query if name in filter_set.base_filters)
    if not given:
        return None
    require_booleans(filter_set, given, query)
    asked = narrowed(filter_set, given)(query, queryset, **options)
    if not asked.is_valid():
        errors = [wrong(name, text) for name, texts in asked.errors.items() for text in texts]
        raise refused(errors)
    return asked


def query_of(filters, filter_set, pointer="#/filter"):
    """The parameters that an object of filters in a body stands for. Problem for what is none, with its pointer."""
    query = QueryDict(mutable=True)
    for name, value in filters.items():
        if name not in filter_set.base_filters:
            detail = f"There is no filter “{name[:60]}”."
            raise Problem("invalid-input", detail, errors=[error(f"{pointer}/{escaped(name[:60])}", detail, "unknown")])
        values = [text_of(each) for each in (value if isinstance(value, list) else [value])]
        if not values or not all(values):
            detail = f"“{name}” takes texts, numbers, true or false, or a list of them."
            raise Problem("invalid-input", detail, errors=[error(f"{pointer}/{name}", detail)])
        query.setlist(name, values)
    return query


def text_of(value):
    """A JSON value as it would stand in an address; None for what cannot stand there."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value) if isinstance(value, (str, int)) else None


def filtered_by_body(filter_set, filters, queryset, pointer="#/filter", **options):
    """(`queryset` as an object of filters in a body narrows it, the same filters as parameters)."""
    query = query_of(filters, filter_set, pointer)
    several = frozenset(name for name, each in filter_set.base_filters.items() if takes_several(each))
    try:
        require_known(query, known=frozenset(filter_set.base_filters), repeatable=several)
        return filtered(filter_set, query, queryset, **options), query
    except Problem as problem:
        if problem.slug != "invalid-parameter":
            raise
        found = [{**each, "pointer": each["pointer"].replace("?", f"{pointer}/", 1)} for each in problem.errors]
        raise Problem("invalid-input", problem.detail, errors=found) from None


def takes_several(each):
    """Whether a filter may be given several times."""
    return isinstance(each, (SeveralFilter, django_filters.MultipleChoiceFilter))


def of_view(filter_set, kept, queryset, **options):
    """`queryset` as a saved view narrows it. A filter in it that no longer works is refused by its name."""
    asked = filter_set(kept, queryset, **options)
    errors = [f"{name}: {text}" for name, texts in asked.errors.items() for text in texts]
    errors += [f"{name}: there is no such filter." for name in kept if name not in filter_set.base_filters]
    if errors:
        raise refused([wrong("view", f"The view holds a filter that no longer works. {text}") for text in errors])
    return asked.qs


def require_booleans(filter_set, given, query):
    """Django's forms take any other word for “not asked”, which would list everything."""
    for name in given:
        if isinstance(filter_set.base_filters[name], django_filters.BooleanFilter) and query[name] not in BOOLEANS:
            raise refused([wrong(name, f"“{name}” is true or false.")])


@lru_cache(maxsize=256)
def narrowed(filter_set, given):
    """The filter set with only the filters that are given: making all of them costs more than the query."""
    asked = type(filter_set.__name__, (filter_set,), {})
    asked.base_filters = {name: each for name, each in filter_set.base_filters.items() if name in given}
    return asked
