"""Pattern runs and their rows as they go out. A run never changes, so its version is always 1."""

from rest_framework import serializers

from api.addresses import API
from registry.choices import Movement, PairState

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
    compared_with = serializers.IntegerField(allow_null=True)
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


def run_of(run, addresses):
    return {
        "id": run.pk,
        **addresses.run(run.pk),
        "version": 1,
        "created_at": run.computed_at,
        "updated_at": run.computed_at,
        **{name: getattr(run, name) for name in RUN_FIELDS},
        "compared_with": run.compared_with_id,
    }


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
