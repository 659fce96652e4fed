"""How far raters agree, and the cases on which they differ and nobody has decided."""

from dataclasses import dataclass

import django_filters
from django.http import Http404

from api import describing, parameters
from api.finding import row_or_404
from api.serializers import agreement as shapes
from api.views.base import NEWEST_FIRST, ListView, RegistryView, answer, list_answer, unless_bad_cursor
from api.views.pattern_rows import OfOneRun, never_changing
from registry import disputes
from registry.agreement import ALL_TIME, latest_runs, shown_confusions
from registry.choices import Measure
from registry.filter_fields import NodesFilter, rows_of
from registry.models import AgreementRun, AgreementScore, Confusion, RaterPair
from registry.paging import page_from
from taxonomy.models import Scheme

PERIOD = {"type": "string", "pattern": r"^(all|\d{4}(-Q[1-4])?)$", "default": ALL_TIME}


class RunFilterSet(django_filters.FilterSet):
    period = django_filters.CharFilter(label="all, a year or a quarter such as 2026-Q4")

    class Meta:
        model = AgreementRun
        fields = []


@describing.listed("list_agreement_runs", "Every computation of the agreement of raters")
class RunList(ListView):
    shape, build, filter_set = shapes.AgreementRunShape, shapes.run_of, RunFilterSet
    orderings = NEWEST_FIRST

    def found(self):
        return AgreementRun.objects.all()


class OneRun(RegistryView):
    @describing.reads(shapes.AgreementRunShape, operation_id="read_agreement_run", summary="One run; it never changes")
    def get(self, request, number):
        run = row_or_404(AgreementRun.objects.all(), number)
        return never_changing(answer(request, shapes.run_of(run, self.addresses()), version=1))


class LatestRun(RegistryView):
    known = frozenset({"period"})

    @describing.reads(
        shapes.AgreementRunShape,
        parameters=[describing.parameter("period", PERIOD)],
        operation_id="read_latest_agreement",
        summary="The latest run over all time, or of one period",
    )
    def get(self, request):
        run = latest_runs().get(request.query_params.get("period", ALL_TIME))
        if run is None:
            raise Http404
        return answer(request, shapes.run_of(run, self.addresses()), version=1)


class OfAgreementRun(OfOneRun):
    runs = AgreementRun.objects


class ScoreFilterSet(django_filters.FilterSet):
    measure = django_filters.MultipleChoiceFilter(choices=Measure.choices, distinct=False)
    scheme = rows_of("scheme", Scheme.objects.all(), "slug")
    node = NodesFilter(label="These nodes")
    node__isnull = django_filters.BooleanFilter(field_name="node", lookup_expr="isnull", label="Schemes and severities")

    class Meta:
        model = AgreementScore
        fields = []


@describing.listed("list_agreement_scores", "Krippendorff's alpha of nodes, schemes and severities", **OfOneRun.told)
class ScoresOfRun(OfAgreementRun):
    shape, build, filter_set = shapes.AgreementScoreShape, shapes.score_of, ScoreFilterSet
    orderings = {**ListView.orderings, "alpha": ("alpha", "id"), "-alpha": ("-alpha", "-id")}

    def rows_in(self, run):
        return AgreementScore.objects.filter(run=run).select_related("scheme", "node")


class RaterPairFilterSet(django_filters.FilterSet):
    scheme = rows_of("scheme", Scheme.objects.all(), "slug")

    class Meta:
        model = RaterPair
        fields = []


@describing.listed("list_rater_pairs", "How two raters agree over the nodes of one scheme", **OfOneRun.told)
class RaterPairsOfRun(OfAgreementRun):
    shape, build, filter_set = shapes.RaterPairShape, shapes.rater_pair_of, RaterPairFilterSet

    def rows_in(self, run):
        return RaterPair.objects.filter(run=run).select_related("scheme", "first", "second")


class ConfusionFilterSet(django_filters.FilterSet):
    node = NodesFilter(field_name="node_a", other="node_b", label="Either of its nodes is one of these")

    class Meta:
        model = Confusion
        fields = []


@describing.listed("list_confusions", "Nodes that raters choose one for the other", **OfOneRun.told)
class ConfusionsOfRun(OfAgreementRun):
    shape, build, filter_set = shapes.ConfusionShape, shapes.confusion_of, ConfusionFilterSet
    orderings = {"-n_cases": ("-n_cases", "-id"), **ListView.orderings}

    def rows_in(self, run):
        return shown_confusions(run)


PLACE = {"place": ("place",)}


class Queue(RegistryView):
    """Its order rests on what raters said, so a cursor holds the place and not the weight."""

    known = parameters.PAGE - {"expand"}

    @describing.lists(
        shapes.DisputeShape,
        orderings=PLACE,
        default="place",
        operation_id="list_disputes",
        summary="Cases on which raters differ and nobody has decided, the weightiest first",
    )
    def get(self, request):
        fields = tuple(shapes.DisputeShape().fields)
        asked = parameters.listing(request.query_params, orderings=PLACE, default="place", fields=fields)
        page = unless_bad_cursor(
            page_from,
            lambda backwards, values: rows_beyond(request.user, asked.limit + 1, backwards, values),
            ordering="Queue:place",
            fields=PLACE["place"],
            limit=asked.limit,
            cursor=asked.cursor,
        )
        rows = [shapes.dispute_of(row, self.addresses()) for row in page.rows]
        return list_answer(request, asked, page, rows, queryset=Disputed(request.user))


@dataclass(frozen=True)
class Disputed:
    """Counts the queue of one person, for `count=exact`."""

    person: object

    def count(self):
        return disputes.waiting_from(self.person, 0, 1)[1]


def rows_beyond(person, most, backwards, values):
    """Up to so many rows after a place, or before it with the nearest first."""
    place = values[0] if values else 0
    if not backwards:
        return disputes.waiting_from(person, place, most)[0]
    first = max(place - 1 - most, 0)
    return disputes.waiting_from(person, first, place - 1 - first)[0][::-1]
