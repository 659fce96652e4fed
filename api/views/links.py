"""How one case stands to others, and which are like it: never one that the caller may not see."""

from django.db.models import Q
from django.http import Http404
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.response import Response

from api import describing
from api.models import Scope
from api.serializers.case_input import checked
from api.serializers.links import LinkInput, LinkShape, SimilarCasesShape, link_of, similar_of
from api.views.base import WRITE, ListView, RegistryView, answer
from registry import access, similar
from registry.actions import links
from registry.models import Case, CaseLink


def links_between(case, others):
    """The links of `case` with those of `others`, which are the cases somebody may see."""
    found = CaseLink.objects.filter(Q(case=case, other__in=others) | Q(other=case, case__in=others))
    return found.select_related("case", "other", "answered_by").defer("case__search", "other__search")


def other_case(person, reference):
    """The case at the other end; one that was merged away is gone like one that may not be seen."""
    other = access.visible_to(person).filter(pk=access.number_of(reference)).first()
    if other is None:
        raise Http404
    return other


@describing.listed("list_links", "How the case stands to other cases that you may see")
class CaseLinks(ListView):
    shape = LinkShape

    def found(self, reference):
        self.case = access.case_for(self.request.user, reference)
        return links_between(self.case, access.visible_to(self.request.user))

    def row_of(self, row):
        return link_of(row, self.case, self.addresses())


class OneLink(RegistryView):
    """What was said of two cases. There is one answer for each pair, whichever way round."""

    scopes = {"GET": (Scope.CASES_READ,), "PUT": WRITE, "DELETE": WRITE}

    @describing.reads(LinkShape, operation_id="read_link", summary="How two cases stand to one another")
    def get(self, request, reference, other):
        return self.answer_for(*self.both(reference, other))

    @describing.writes(
        LinkShape,
        takes=LinkInput,
        operation_id="link_cases",
        summary="Say how the case stands to the other; it replaces what was said of the two before",
        examples=[describing.example("The same again", {"kind": "duplicate"})],
    )
    def put(self, request, reference, other):
        case, other = self.both(reference, other)
        links.require_may_link(request.user, case)
        values = checked(LinkInput, request.data)
        links.answer(case=case, other=other, by=request.user, at=timezone.now(), **values)
        return self.answer_for(case, other)

    @extend_schema(
        operation_id="unlink_cases",
        summary="Forget what was said of the two cases; the history keeps it",
        responses={204: None, **describing.refusals(*describing.READING, 409)},
    )
    def delete(self, request, reference, other):
        case, other = self.both(reference, other)
        links.take_back(case=case, other=other, by=request.user, at=timezone.now())
        return Response(status=204)

    def both(self, reference, other):
        return access.case_for(self.request.user, reference), other_case(self.request.user, other)

    def answer_for(self, case, other):
        link = links_between(case, Case.objects.filter(pk=other.pk)).first()
        if link is None:
            raise Http404
        return answer(self.request, link_of(link, case, self.addresses()), version=1)


class SimilarCases(RegistryView):
    @extend_schema(
        operation_id="list_similar_cases",
        summary="The cases you may see that are most like this one, and why",
        responses={200: SimilarCasesShape, **describing.refusals(*describing.READING)},
    )
    def get(self, request, reference):
        case = access.case_for(request.user, reference)
        hits = similar.alike(request.user, similar.sought_of(request.user, case))
        said = links_between(case, Case.objects.filter(pk__in=[hit.case.pk for hit in hits]))
        by_other = {link.other_than(case): link for link in said}
        results = [similar_of(hit, by_other.get(hit.case.pk), self.addresses()) for hit in hits]
        return Response({"results": results, "n_compared": similar.compared_with(request.user)})
