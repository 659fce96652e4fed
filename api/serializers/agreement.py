"""How far raters agree, as it goes out. A run never changes, so its version is always 1."""

from rest_framework import serializers

from registry import agreement
from registry.choices import Measure
from registry.patterns.judgements import FEWEST_CASES

RUN_FIELDS = ("period", "code_version", "n_cases", "n_raters", "n_labels", "n_resamples", "seconds")
FEW = f"Null below {FEWEST_CASES} cases."


class AgreementRunShape(serializers.Serializer):
    id = serializers.IntegerField()
    url = serializers.URLField()
    html_url = serializers.URLField(help_text="The latest run of its period.")
    version = serializers.IntegerField()
    created_at = serializers.DateTimeField()
    updated_at = serializers.DateTimeField()
    period = serializers.CharField(help_text="`all`, a year (2026) or a quarter (2026-Q4), by when ratings were given.")
    code_version = serializers.CharField()
    n_cases = serializers.IntegerField(help_text="Cases with ratings of two raters or more.")
    n_raters = serializers.IntegerField()
    n_labels = serializers.IntegerField()
    n_resamples = serializers.IntegerField(help_text="Of the bootstrap behind the intervals.")
    seconds = serializers.FloatField()


class AgreementScoreShape(serializers.Serializer):
    id = serializers.IntegerField()
    measure = serializers.ChoiceField(Measure.choices)
    scheme = serializers.CharField(allow_null=True, help_text="Null for a severity.")
    node = serializers.CharField(allow_null=True, help_text="Null for a scheme as a whole, and for a severity.")
    n_cases = serializers.IntegerField(help_text="Cases that two raters or more spoke of.")
    n_raters = serializers.IntegerField()
    n_disputed = serializers.IntegerField(allow_null=True, help_text=f"Cases on which they differ. {FEW}")
    alpha = serializers.FloatField(allow_null=True, help_text=f"Krippendorff's. Null where all said the same. {FEW}")
    low = serializers.FloatField(allow_null=True, help_text="95 % interval, by bootstrap over cases.")
    high = serializers.FloatField(allow_null=True)


class RaterPairShape(serializers.Serializer):
    id = serializers.IntegerField()
    scheme = serializers.CharField()
    first = serializers.CharField()
    second = serializers.CharField()
    n_cases = serializers.IntegerField()
    n_judgements = serializers.IntegerField()
    n_agreed = serializers.IntegerField(allow_null=True, help_text=FEW)
    kappa = serializers.FloatField(
        allow_null=True, help_text=f"Cohen's. Null where chance alone would agree always. {FEW}"
    )


class ConfusionShape(serializers.Serializer):
    id = serializers.IntegerField()
    node_a = serializers.CharField()
    node_b = serializers.CharField()
    n_cases = serializers.IntegerField(help_text="Cases on which raters chose one for the other.")
    n_together = serializers.IntegerField(help_text="Cases on which any rater chose either.")


class DisputeShape(serializers.Serializer):
    """Whoever still rates a case blind learns that raters differ: not who, on what or how much."""

    place = serializers.IntegerField(help_text="From 1, the weightiest first.")
    case = serializers.CharField()
    title = serializers.CharField()
    status = serializers.CharField()
    potential_severity = serializers.CharField(allow_null=True)
    url = serializers.URLField(help_text="The case.")
    html_url = serializers.URLField()
    since = serializers.DateTimeField(help_text="When the second rater had rated.")
    labels_hidden = serializers.BooleanField()
    n_nodes = serializers.IntegerField(allow_null=True, help_text="Nodes on which they differ.")
    disagreement = serializers.FloatField(allow_null=True)
    weight = serializers.FloatField(allow_null=True, help_text="Disagreement × (1 + rank of the potential severity).")
    raters = serializers.ListField(child=serializers.CharField(), allow_null=True)
    nodes = serializers.ListField(
        child=serializers.CharField(), allow_null=True, help_text="Those they differ on most, four at most."
    )


def run_of(run, addresses):
    return {
        "id": run.pk,
        **addresses.agreement_run(run.pk, run.period),
        "version": 1,
        "created_at": run.computed_at,
        "updated_at": run.computed_at,
        **{name: getattr(run, name) for name in RUN_FIELDS},
    }


def score_of(score, addresses):
    return {
        "id": score.pk,
        "measure": score.measure,
        "scheme": score.scheme and score.scheme.slug,
        "node": score.node and f"{score.scheme.slug}:{score.node.slug}",
        "n_cases": score.n_cases,
        "n_raters": score.n_raters,
        "n_disputed": agreement.n_disputed(score),
        **{name: getattr(score, name) for name in ("alpha", "low", "high")},
    }


def rater_pair_of(pair, addresses):
    few = pair.n_cases < FEWEST_CASES
    return {
        "id": pair.pk,
        "scheme": pair.scheme.slug,
        "first": pair.first.username,
        "second": pair.second.username,
        "n_cases": pair.n_cases,
        "n_judgements": pair.n_judgements,
        "n_agreed": None if few else pair.n_agreed,
        "kappa": None if few else pair.kappa,
    }


def confusion_of(row, addresses):
    return {
        "id": row.pk,
        "node_a": row.node_a.key,
        "node_b": row.node_b.key,
        "n_cases": row.n_cases,
        "n_together": row.n_together,
    }


def dispute_of(row, addresses):
    case, blind = row.case, row.is_blind
    return {
        "place": row.place,
        "case": case.reference,
        "title": case.title,
        "status": case.status,
        "potential_severity": case.potential_severity and case.potential_severity.slug,
        **addresses.case(case.reference),
        "since": row.since,
        "labels_hidden": blind,
        "n_nodes": None if blind else row.n_nodes,
        "disagreement": row.disagreement,
        "weight": row.weight,
        "raters": None if blind else [rater.username for rater in row.raters],
        "nodes": None if blind else [node.key for node in row.nodes],
    }
