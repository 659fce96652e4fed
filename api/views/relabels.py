"""Cases to look at again after a change of a node, as far as the caller may know what they carried."""

import django_filters
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef
from django.utils import timezone

from api import describing
from api.finding import row_or_404
from api.models import Scope
from api.serializers import nodes as shapes
from api.serializers.case_input import checked
from api.serializers.vocabulary_input import NoneAppliesInput
from api.views.base import NEWEST_FIRST, ListView, RegistryView, answer
from registry.actions import relabels
from registry.filter_fields import ME, PersonalFilterSet, WholeFilter
from registry.models import Relabel, TaxonomyChange
from registry.relabelling import known_relabels, labelled_by

WAITING, DONE = "waiting", "done"


class RelabelFilterSet(PersonalFilterSet):
    state = django_filters.ChoiceFilter(choices=[(WAITING, WAITING), (DONE, DONE)], method="in_state")
    rater = django_filters.ChoiceFilter(
        choices=[(ME, ME)], method="labelled", label="Cases that you labelled with the node"
    )
    change = WholeFilter(label="Number of the change of a node")

    class Meta:
        model = Relabel
        fields = []

    def in_state(self, queryset, name, state):
        return queryset.filter(done_at__isnull=state == WAITING)

    def labelled(self, queryset, name, rater):
        return queryset.filter(labelled_by(self.person))


def rows_for(person):
    through = TaxonomyChange.targets.through
    named = through.objects.filter(taxonomychange=OuterRef("change")).order_by("node__order", "node")
    rows = known_relabels(person).select_related("case", "change__node__scheme", "done_by")
    return rows.annotate(target_slugs=ArraySubquery(named.values("node__slug"))).only(
        *("done_at", "done_by__username", "case__title", "change__kind"),
        *("change__node__slug", "change__node__scheme__slug"),
    )


@describing.listed("list_relabels", "Cases to look at again after a change of a node they carried")
class RelabelList(ListView):
    shape, build, filter_set = shapes.RelabelShape, shapes.relabel_of, RelabelFilterSet
    orderings = NEWEST_FIRST

    def found(self):
        return rows_for(self.request.user)


class OneRelabel(RegistryView):
    @describing.reads(shapes.RelabelShape, operation_id="read_relabel", summary="One case to look at again")
    def get(self, request, number):
        row = row_or_404(rows_for(request.user), number)
        return answer(request, shapes.relabel_of(row, self.addresses()), version=1)


class NoneApplies(RegistryView):
    scopes = {"POST": (Scope.LABELS_WRITE,)}

    def require_seen(self, number):
        row_or_404(known_relabels(self.request.user), number)

    @describing.writes(
        shapes.RelabelShape,
        takes=NoneAppliesInput,
        operation_id="none_applies",
        summary="Say that nothing offered in place of the old node applies to the case",
        examples=[describing.example("After a look", {"reason": "The reward was fine; the log shows a crash."})],
    )
    def post(self, request, number):
        relabel = row_or_404(known_relabels(request.user).select_related("case", "change"), number)
        reason = checked(NoneAppliesInput, request.data)["reason"]
        relabels.none_applies(relabel=relabel, by=request.user, at=timezone.now(), reason=reason)
        data = shapes.relabel_of(rows_for(request.user).get(pk=relabel.pk), self.addresses())
        return answer(request, data, version=1)
