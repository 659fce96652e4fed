"""How filters read what they are given: nodes, people, days, numbers, yes or no, several values."""

import re
from datetime import UTC, date, datetime, time, timedelta

import django_filters as filters
from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from registry import search
from registry.models import Person
from taxonomy.models import Node, SeverityTier

ME = "me"
MOST_VALUES = 20
MOST_DAYS = 36_500
SHORTEST_PART, LONGEST_PART = 3, 200
LARGEST = 2**31 - 1
WHOLE = re.compile(r"0|[1-9][0-9]{0,9}")


class PersonalFilterSet(filters.FilterSet):
    """What is found depends on `person`, who asks; None is nobody in particular."""

    def __init__(self, *args, person=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.person = person


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
    """The rows that have one of the values in their column, or in the `other` where two columns may hold it."""

    field_class = SeveralField
    widget = SeveralValues

    def __init__(self, *args, other=None, **kwargs):
        kwargs.setdefault("widget", self.widget)
        super().__init__(*args, **kwargs)
        self.other = other

    def filter(self, queryset, value):
        columns = (self.field_name, self.other) if self.other else (self.field_name,)
        found = Q(*((f"{column}__in", value) for column in columns), _connector=Q.OR)
        return queryset.filter(found) if value else queryset


class PeopleFilter(SeveralFilter):
    field_class = PeopleField


class NodesFilter(SeveralFilter):
    field_class = NodesField
    widget = MergedValues


def days_ago(value):
    """The day that `-7d` means; None for other texts."""
    if not (isinstance(value, str) and value.startswith("-") and value.endswith("d") and value[1:-1].isdecimal()):
        return None
    days = int(value[1:-1]) if len(value) < 20 else MOST_DAYS + 1
    if days > MOST_DAYS:
        raise ValidationError(f"At most {MOST_DAYS} days ago.")
    return date.today() - timedelta(days=days)


class DayField(forms.DateField):
    """A day as `2026-11-21`, or so many days ago as `-7d`."""

    def to_python(self, value):
        return days_ago(value) or super().to_python(value)


class DayFilter(filters.Filter):
    field_class = DayField

    def __init__(self, *args, **kwargs):
        super().__init__(*args, input_formats=["%Y-%m-%d"], **kwargs)


class MomentField(DayField):
    """A day as DayField reads it, or a time with its offset as `2026-11-21T09:30:00Z`."""

    def to_python(self, value):
        if not (isinstance(value, str) and "T" in value and len(value) <= 40):
            return super().to_python(value)
        try:
            moment = parse_datetime(value.strip().replace(" ", "+"))
            if moment is not None and moment.tzinfo is not None:
                return moment.astimezone(UTC)
        except (ValueError, OverflowError):
            pass
        raise ValidationError("Write a day, so many days ago as -7d, or a time as 2026-11-21T09:30:00Z.")


class MomentFilter(filters.Filter):
    """Compares a time. A day means all of it: `gt` begins after its end, `lte` ends there. Served by an index."""

    field_class = MomentField

    def __init__(self, *args, **kwargs):
        super().__init__(*args, input_formats=["%Y-%m-%d"], **kwargs)

    def filter(self, queryset, value):
        lookup = self.lookup_expr
        if isinstance(value, date) and not isinstance(value, datetime):
            day = min(value, date.max - timedelta(days=1)) + timedelta(days=lookup in ("gt", "lte"))
            value = timezone.make_aware(datetime.combine(day, time.min))
            lookup = {"gt": "gte", "lte": "lt"}.get(lookup, lookup)
        return queryset if value is None else queryset.filter(**{f"{self.field_name}__{lookup}": value})


class WholeField(forms.IntegerField):
    """A whole number that a row may have, in the one way of writing it: `7`, and neither `07`, `7.0` nor `1e-400`."""

    def to_python(self, value):
        if value in self.empty_values:
            return None
        text = str(value).strip()
        if not WHOLE.fullmatch(text) or int(text) > LARGEST:
            raise ValidationError(f"Write a whole number from 0 to {LARGEST:,}.", code="invalid")
        return int(text)


class WholeFilter(filters.NumberFilter):
    field_class = WholeField


class YesNoField(forms.NullBooleanField):
    """True or false. Any other word is refused: taken for “not asked” it would list everything."""

    WORDS = {"true": True, "1": True, "false": False, "0": False}
    widget = forms.TextInput

    def to_python(self, value):
        if value in (None, ""):
            return None
        if str(value).lower() not in self.WORDS:
            raise ValidationError("Write true or false.", code="not_a_boolean")
        return self.WORDS[str(value).lower()]

    def validate(self, value):
        """Nothing is required."""


class YesNoFilter(filters.BooleanFilter):
    field_class = YesNoField


class TierFilter(filters.ModelChoiceFilter):
    """Compares a case's severity by rank with that of a tier, named by its slug; a case without one is neither."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, queryset=SeverityTier.objects.all(), to_field_name="slug", **kwargs)

    def filter(self, queryset, value):
        if not value:
            return queryset
        return queryset.filter(**{f"{self.field_name}__{self.lookup_expr}": value.pk})


class PartField(forms.CharField):
    """Some letters in a row. Fewer than three would be looked for in every row: the index holds three at a time."""

    def clean(self, value):
        value = super().clean(value)
        if value and not SHORTEST_PART <= len(value) <= LONGEST_PART:
            raise ValidationError(f"Write {SHORTEST_PART} to {LONGEST_PART} characters.")
        return value


class PartFilter(filters.Filter):
    """Whether a text contains another, whatever the letter case; `%` and `_` stand for themselves."""

    field_class = PartField

    def __init__(self, *args, **kwargs):
        super().__init__(*args, lookup_expr="icontains", **kwargs)


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


def rows_of(field, queryset, to_field_name, **options):
    return RowsFilter(field_name=field, queryset=queryset, to_field_name=to_field_name, distinct=False, **options)


def one_of(choices, **options):
    """Any of several values of one column; the column is the case's own, so no row comes twice."""
    return filters.MultipleChoiceFilter(choices=choices.choices, distinct=False, **options)
