"""Pattern runs and their rows as they go out. A run never changes, so its version is always 1."""

from django.http import QueryDict
from rest_framework import serializers

from api.addresses import API
from api.serializers.saved_views import ViewFilters
from api.serializers.strict import Choice, StrictSerializer
from registry.choices import LabelRule, Movement, PairState
from registry.patterns.run_rules import by_other_rules

RUN_FIELDS = (
    "code_version",
    "taxonomy_version",
    "label_rule",
    "rules",
    "n_cases",
    "n_groups",
    "n_pairs",
    "n_tests",
    "n_flagged",
    "occurred_from",
    "occurred_to",
    "strata",
    "lag_weeks",
    "lag_cases",
    "incomplete_weeks",
    "seconds",
)
PAIR_FIELDS = (
    "state",
    "joint",
    "k_a",
    "k_b",
    "n",
    "expected",
    "rate_low",
    "rate_high",
    "phi",
    "lift",
    "jaccard",
    "odds_ratio",
    "odds_low",
    "odds_high",
    "p",
    "q",
    "effect",
    "flagged",
    "movement",
    "joint_before",
    "q_before",
    "first_flagged",
    "first_supported",
)
NODE_FIELDS = ("k", "n", "low", "high")
TREND_FIELDS = (
    "first_week",
    "weeks",
    "recent",
    "baseline",
    "ratio",
    "low",
    "high",
    "p",
    "q",
    "flagged",
)


def share(**options):
    return serializers.FloatField(allow_null=True, **options)


class PopulationShape(serializers.Serializer):
    id = serializers.IntegerField()
    label_rule = serializers.ChoiceField(LabelRule.choices)
    filters = serializers.DictField(
        child=serializers.ListField(child=serializers.CharField()), help_text="Of the case list."
    )


class RunShape(serializers.Serializer):
    id = serializers.IntegerField()
    url = serializers.URLField()
    html_url = serializers.URLField()
    version = serializers.IntegerField()
    created_at = serializers.DateTimeField()
    updated_at = serializers.DateTimeField()
    code_version = serializers.CharField()
    taxonomy_version = serializers.CharField()
    label_rule = serializers.CharField()
    rules = serializers.JSONField(help_text="The small-sample rules in force.")
    n_cases = serializers.IntegerField()
    n_groups = serializers.IntegerField(help_text="Cases after the reports of one event are counted once.")
    n_pairs = serializers.IntegerField()
    n_tests = serializers.IntegerField(help_text="Size of the family of tests.")
    n_flagged = serializers.IntegerField()
    occurred_from = serializers.DateField(allow_null=True)
    occurred_to = serializers.DateField(allow_null=True)
    population = PopulationShape(
        allow_null=True, help_text="Which cases and labels it counts; null for every case with its agreed labels."
    )
    strata = serializers.JSONField(help_text="Events in each stratum: {setting: {laboratory: 64}}.")
    lag_weeks = serializers.IntegerField(
        allow_null=True, help_text="Weeks until nine in ten cases are reported; null if too few are dated."
    )
    lag_cases = serializers.IntegerField(help_text="Cases from which the lag was measured.")
    incomplete_weeks = serializers.IntegerField(help_text="The last weeks, to which cases are still expected.")
    compared_with = serializers.IntegerField(allow_null=True, help_text="A run of the same population.")
    by_other_rules = serializers.BooleanField(
        help_text="The run compared with was computed by earlier rules: what moved may have moved because of that."
    )
    seconds = serializers.FloatField()


class PatternNodeShape(serializers.Serializer):
    id = serializers.IntegerField()
    node = serializers.CharField()
    k = serializers.IntegerField(help_text="Cases that carry the node.")
    n = serializers.IntegerField(help_text="Cases to which its scheme was applied.")
    low = share()
    high = share()


class PatternPairShape(serializers.Serializer):
    id = serializers.IntegerField()
    node_a = serializers.CharField()
    node_b = serializers.CharField()
    state = serializers.ChoiceField(PairState.choices)
    joint = serializers.IntegerField(help_text="Cases that carry both.")
    k_a = serializers.IntegerField()
    k_b = serializers.IntegerField()
    n = serializers.IntegerField()
    expected = share()
    rate_low = share()
    rate_high = share()
    phi = share()
    lift = share()
    jaccard = share()
    odds_ratio = share()
    odds_low = share()
    odds_high = share()
    p = share()
    q = share(help_text="Benjamini and Yekutieli over the whole family.")
    effect = share(help_text="Shrunken log odds ratio.")
    flagged = serializers.BooleanField()
    movement = serializers.ChoiceField(Movement.choices)
    joint_before = serializers.IntegerField(allow_null=True)
    q_before = share()
    first_flagged = serializers.IntegerField(
        allow_null=True, help_text="The number of the first run of this population that flagged it."
    )
    first_supported = serializers.IntegerField(
        allow_null=True, help_text="The number of the first run with as many joint cases as a flag needs."
    )
    cases_url = serializers.URLField(help_text="The counted cases that you may see.")


class PatternTrendShape(serializers.Serializer):
    id = serializers.IntegerField()
    node = serializers.CharField(allow_null=True, help_text="Null for all cases.")
    first_week = serializers.DateField(help_text="The Monday of the first week counted.")
    weeks = serializers.ListField(child=serializers.IntegerField())
    recent = serializers.IntegerField()
    baseline = serializers.IntegerField()
    ratio = share()
    low = share()
    high = share()
    p = share()
    q = share()
    flagged = serializers.BooleanField()


class RunInput(StrictSerializer):
    """Which cases a run counts, and by which labels; all of them by the agreed ones unless it says otherwise."""

    label_rule = Choice(LabelRule.choices, required=False)
    filters = ViewFilters(required=False)


def run_of(run, addresses):
    """`run` has `population` and `compared_with` at hand."""
    return {
        "id": run.pk,
        **addresses.run(run.pk),
        "version": 1,
        "created_at": run.computed_at,
        "updated_at": run.computed_at,
        **{name: getattr(run, name) for name in RUN_FIELDS},
        "population": population_of(run.population),
        "compared_with": run.compared_with_id,
        "by_other_rules": by_other_rules(run),
    }


def population_of(population):
    if population is None:
        return None
    filters = dict(QueryDict(population.query).lists())
    return {"id": population.pk, "label_rule": population.label_rule, "filters": filters}


def columns(*nodes):
    """`id` and the two parts of the key of each node column."""
    return ("id", *(f"{node}__{part}" for node in nodes for part in ("scheme__slug", "slug")))


PAIR_COLUMNS = (*columns("node_a", "node_b"), *PAIR_FIELDS)
NODE_COLUMNS = (*columns("node"), *NODE_FIELDS)
TREND_COLUMNS = (*columns("node"), *TREND_FIELDS)


def key_in(row, node):
    slug = getattr(row, f"{node}__slug")
    return slug and f"{getattr(row, f'{node}__scheme__slug')}:{slug}"


def pair_of(row, addresses):
    return {
        "id": row.id,
        "node_a": key_in(row, "node_a"),
        "node_b": key_in(row, "node_b"),
        **{name: getattr(row, name) for name in PAIR_FIELDS},
        "cases_url": f"{addresses.root}{API}/cases/?pair={row.id}",
    }


def node_rate_of(row, addresses):
    return {"id": row.id, "node": key_in(row, "node"), **{name: getattr(row, name) for name in NODE_FIELDS}}


def trend_of(row, addresses):
    return {"id": row.id, "node": key_in(row, "node"), **{name: getattr(row, name) for name in TREND_FIELDS}}
