"""Which cases: one filter set for the list page, its facets and the REST list."""

from datetime import date, timedelta

import django_filters as filters
from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Exists, OuterRef, Q

from registry import access, search
from registry.blind import PUBLIC, carries, is_known, is_open_to
from registry.choices import TEMPLATE_FIELDS, Kind, LinkKind, Method, Scope, Stage, Stance, Status, Visibility
from registry.models import (
    Case,
    CaseLink,
    CaseSource,
    CaseSystem,
    Classification,
    Evidence,
    ExternalId,
    Label,
    PatternPair,
    Person,
    System,
)
from registry.models.workflow import CAUSE_SCHEME
from taxonomy.models import Node, SeverityTier

ME = "me"
MOST_VALUES = 20
# No row has this key: a filter that finds nothing stays a statement that can be counted, explained and exported.
NOBODY = (0,)
MISSING = (
    *((name, Case._meta.get_field(name).verbose_name.capitalize()) for name in TEMPLATE_FIELDS[1:]),
    ("potential_severity", "Potential severity"),
    ("realised_severity", "Realised severity"),
    ("cause", "Cause of misalignment"),
    ("predictability", "Predictability"),
    ("owner", "Owner"),
    ("date", "Date"),
    ("system", "System"),
    ("evidence", "Evidence"),
    ("source", "Source"),
)
HAS = (("evidence", "Evidence"), ("source", "Source"), ("links", "Links to other cases"))


def find_node(key):
    """The node named `scheme:slug`, or `slug` where only one scheme has it. ValidationError otherwise."""
    scheme, _, slug = key.rpartition(":")
    nodes = Node.objects.filter(slug=slug).select_related("scheme")
    found = list(nodes.filter(scheme__slug=scheme) if scheme else nodes[:5])
    if not found:
        raise ValidationError(f"There is no node “{key}”.", code="unknown_node")
    if len(found) > 1:
        several = ", ".join(node.key for node in found)
        raise ValidationError(f"Several schemes have a node “{slug}”: write one of {several}.", code="ambiguous_node")
    return found[0]


class NodesField(forms.CharField):
    """Node keys, repeated or separated by commas; cleans to a list of nodes."""

    def clean(self, value):
        keys = [key.strip() for key in super().clean(value).split(",") if key.strip()]
        if len(keys) > 20:
            raise ValidationError("At most 20 nodes at once.")
        return [find_node(key) for key in keys]


class SeveralField(forms.Field):
    """A parameter that may be repeated; cleans to a list without empty values."""

    def clean(self, value):
        values = [text.strip() for text in value or () if text.strip()]
        if any("\x00" in text for text in values):
            raise ValidationError("Null characters are not allowed.")
        if len(values) > MOST_VALUES:
            raise ValidationError(f"At most {MOST_VALUES} values at once.")
        return [self.found(text) for text in dict.fromkeys(values)]

    def found(self, text):
        return text


class PeopleField(SeveralField):
    """User names or full names, whatever the letter case; `me` is who asks."""

    def found(self, text):
        if text == ME:
            return ME
        people = list(Person.objects.filter(Q(username__iexact=text) | Q(name__iexact=text))[:3])
        exact = [person for person in people if person.username.lower() == text.lower()]
        if not people:
            raise ValidationError(f"Nobody is called “{text[:80]}”.", code="unknown_person")
        if len(people) > 1 and not exact:
            raise ValidationError(f"Several people are called “{text[:80]}”: write a user name.", code="ambiguous")
        return (exact or people)[0]


class SeveralValues(forms.TextInput):
    """Reads every value of a parameter, never a text cut at commas: names may hold some."""

    def value_from_datadict(self, data, files, name):
        values = data.getlist(name) if hasattr(data, "getlist") else data.get(name, [])
        return values if isinstance(values, list) else [values]


class MergedValues(SeveralValues):
    """A parameter given several times reads like one with commas."""

    def value_from_datadict(self, data, files, name):
        return ",".join(super().value_from_datadict(data, files, name))


class SeveralFilter(filters.Filter):
    field_class = SeveralField
    widget = SeveralValues

    def __init__(self, *args, **kwargs):
        kwargs.setdefault("widget", self.widget)
        super().__init__(*args, **kwargs)


class PeopleFilter(SeveralFilter):
    field_class = PeopleField


class NodesFilter(SeveralFilter):
    field_class = NodesField
    widget = MergedValues


class DayField(forms.DateField):
    """A day as `2026-11-21`, or so many days ago as `-7d`."""

    def to_python(self, value):
        if isinstance(value, str) and value.startswith("-") and value.endswith("d") and value[1:-1].isdecimal():
            days = int(value[1:-1])
            if days > 36500:
                raise ValidationError("At most 36500 days ago.")
            return date.today() - timedelta(days=days)
        return super().to_python(value)


