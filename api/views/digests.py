"""The digests a person received or is owed."""

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework.response import Response

from api import describing
from api.serializers.mail import DigestRowShape, DigestShape, digest_of, digest_row_of
from api.views.base import ListView, RegistryView
from registry.digests import archive


@describing.listed("list_digests", "Your digests and your teams', the latest first, and what became of each")
class DigestList(ListView):
    shape = DigestRowShape
    orderings = {"-period_end": ("-period_end", "-id"), "period_end": ("period_end", "id")}

    def found(self):
        return archive.digests_for(self.request.user).defer("text", "html", "chart")

    def row_of(self, row):
        return digest_row_of(row, self.addresses())


class OneDigest(RegistryView):
    @extend_schema(
        operation_id="read_digest",
        summary="One digest of yours or your team's, as text and as HTML",
        responses={200: DigestShape, **describing.refusals(*describing.READING)},
    )
    def get(self, request, number):
        found = get_object_or_404(archive.digests_for(request.user), pk=number)
        return Response(digest_of(found, self.addresses()))
