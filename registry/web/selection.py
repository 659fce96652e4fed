"""Which cases a list shows: the view and the filters in its address, and what is wrong with them."""

from dataclasses import dataclass, field

from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import QueryDict

from registry.filter_words import NAMES, chip_words
from registry.filters import ALL_ORDERINGS, DEFAULT_ORDERING, ME, RELEVANCE, REPEATABLE, CaseFilterSet
from registry.models import Person, SavedView
from registry.saved_views import ALL, canonical, contents_of, find_view, values_of

# What an address holds besides filters. `edited` says that its filters are those of a view that was changed:
# without it a view's own filters stand, and other parameters replace those of the same name.
PAGING = ("ordering", "cursor", "view", "edited")
NUL = "\x00"


@dataclass
class Selection:
    """The filters of one address. `problems` name every parameter that was left out, and why."""

    filterset: CaseFilterSet
    parameters: QueryDict
    ordering: str
    cursor: str
    view: SavedView | None = None
    opened: str = ""
    problems: list = field(default_factory=list)

    @property
    def cleaned(self):
        return self.filterset.form.cleaned_data

    @property
    def words(self):
        return self.parameters.get("q", "").strip()

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

    def people(self, name):
        """Who is filtered by, as [(value, name)]."""
        return [(ME, "Me") if each == ME else (each.username, each.name) for each in self.cleaned.get(name) or ()]

    def cases(self, cases, *, without=()):
        """`cases` filtered by everything valid, leaving out the filters named in `without`."""
        for name, value in self.cleaned.items():
            if name not in without:
                cases = self.filterset.filters[name].filter(cases, value)
        return cases

    @property
    def default_ordering(self):
        return default_ordering(self.parameters)

    @property
    def kept(self):
        """Filters and order as a view keeps them."""
        return canonical(self.parameters, "" if self.ordering == self.default_ordering else self.ordering)

    @property
    def changed(self):
        """Whether the view that is shown holds something else than what is filtered."""
        if self.view is None:
            return False
        parameters, ordering = contents_of(self.view.query)
        return self.kept != canonical(parameters, "" if ordering == default_ordering(parameters) else ordering)

    def address(self, **changes):
        """The query string of this selection with some parameters replaced; None removes one."""
        if self.view and not self.changed and set(changes) <= {"cursor"}:
            parameters = QueryDict(mutable=True)
            parameters["view"] = self.view.slug
        else:
            parameters = self.parameters.copy()
            if self.ordering != self.default_ordering:
                parameters["ordering"] = self.ordering
        for name, value in changes.items():
            parameters.pop(name, None)
            if value is not None:
                parameters[name] = value
        return self.query_of(parameters)

    def query_of(self, parameters):
        """`parameters` as an address that still says which view was changed, and that not the default one is meant."""
        parameters = parameters.copy()
        if self.view and "view" not in parameters:
            parameters["view"], parameters["edited"] = self.view.slug, "1"
        if not parameters and self.opened:
            parameters["view"] = self.opened
        return f"?{parameters.urlencode(safe=':,')}"

    @property
    def chips(self):
        """What is filtered, one chip a value: (name, value in words, address without it)."""
        chips = []
        for name, values in self.parameters.lists():
            for value in values:
                rest = self.parameters.copy()
                rest.setlist(name, [other for other in values if other != value])
                if not rest.getlist(name):
                    rest.pop(name)
                if self.ordering not in (DEFAULT_ORDERING, *(RELEVANCE if "q" not in rest else ())):
                    rest["ordering"] = self.ordering
                words = chip_words(name, value, self.cleaned)
                chips.append({"name": NAMES.get(name, name), "value": words, "without": self.query_of(rest)[1:]})
        return chips

    @property
    def api_call(self):
        parameters = self.parameters.copy()
        if self.view and not self.changed:
            parameters = QueryDict(mutable=True)
            parameters["view"] = self.view.slug
        parameters["ordering"] = self.ordering
        address = f"{settings.BASE_URL}/api/v1/cases/?{parameters.urlencode(safe=':,')}"
        return f"curl -H 'Authorization: Bearer YOUR-TOKEN' '{address.replace(chr(39), '%27')}'"


def default_ordering(parameters):
    return next(iter(RELEVANCE)) if parameters.get("q", "").strip() else DEFAULT_ORDERING


def read(query, *, person: Person | None = None):
    """The Selection in a query string. What is unknown or wrong is named in `problems` and left out."""
    problems = []
    parameters, asked = filters_in(query, problems)
    view = view_in(query, person, problems)
    ordering = query.get("ordering", "")
    if view and not query.get("edited"):
        held, held_ordering = contents_of(view.query)
        held, _ = filters_in(held, problems, view=view)
        for name in parameters:
            held.setlist(name, parameters.getlist(name))
        parameters, ordering = held, ordering or held_ordering
    filterset = CaseFilterSet(parameters, queryset=None, person=person)
    for name, errors in refused(filterset.form).items():
        origin = "" if name in asked else of(view)
        problems.append(f"{origin}{NAMES.get(name, name)} ({name}): {' '.join(errors)}")
        parameters.pop(name, None)
    ordering = known_ordering(ordering, parameters, problems)
    opened = ALL if query.get("view") == ALL or (person and person.default_view_id) else ""
    return Selection(filterset, parameters, ordering, query.get("cursor", ""), view, opened, problems)


def filters_in(query, problems, *, view=None):
    """(the filters in `query`, as they were written): without empty values and what is no filter."""
    parameters = QueryDict(mutable=True)
    for name, values in query.lists():
        values = values_of(name, values)
        if any(NUL in text for text in (name, *values)):
            problems.append(f"{name.replace(NUL, '')}: a null character cannot be searched for.")
        elif name in CaseFilterSet.base_filters and values:
            # Of two values of what takes one, the last was written last.
            parameters.setlist(name, list(dict.fromkeys(values)) if name in REPEATABLE else values[-1:])
        elif name not in PAGING and name not in CaseFilterSet.base_filters:
            problems.append(f"{of(view)}{name[:80]}: there is no such filter.")
    # Written out and read again: what was no text has become a replacement character.
    parameters = QueryDict(parameters.urlencode(), mutable=True)
    return parameters, parameters.copy()


def view_in(query, person, problems):
    slug = query.get("view", "")
    if not slug or slug == ALL or person is None:
        return None
    try:
        return find_view(person, slug)
    except ValidationError as error:
        problems.append(f"view: {error.messages[0]}")
        return None


def known_ordering(ordering, parameters, problems):
    default = default_ordering(parameters)
    if not ordering or (ordering in RELEVANCE and default not in RELEVANCE):
        return default
    if ordering not in ALL_ORDERINGS:
        problems.append(f"ordering: choose one of {', '.join(ALL_ORDERINGS)}.")
        return default
    return ordering


def query_dict(text):
    return QueryDict(text.replace(NUL, ""))


def of(view):
    return f"In the view “{view.name}”: " if view else ""


def refused(form):
    return {name: [str(error) for error in errors] for name, errors in form.errors.items()}