class DayFilter(filters.Filter):
    field_class = DayField

    def __init__(self, *args, **kwargs):
        super().__init__(*args, input_formats=["%Y-%m-%d"], **kwargs)


class SearchField(forms.CharField):
    def clean(self, value):
        value = super().clean(value)
        if len(value) > search.LONGEST:
            raise ValidationError(f"At most {search.LONGEST} characters are searched for.")
        return value


class SearchFilter(filters.Filter):
    field_class = SearchField


class RowsFilter(filters.ModelMultipleChoiceFilter):
    """Rows named by a public name such as a slug, compared by their key: no join."""

    def get_filter_predicate(self, v):
        return {self.field_name: v.pk}


def rows_of(field, queryset, to_field_name):
    options = {"field_name": field, "queryset": queryset, "to_field_name": to_field_name}
    return RowsFilter(distinct=False, **options)


def one_of(choices, **options):
    """Any of several values of one column; the column is the case's own, so no row comes twice."""
    return filters.MultipleChoiceFilter(choices=choices.choices, distinct=False, **options)


class CaseFilterSet(filters.FilterSet):
    """A repeated parameter means “or”, different parameters mean “and”.

    `person` is who asks: `me`, and what a rater may know of others' labels, depend on it. Without one, only
    labels that everybody may see are found.
    """

    def __init__(self, *args, person=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.person = person

    q = SearchFilter(method="search", label="Search")
    status = one_of(Status)
    status__not = one_of(Status, field_name="status", exclude=True)
    kind = one_of(Kind)
    stage = one_of(Stage)
    scope = one_of(Scope)
    severity = rows_of("potential_severity", SeverityTier.objects.all(), "slug")
    severity__isnull = filters.BooleanFilter(field_name="potential_severity", lookup_expr="isnull")
    realised_severity = rows_of("realised_severity", SeverityTier.objects.all(), "slug")
    label = NodesFilter(method="with_any_label", label="Carries any of these nodes or one below them")
    label__all = NodesFilter(method="with_all_labels", label="Carries all of these nodes or ones below them")
    label__none = NodesFilter(method="with_no_label", label="Carries none of these nodes nor one below them")
    label__under = NodesFilter(method="with_any_label", label="The same as label")
    label_method = filters.MultipleChoiceFilter(
        choices=Method.choices, method="labelled_by", label="Carries an agreed label that came about in this way"
    )
    confidence__gte = filters.NumberFilter(
        method="labelled_with_confidence",
        min_value=0,
        max_value=100,
        label="Somebody is at least so sure, in per cent, that a label applies",
    )
    system = SeveralFilter(method="about_system", label="System, by name or alias")
    owner = PeopleFilter(method="of_people", label="User name or name; `me` is who asks")
    owner__isnull = filters.BooleanFilter(field_name="owner", lookup_expr="isnull")
    reporter = PeopleFilter(method="of_people", label="User name or name; `me` is who asks")
    visibility = one_of(Visibility)
    team = SeveralFilter(method="of_team", label="For this team only, by its name")
    event_group = filters.NumberFilter(method="in_group", label="Number of an event group")
    missing = filters.MultipleChoiceFilter(choices=MISSING, method="without", label="Lacks any of these")
    has = filters.MultipleChoiceFilter(choices=HAS, method="with_any_of", label="Has any of these")
    occurred__gte = DayFilter(field_name="occurred_from", lookup_expr="gte")
    occurred__lte = DayFilter(field_name="occurred_from", lookup_expr="lte")
    occurred__gt = DayFilter(field_name="occurred_from", lookup_expr="gt")
    occurred__lt = DayFilter(field_name="occurred_from", lookup_expr="lt")
    occurred__isnull = filters.BooleanFilter(field_name="occurred_from", lookup_expr="isnull")
    reported__gte = DayFilter(field_name="reported_at", lookup_expr="date__gte")
    reported__lte = DayFilter(field_name="reported_at", lookup_expr="date__lte")
    source = filters.CharFilter(method="in_database", label="Has a number in this database")
    pair = filters.NumberFilter(method="behind_pair", label="The cases a pattern run counted for this pair")

    class Meta:
        model = Case
        fields = []

    def search(self, queryset, name, value):
        return queryset.filter(search.matching(value)) if value.strip() else queryset

    def with_any_label(self, queryset, name, nodes):
        return queryset.filter(carries(self.person, [node.pk for node in nodes])) if nodes else queryset

    def with_all_labels(self, queryset, name, nodes):
        if not nodes:
            return queryset
        known = is_known(self.person, [[node.pk] for node in nodes])
        return queryset.filter(known, node_path__contains=[node.pk for node in nodes])

    def with_no_label(self, queryset, name, nodes):
        return queryset.exclude(carries(self.person, [node.pk for node in nodes])) if nodes else queryset

    def labelled_by(self, queryset, name, methods):
        if not methods:
            return queryset
        agreed = Classification.objects.filter(case=OuterRef("pk"), method__in=methods)
        public = agreed.filter(method__in=PUBLIC)
        return queryset.filter(Exists(public) | (Q(is_open_to(self.person)) & Exists(agreed)))

    def labelled_with_confidence(self, queryset, name, value):
        said = Label.objects.filter(case=OuterRef("pk"), submitted_at__isnull=False)
        sure = said.filter(stance=Stance.PRESENT, confidence__gte=value)
        return queryset.filter(Exists(sure), is_open_to(self.person))

    def about_system(self, queryset, name, names):
        if not names:
            return queryset
        named = Q()
        for text in names:
            named |= Q(name__iexact=text) | Q(aliases__name__iexact=text)
        # Found first: for keys the planner knows how many cases there are, for names it does not.
        systems = list(System.objects.filter(named).distinct().values_list("pk", flat=True))
        return queryset.filter(pk__in=CaseSystem.objects.filter(system__in=systems or NOBODY).values("case"))

    def of_people(self, queryset, name, people):
        if not people:
            return queryset
        keys = [(self.person and self.person.pk) if person == ME else person.pk for person in people]
        return queryset.filter(**{f"{name}__in": [key for key in keys if key] or NOBODY})

    def of_team(self, queryset, name, names):
        named = Q()
        for text in names or ():
            named |= Q(team__name__iexact=text)
        return queryset.filter(named)

    def in_group(self, queryset, name, value):
        return queryset.filter(event_group=min(max(int(value), 0), 2**31 - 1))

    def without(self, queryset, name, values):
        lacks = Q()
        for value in values:
            lacks |= self.lacking(value)
        return queryset.filter(lacks)

    def lacking(self, name):
        """Of cases: those without one thing of MISSING."""
        of_case = {"case": OuterRef("pk")}
        rows = {
            "system": CaseSystem.objects.filter(**of_case),
            "evidence": Evidence.objects.filter(removed_at=None, **of_case),
            "source": CaseSource.objects.filter(**of_case),
        }
        if name in rows:
            return ~Exists(rows[name])
        if name == "cause":
            causes = Node.objects.filter(scheme__slug=CAUSE_SCHEME).values_list("pk", flat=True)
            return ~carries(self.person, list(causes))
        if name in ("owner", "potential_severity", "realised_severity", "date"):
            return Q(**{f"{'occurred_from' if name == 'date' else name}__isnull": True})
        return Q(**{name: ""})

    def with_any_of(self, queryset, name, values):
        having = Q()
        for value in values:
            having |= self.linked() if value == "links" else ~self.lacking(value)
        return queryset.filter(having)

    def linked(self):
        """Of cases: those linked to another one that the person may see; a link to a hidden case is none."""
        seen = access.visible_to(self.person).values("pk") if self.person else Case.objects.none().values("pk")
        links = CaseLink.objects.exclude(kind=LinkKind.DIFFERENT)
        to_other = links.filter(case=OuterRef("pk"), other__in=seen)
        from_other = links.filter(other=OuterRef("pk"), case__in=seen)
        return Q(Exists(to_other)) | Q(Exists(from_other))

    def in_database(self, queryset, name, value):
        return queryset.filter(pk__in=ExternalId.objects.filter(source=value).values("case"))

    def behind_pair(self, queryset, name, value):
        pair = PatternPair.objects.filter(pk=min(max(int(value), 0), 2**31 - 1)).first()
        if pair is None:
            return queryset.filter(pk__in=NOBODY)
        known = is_known(self.person, [[pair.node_a_id], [pair.node_b_id]])
        # A run keeps the cases behind what it flagged; for another pair, those that carry both nodes now.
        if pair.case_ids:
            return queryset.filter(known, pk__in=pair.case_ids)
        return queryset.filter(known, node_path__contains=[pair.node_a_id, pair.node_b_id])


# The filters that may be given several times, which means “or” (lists of nodes: see each filter).
REPEATABLE = frozenset(
    name
    for name, each in CaseFilterSet.base_filters.items()
    if isinstance(each, (SeveralFilter, filters.MultipleChoiceFilter))
)
# Each ordering ends in the id, so that a page boundary is never ambiguous; all are served by an index.
ORDERINGS = {
    "-occurred_at": ("-occurred_on", "-id"),
    "occurred_at": ("occurred_on", "id"),
    "-severity": ("-severity_rank", "-id"),
    "-updated_at": ("-updated_at", "-id"),
    "-reported_at": ("-reported_at", "-id"),
    "-id": ("-id",),
    "id": ("id",),
}
DEFAULT_ORDERING = "-occurred_at"
# With words to search for: see search.ranked.
RELEVANCE = {search.RELEVANCE: ("-relevance", "-id")}
ALL_ORDERINGS = ORDERINGS | RELEVANCE
