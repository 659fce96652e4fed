"""Addresses of the case list that open what a number of a run counts, as these cases are today."""

from urllib.parse import urlencode

from django.http import QueryDict
from django.urls import reverse

from registry.choices import Dimension, LabelRule, Scope, Status, Visibility
from registry.patterns.reading import STAGES
from registry.web.strata_words import is_database

# As Case.objects.counted() says it.
COUNTED = {
    "visibility": Visibility.EVERYONE.value,
    "status__not": Status.WITHDRAWN.value,
    "scope__not": Scope.OUT.value,
}
# Of several values of these a case meets all.
ADDED = {"label__all", "status__not", "scope__not"}


def cases_url(run, **filters):
    """The cases that `run` counts and that these filters find; a filter may have a list of values.

    Empty where no filters name them: where the population of the run narrows the same thing already, or where labels
    were counted by another rule than the one that the list knows.
    """
    population = run.population
    query = QueryDict(population.query if population else "", mutable=True)
    if population and population.label_rule != LabelRule.AGREED and any(name.startswith("label") for name in filters):
        return ""
    for name, value in (COUNTED | filters).items():
        values = value if isinstance(value, list) else [value]
        if name not in ADDED and query.getlist(name) not in ([], values):
            return ""
        query.setlist(name, list(dict.fromkeys([*(query.getlist(name) if name in ADDED else []), *values])))
    return f"{reverse('case-list')}?{query.urlencode(safe=':,')}"


def of_pair_url(pair, dimension=None, stratum=""):
    """The cases behind the joint count of a pair, or those of them that lie in a stratum; empty where no filter names
    that one.
    """
    filters = stratum_filters(dimension, stratum) if dimension else {}
    if filters is None:
        return ""
    return f"{reverse('case-list')}?{urlencode({'pair': pair.pk} | filters, doseq=True)}"


def stratum_filters(dimension, name):
    """{filter: value} of the cases in one stratum; None where no filter names them, as for the rest of the sources."""
    if dimension == Dimension.SETTING:
        return {"stage": [stage for stage, setting in STAGES.items() if setting == name]} if name else None
    if dimension == Dimension.YEAR:
        if not name:
            return {"occurred__isnull": "true"}
        return {"occurred__gte": f"{name}-01-01", "occurred__lte": f"{name}-12-31"} if name.isdecimal() else None
    return {"source": name} if is_database(name) else None
