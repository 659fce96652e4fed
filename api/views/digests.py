"""The digests a person received or is owed."""

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework.response import Response

from api import describing
from api.serializers.mail import DigestRowShape, DigestShape, digest_of, digest_row_of
from api.views.base import ListView, RegistryView
from registry.models import Digest


@describing.listed("list_digests", "Your weekly digests, the latest first, and what became of each")
class DigestList(ListView):
    shape = DigestRowShape
    orderings = {"-period_end": ("-period_end", "-id"), "period_end": ("period_end", "id")}

    def found(self):
        digests = Digest.objects.filter(person=self.request.user).select_related("person")
        return digests.defer("text", "html", "chart")

    def row_of(self, row):
        return digest_row_of(row, self.addresses())


class OneDigest(RegistryView):
    @extend_schema(
        operation_id="read_digest",
        summary="One of your digests, as text and as HTML",
        responses={200: DigestShape, **describing.refusals(*describing.READING)},
    )
    def get(self, request, number):
        digests = Digest.objects.filter(person=request.user).select_related("person")
        return Response(digest_of(get_object_or_404(digests, pk=number), self.addresses()))
