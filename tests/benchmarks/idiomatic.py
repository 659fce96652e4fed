"""The same case list as a Django REST framework tutorial would write it: the floor for convenience, not for speed."""

import django_filters
from django.urls import include, path
from django_filters.rest_framework import DjangoFilterBackend
from rest_framework import permissions, routers, serializers, viewsets
from rest_framework.pagination import PageNumberPagination
from rest_framework.renderers import JSONRenderer

from registry import access
from registry.models import Case, CaseSystem, Classification
from taxonomy.models import Node


class NodeSerializer(serializers.ModelSerializer):
    scheme = serializers.SlugRelatedField(slug_field="slug", read_only=True)

    class Meta:
        model = Node
        fields = ("id", "slug", "name", "scheme")


class LabelSerializer(serializers.ModelSerializer):
    node = NodeSerializer()

    class Meta:
        model = Classification
        fields = ("id", "node")


class CaseSystemSerializer(serializers.ModelSerializer):
    name = serializers.CharField(source="system.name")

    class Meta:
        model = CaseSystem
        fields = ("name", "version", "role")


class CaseSerializer(serializers.ModelSerializer):
    """The fields of the product's light rows."""

    reporter = serializers.SlugRelatedField(slug_field="username", read_only=True)
    owner = serializers.SlugRelatedField(slug_field="username", read_only=True)
    realised_severity = serializers.SlugRelatedField(slug_field="slug", read_only=True)
    potential_severity = serializers.SlugRelatedField(slug_field="slug", read_only=True)
    labels = LabelSerializer(source="classifications", many=True)
    systems = CaseSystemSerializer(source="case_systems", many=True)

    class Meta:
        model = Case
        fields = (
            "id", "version", "created_at", "updated_at", "title", "kind", "status", "visibility", "occurred_from",
            "occurred_to", "occurred_precision", "reported_at", "closed_at", "realised_severity", "potential_severity",
            "reporter", "owner", "systems", "labels",
        )  # fmt: skip


class CaseFilter(django_filters.FilterSet):
    node = django_filters.ModelMultipleChoiceFilter(field_name="classifications__node", queryset=Node.objects.all())

    class Meta:
        model = Case
        fields = ()


class Pages(PageNumberPagination):
    page_size = 50


class CaseViewSet(viewsets.ModelViewSet):
    serializer_class = CaseSerializer
    pagination_class = Pages
    filter_backends = (DjangoFilterBackend,)
    filterset_class = CaseFilter
    permission_classes = (permissions.IsAuthenticated,)
    renderer_classes = (JSONRenderer,)

    def get_queryset(self):
        cases = access.visible_to(self.request.user).defer("search").order_by("-occurred_on", "-id")
        cases = cases.select_related("reporter", "owner", "realised_severity", "potential_severity")
        return cases.prefetch_related("classifications__node__scheme", "case_systems__system")


router = routers.SimpleRouter()
router.register("cases", CaseViewSet, basename="idiomatic-case")
urlpatterns = [path("idiomatic/", include(router.urls)), path("", include("config.urls"))]
