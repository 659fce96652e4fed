"""Which cases a list shows: the filters in its address, what is wrong with them, and their chips."""

from dataclasses import dataclass, field

from django.conf import settings
from django.http import QueryDict

from registry.choices import Kind, Status
from registry.filters import DEFAULT_ORDERING, ORDERINGS, CaseFilterSet
from registry.web.templatetags.registry_ui import STATUS_WORDS

PAGING = ("ordering", "cursor")
NUL = "\x00"
NAMES = {
    "q": "Search",
    "status": "Status",
    "status__not": "Not in status",
    "kind": "Kind",
    "stage": "Stage",
    "scope": "Scope",
    "severity": "Potential severity",
    "severity__isnull": "Potential severity not set",
    "realised_severity": "Realised severity",
    "label": "Any label of",
    "label__all": "Label",
    "label__none": "Without label",
    "label__under": "Any label under",
    "system": "System",
    "owner": "Owner",
    "owner__isnull": "Without owner",
    "reporter": "Reporter",
    "occurred__gte": "Occurred from",
    "occurred__gt": "Occurred after",
    "occurred__lte": "Occurred until",
    "occurred__lt": "Occurred before",
    "occurred__isnull": "Date unknown",
    "reported__gte": "Logged from",
    "reported__lte": "Logged until",
    "source": "In database",
    "pair": "Behind pattern pair",
}


@dataclass
class Selection:
    """The filters of one address. `problems` name every parameter that was left out, and why."""

    filterset: CaseFilterSet
    parameters: QueryDict
    ordering: str
    cursor: str
    problems: list = field(default_factory=list)

    @property
    def cleaned(self):
        return self.filterset.form.cleaned_data

    @property
    def chosen(self):
        """What is picked in the facets whose values exclude one another, as facets.count_cases wants it."""
        tiers = self.cleaned.get("severity") or ()
        return {
            "status": set(self.cleaned.get("status") or ()),
            "severity_rank": {tier.rank for tier in tiers},
            "kind": set(self.cleaned.get("kind") or ()),
        }

    @property
    def node_ids(self):
        return {node.pk for node in self.cleaned.get("label__all") or ()}

    @property
    def node_names(self):
        """The names of the nodes filtered by, under the keys they were written with."""
        names = {}
        for name, nodes in self.cleaned.items():
            if name.startswith("label") and nodes:
                names |= zip(self.parameters.getlist(name), (node.name for node in nodes), strict=False)
        return names

    def cases(self, cases, *, without=()):
        """`cases` filtered by everything valid, leaving out the filters named in `without`."""
        for name, value in self.cleaned.items():
            if name not in without:
                cases = self.filterset.filters[name].filter(cases, value)
        return cases

    def address(self, **changes):
        """The query string of this selection with some parameters replaced; None removes one."""
        parameters = self.parameters.copy()
        if self.ordering != DEFAULT_ORDERING:
            parameters["ordering"] = self.ordering
        for name, value in changes.items():
            parameters.pop(name, None)
            if value is not None:
                parameters[name] = value
        return f"?{parameters.urlencode()}" if parameters else "?"

    @property
    def chips(self):
        """What is filtered, one chip a value: (name, value in words, address without it)."""
        chips = []
        for name, values in self.parameters.lists():
            for value in values:
                rest = self.parameters.copy()
                rest.setlist(name, [other for other in values if other != value])
                if self.ordering != DEFAULT_ORDERING:
                    rest["ordering"] = self.ordering
                value = (
                    self.node_names.get(value, words(name, value)) if name.startswith("label") else words(name, value)
                )
                chips.append({"name": NAMES.get(name, name), "value": value, "without": rest.urlencode()})
        return chips

    @property
    def api_call(self):
        parameters = self.parameters.copy()
        parameters["ordering"] = self.ordering
        address = f"{settings.BASE_URL}/api/v1/cases/?{parameters.urlencode(safe=':,')}"
        return f"curl -H 'Authorization: Bearer YOUR-TOKEN' '{address.replace(chr(39), '%27')}'"


def read(query):
    """The Selection in a query string. What is unknown or wrong is named in `problems` and left out."""
    problems, parameters = [], QueryDict(mutable=True)
    for name, values in query.lists():
        if name.startswith("label"):
            values = [key.strip() for value in values for key in value.split(",")]
        values = [value for value in values if value.strip()]
        if any(NUL in text for text in (name, *values)):
            problems.append(f"{name.replace(NUL, '')}: a null character cannot be searched for.")
        elif name in CaseFilterSet.base_filters:
            parameters.setlist(name, list(dict.fromkeys(values)))
        elif name not in PAGING:
            problems.append(f"{name[:80]}: there is no such filter.")
    parameters = QueryDict(parameters.urlencode(), mutable=True)
    filterset = CaseFilterSet(parameters, queryset=None)
    for name, errors in refused(filterset.form).items():
        problems.append(f"{NAMES.get(name, name)} ({name}): {' '.join(errors)}")
        parameters.pop(name, None)
    ordering = query.get("ordering") or DEFAULT_ORDERING
    if ordering not in ORDERINGS:
        problems.append(f"ordering: choose one of {', '.join(ORDERINGS)}.")
        ordering = DEFAULT_ORDERING
    return Selection(filterset, parameters, ordering, query.get("cursor", ""), problems)


def refused(form):
    return {name: [str(error) for error in errors] for name, errors in form.errors.items()}


def words(name, value):
    """A filter's value as a chip shows it."""
    if name in ("status", "status__not"):
        return STATUS_WORDS.get(value, value)
    if name == "kind":
        return Kind(value).label if value in Kind.values else value
    if name.endswith("__isnull"):
        return "yes" if value.lower() in ("true", "1") else "no"
    return value.replace("-", " ").capitalize() if name.endswith("severity") else value


def status_choices():
    return [(value, STATUS_WORDS[value]) for value in Status.values]
