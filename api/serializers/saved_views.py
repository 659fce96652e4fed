"""Saved views: filters of the case list under a name."""

from rest_framework import serializers

from api.serializers.strict import Choice, StrictSerializer, Text, YesNo
from registry.filters import ALL_ORDERINGS, CaseFilterSet
from registry.saved_views import contents_of

MOST_VALUES = 50


def values_of_filter():
    return serializers.ListField(
        child=Text(max_length=500, trim_whitespace=False), required=False, min_length=1, max_length=MOST_VALUES
    )


# One field for each filter of the case list, so that the document names them.
ViewFilters = type(
    "ViewFilters",
    (StrictSerializer,),
    {
        "__doc__": "Each filter of the case list that is set, with its values as they stand in an address.",
        "__module__": __name__,
        **{name: values_of_filter() for name in CaseFilterSet.base_filters},
    },
)


class ViewInput(StrictSerializer):
    name = Text(max_length=60)
    shared = YesNo(required=False, help_text="Everyone signed in may use it; each sees their own cases.")
    filters = ViewFilters(required=False)
    ordering = Choice([(name, name) for name in ALL_ORDERINGS], required=False, empty=True)


class ViewChangeInput(ViewInput):
    name = Text(max_length=60, required=False)


class DefaultViewInput(StrictSerializer):
    view = Text(max_length=80, allow_null=True, help_text="The slug of a view; null for all cases.")


class DefaultViewShape(serializers.Serializer):
    view = serializers.CharField(allow_null=True, help_text="What your list opens with; null is all cases.")


class ViewShape(serializers.Serializer):
    id = serializers.IntegerField()
    slug = serializers.CharField(help_text="For `/cases/?view=`.")
    name = serializers.CharField()
    owner = serializers.CharField()
    shared = serializers.BooleanField()
    default = serializers.BooleanField(help_text="Your list opens with it.")
    filters = serializers.DictField(child=serializers.ListField(child=serializers.CharField()))
    ordering = serializers.CharField(allow_null=True)
    version = serializers.IntegerField()
    created_at = serializers.DateTimeField()
    updated_at = serializers.DateTimeField()
    url = serializers.URLField()
    html_url = serializers.URLField()


def view_of(view, *, person, addresses):
    filters, ordering = contents_of(view.query)
    return {
        "id": view.pk,
        "slug": view.slug,
        "name": view.name,
        "owner": view.owner.username,
        "shared": view.shared,
        "default": person.default_view_id == view.pk,
        "filters": dict(filters.lists()),
        "ordering": ordering or None,
        "version": view.version,
        "created_at": view.created_at,
        "updated_at": view.updated_at,
        **addresses.of(f"views/{view.slug}", "case-list", query=f"view={view.slug}"),
    }
