"""Which cases a run counts and by which labels: every case, or a population that somebody asked for."""

from django.db.models import Count, Q
from django.http import QueryDict

from registry.choices import LabelRule
from registry.counted_paths import counted_path as node_paths
from registry.filter_words import NAMES, chip_words
from registry.filters import cases_of

__all__ = ["cases_of", "filters_in_words", "node_paths", "size_of", "words_of"]

LABELS = {
    LabelRule.AGREED: "agreed labels",
    LabelRule.ADJUDICATED: "adjudicated labels only",
    LabelRule.ANY: "every label a rater submitted",
}
FROM_DAY = ("occurred__gte", "occurred__gt")
BY_TIME = ("occurred__", "reported__", "updated__", "closed__", "status")
"""Filters that leave out of some weeks what they keep of others."""


def size_of(population):
    """(cases, events) that a run of `population` would count now."""
    grouped = Q(event_group__isnull=False)
    found = cases_of(population).aggregate(
        cases=Count("pk"),
        groups=Count("event_group", distinct=True, filter=grouped),
        alone=Count("pk", filter=~grouped),
    )
    return found["cases"], found["groups"] + found["alone"]


def compares_weeks(population, *, since):
    """Whether the weeks from `since` on can be compared: whether no filter cuts off weeks or empties the latest."""
    parameters = QueryDict(population.query if population else "")
    return not any(
        name.startswith(BY_TIME) and not (name in FROM_DAY and parameters[name] <= since.isoformat())
        for name in parameters
    )


def filters_in_words(population):
    """[(name, value)] of each filter of `population`, nodes and people by their keys; needs no look-up."""
    parameters = QueryDict(population.query if population else "")
    return [
        (NAMES.get(name, name), chip_words(name, value, {})) for name, values in parameters.lists() for value in values
    ]


def words_of(population):
    """What `population` counts, in words for the strip of a run; needs no look-up."""
    filters = "; ".join(f"{name}: {value}" for name, value in filters_in_words(population))
    rule = LABELS[population.label_rule if population else LabelRule.AGREED]
    return f"{filters or 'Every case'}, {rule}"
