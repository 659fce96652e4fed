"""Which cases: one filter set for the list page, its facets and the REST list."""

from datetime import date, timedelta

import django_filters as filters
from django import forms
from django.contrib.postgres.search import SearchQuery
from django.core.exceptions import ValidationError
from django.db.models import Exists, OuterRef, Q

from registry.choices import Kind, Scope, Stage, Status
from registry.models import Case, ExternalId, PatternPair, Person, System
from taxonomy.models import Node, SeverityTier


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


class MergedValues(forms.TextInput):
    """A parameter given several times reads like one with commas."""

    def value_from_datadict(self, data, files, name):
        values = data.getlist(name) if hasattr(data, "getlist") else data.get(name, [])
        return ",".join(values if isinstance(values, list) else [values])


class NodesFilter(filters.Filter):
    field_class = NodesField

    def __init__(self, *args, **kwargs):
        kwargs.setdefault("widget", MergedValues)
        super().__init__(*args, **kwargs)


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
        if len(value) > 500:
            raise ValidationError("At most 500 characters are searched for.")
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
    """A repeated parameter means “or”, different parameters mean “and”."""

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
    system = filters.CharFilter(method="about_system", label="System, by name or alias")
    owner = rows_of("owner", Person.objects.all(), "username")
    owner__isnull = filters.BooleanFilter(field_name="owner", lookup_expr="isnull")
    reporter = rows_of("reporter", Person.objects.all(), "username")
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
        if not value.strip():
            return queryset
        found = Q(search=SearchQuery(value, config="english", search_type="websearch"))
        number = value.strip().rpartition("-")[2]
        if number.isdecimal() and int(number) < 2**31:
            found |= Q(pk=int(number))
        return queryset.filter(found)

    def with_any_label(self, queryset, name, nodes):
        return queryset.filter(node_path__overlap=[node.pk for node in nodes]) if nodes else queryset

    def with_all_labels(self, queryset, name, nodes):
        return queryset.filter(node_path__contains=[node.pk for node in nodes]) if nodes else queryset

    def with_no_label(self, queryset, name, nodes):
        return queryset.exclude(node_path__overlap=[node.pk for node in nodes]) if nodes else queryset

    def about_system(self, queryset, name, value):
        named = Q(name__iexact=value) | Q(aliases__name__iexact=value)
        return queryset.filter(pk__in=Case.objects.filter(systems__in=System.objects.filter(named)).values("pk"))

    def in_database(self, queryset, name, value):
        return queryset.filter(pk__in=ExternalId.objects.filter(source=value).values("case"))

    def numbered_by(self, queryset, name, value):
        return queryset.filter(Exists(ExternalId.objects.filter(case=OuterRef("pk"), source=value)))

    def behind_pair(self, queryset, name, value):
        pair = PatternPair.objects.filter(pk=min(max(int(value), 0), 2**31 - 1)).first()
        if pair is None:
            return queryset.none()
        # A run keeps the cases behind what it flagged; for another pair, those that carry both nodes now.
        if pair.case_ids:
            return queryset.filter(pk__in=pair.case_ids)
        return queryset.filter(node_path__contains=[pair.node_a_id, pair.node_b_id])


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
