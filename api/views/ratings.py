"""Rating a case: one's own work on it, and, once that is submitted, everybody's side by side."""

from django.db.models import Q
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.response import Response

from api import describing
from api.models import Scope
from api.rendering import as_json
from api.serializers.case_input import NothingInput, checked
from api.serializers.ratings import CaseRatingsShape, OwnRatingShape, SubmitRatingInput, rating_of
from api.versions import required_version, stale
from api.views.base import RegistryView, answer
from registry import access
from registry.actions import ratings
from registry.actions.signing import Conflict
from registry.blind import is_blind
from registry.choices import RatingState, Right
from registry.disputes import nodes_in_dispute
from registry.models import Label, RatedScheme, Rating
from taxonomy.models import Node

EXAMPLE = {"schemes": ["misalignment-causes"], "realised_severity": "low", "potential_severity": "high"}


class CaseRatings(RegistryView):
    @extend_schema(
        operation_id="list_ratings",
        summary="Who rated a case and how it stands between them, as far as you may see it",
        responses={200: CaseRatingsShape, **describing.refusals(*describing.READING)},
    )
    def get(self, request, reference):
        case = access.case_for(request.user, reference)
        hidden = is_blind(request.user, case)
        found = rows().filter(case=case)
        found = found.filter(rater=request.user) if hidden else found.exclude(others_at_work(request.user))
        found = list(found.order_by("rater__username", "pk"))
        schemes = schemes_of(found)
        results = [rating_of(each, schemes.get(each.pk, []), self.addresses()) for each in found]
        disputed = [] if hidden else keys_of(nodes_in_dispute(case))
        return Response({"results": results, "disputed": disputed, "labels_hidden": hidden})


class OwnRating(RegistryView):
    @describing.reads(OwnRatingShape, operation_id="read_rating", summary="How far you are with rating a case")
    def get(self, request, reference):
        return self.answer_for(access.case_for(request.user, reference))

    def answer_for(self, case):
        rating = self.own(case)
        return answer(self.request, self.data_of(rating), version=rating.version)

    def own(self, case):
        """The caller's rating; one that is not stored where they have said nothing."""
        person = self.request.user
        return rows().filter(case=case, rater=person).first() or Rating(case=case, rater=person, version=0)

    def data_of(self, rating):
        schemes = schemes_of([rating]) if rating.pk else {}
        held = Label.objects.filter(case=rating.case_id, rater=rating.rater_id, submitted_at=None)
        return {**rating_of(rating, schemes.get(rating.pk, []), self.addresses()), "n_held": held.count()}


class SubmitRating(OwnRating):
    scopes = {"POST": (Scope.LABELS_WRITE,)}
    http_method_names = ("post",)

    @describing.writes(
        OwnRatingShape,
        takes=SubmitRatingInput,
        matched=True,
        operation_id="submit_rating",
        summary="Show everybody the labels you held, and yourself what the others said; it cannot be taken back",
        examples=[describing.example("Went through one scheme", EXAMPLE)],
    )
    def post(self, request, reference):
        case = access.case_for(request.user, reference, to=Right.LABEL)
        rating = self.own(case)
        version = required_version(request, rating.version)
        version = rating.version if version is None else version
        values = checked(SubmitRatingInput, request.data)
        try:
            ratings.submit_rating(case=case, by=request.user, at=timezone.now(), version=version, **values)
        except Conflict:
            current = self.own(case)
            raise stale("Your rating", current.version, as_json(self.data_of(current))) from None
        return self.answer_for(case)


class StandAside(OwnRating):
    scopes = {"POST": (Scope.LABELS_WRITE,)}
    http_method_names = ("post",)

    @describing.writes(
        OwnRatingShape,
        takes=NothingInput,
        operation_id="stand_aside",
        summary="See what the raters said without a rating of your own; nothing you say from then on counts as blind",
    )
    def post(self, request, reference):
        case = access.case_for(request.user, reference, to=Right.LABEL)
        checked(NothingInput, request.data)
        ratings.stand_aside(case=case, by=request.user, at=timezone.now())
        return self.answer_for(case)


def rows():
    return Rating.objects.select_related("rater", "realised_severity", "potential_severity")


def others_at_work(person):
    """What is not submitted is for its rater only."""
    return Q(state=RatingState.WORKING) & ~Q(rater=person)


def schemes_of(found):
    """{rating id: slugs of the schemes gone through}; one query."""
    schemes = {}
    through = RatedScheme.objects.filter(rating__in=found).order_by("scheme__order", "scheme__slug")
    for rating, slug in through.values_list("rating_id", "scheme__slug"):
        schemes.setdefault(rating, []).append(slug)
    return schemes


def keys_of(nodes):
    found = Node.objects.filter(pk__in=nodes).select_related("scheme").order_by("scheme__order", "order", "pk")
    return [node.key for node in found]
