"""What a run found beside pairs and trends: safeguards, strata of its pairs, foresight and rates per use."""

from urllib.parse import urlencode

import numpy as np
from rest_framework import serializers

from api.serializers.patterns import columns, key_in
from api.serializers.patterns import share as number
from registry.actions.exposures import month_words
from registry.choices import Dimension, ExposureUnit
from registry.patterns import exposure, foresight, strata
from registry.patterns.arrays import finite
from registry.patterns.rules import Rules

MISS_FIELDS = ("absent", "n", "n_partial")
MISS_COLUMNS = (*columns("technique", "failure_mode"), *MISS_FIELDS)
FORESIGHT_FIELDS = ("warned", "foreseeable", "not_foreseeable", "unknown")
FORESIGHT_COLUMNS = (*columns("node"), *FORESIGHT_FIELDS, "lead_days", "run__rules")
LAYER_COLUMNS = ("id", "run_id", "missed", "caught", "n")
STRATUM_COUNTS = ("joint", "k_a", "k_b", "n")
PAIR = tuple(f"pair__{name}" for name in columns("node_a", "node_b"))
SPLIT_COLUMNS = ("id", "dimension", "strata", *STRATUM_COUNTS, "pair__run__rules", *PAIR)
EXPOSURE_COLUMNS = ("id", "system_id", "system__name", "unit", "n", "n_outside", "amount", "months")


class LayersShape(serializers.Serializer):
    id = serializers.IntegerField()
    missed = serializers.ListField(
        child=serializers.CharField(),
        help_text="Techniques; partly stopped is missed. “#148” is one that is in no vocabulary any more.",
    )
    caught = serializers.ListField(child=serializers.CharField())
    n = serializers.IntegerField(help_text="Events with exactly these outcomes; all others are not known.")
    cases_url = serializers.URLField(
        help_text="The cases you may see in which at least these missed and caught it, of those still in a vocabulary."
    )


class MissShape(serializers.Serializer):
    id = serializers.IntegerField()
    technique = serializers.CharField()
    failure_mode = serializers.CharField(allow_null=True, help_text="Null where nobody said how it missed.")
    absent = serializers.BooleanField(help_text="It was not in place although it was expected to catch this.")
    n = serializers.IntegerField(help_text="Events.")
    n_partial = serializers.IntegerField(help_text="Of these, how often it stopped part of it.")
    cases_url = serializers.URLField(help_text="Those of the cases that you may see.")


class StratumShape(serializers.Serializer):
    stratum = serializers.CharField(allow_null=True, help_text="Null where it is not known.")
    joint = serializers.IntegerField()
    k_a = serializers.IntegerField()
    k_b = serializers.IntegerField()
    n = serializers.IntegerField()


class SplitShape(serializers.Serializer):
    id = serializers.IntegerField()
    pair = serializers.IntegerField(help_text="Number of the pair in this run.")
    node_a = serializers.CharField()
    node_b = serializers.CharField()
    dimension = serializers.ChoiceField(Dimension.choices)
    reading = serializers.ChoiceField(
        [each.value for each in strata.Reading], help_text="Whether the pair holds in each stratum."
    )
    odds_ratio = number(help_text="Common to all strata, by Mantel and Haenszel.")
    odds_low = number()
    odds_high = number()
    strata = StratumShape(many=True)


class ForesightShape(serializers.Serializer):
    id = serializers.IntegerField()
    node = serializers.CharField(allow_null=True, help_text="Null for all events.")
    warned = serializers.IntegerField(help_text="Somebody had said that this could happen.")
    foreseeable = serializers.IntegerField(help_text="Foreseeable, though nobody is known to have said so.")
    not_foreseeable = serializers.IntegerField()
    unknown = serializers.IntegerField(help_text="Not judged; in no share.")
    share = number(help_text="Warned of or foreseeable, of those judged; null if the run's rules hide it.")
    share_low = number()
    share_high = number()
    n_leads = serializers.IntegerField(help_text="Events with the days of both the warning and the event.")
    lead_days = number(help_text="Days from the warning to the event: their median.")
    lead_low = serializers.IntegerField(allow_null=True)
    lead_high = serializers.IntegerField(allow_null=True)


class RunExposureShape(serializers.Serializer):
    id = serializers.IntegerField()
    system = serializers.CharField()
    system_id = serializers.IntegerField()
    unit = serializers.ChoiceField(ExposureUnit.choices)
    n = serializers.IntegerField(help_text="Events in the months for which its use is recorded.")
    n_outside = serializers.IntegerField(help_text="Its events in other months, or without one.")
    amount = serializers.IntegerField(allow_null=True, help_text="Its use in those months; null if none is recorded.")
    months = serializers.ListField(child=serializers.CharField())
    rate = number(help_text="Events per single use; null without use.")
    rate_low = number(help_text="Exact interval of a Poisson count.")
    rate_high = number()


def layers_of(row, addresses, keys):
    """`keys`: {id of a node: its key}. A run outlives the nodes that it counted."""
    named = {name: [keys[node] for node in getattr(row, name) if node in keys] for name in ("missed", "caught")}
    wanted = {"layers": row.run_id} | {name: ",".join(found) for name, found in named.items() if found}
    return {
        "id": row.id,
        "missed": [keys.get(node, f"#{node}") for node in row.missed],
        "caught": [keys.get(node, f"#{node}") for node in row.caught],
        "n": row.n,
        "cases_url": f"{addresses.api}/cases/?{urlencode(wanted)}",
    }


def miss_of(row, addresses):
    return {
        "id": row.id,
        "technique": key_in(row, "technique"),
        "failure_mode": key_in(row, "failure_mode"),
        **{name: getattr(row, name) for name in MISS_FIELDS},
        "cases_url": addresses.cases(miss=row.id),
    }


def split_of(row, addresses):
    counts = [np.array(getattr(row, name)) for name in STRATUM_COUNTS]
    found = strata.read(strata.Split(tuple(row.strata), *counts), Rules.kept(row.pair__run__rules))
    lines = zip(row.strata, row.joint, row.k_a, row.k_b, row.n, strict=True)
    return {
        "id": row.id,
        "pair": row.pair__id,
        "node_a": key_in(row, "pair__node_a"),
        "node_b": key_in(row, "pair__node_b"),
        "dimension": row.dimension,
        "reading": found.reading.value,
        "odds_ratio": finite(found.pooled.odds_ratio),
        "odds_low": finite(found.pooled.low),
        "odds_high": finite(found.pooled.high),
        "strata": [
            dict(zip(("stratum", *STRATUM_COUNTS), (name or None, *rest), strict=True)) for name, *rest in lines
        ],
    }


def foresight_of(row, addresses):
    counts = {name: getattr(row, name) for name in FORESIGHT_FIELDS}
    found, lead = foresight.foresight(**counts).foreseeable, foresight.lead_time(row.lead_days)
    shown = found if found and found.n >= Rules.kept(row.run__rules).min_rate_n else None
    return {
        "id": row.id,
        "node": key_in(row, "node"),
        **counts,
        "share": shown and shown.share,
        "share_low": shown and shown.low,
        "share_high": shown and shown.high,
        "n_leads": len(row.lead_days),
        "lead_days": lead and lead.median,
        "lead_low": lead and lead.low,
        "lead_high": lead and lead.high,
    }


def run_exposure_of(row, addresses):
    found = exposure.rates(row.n, float(row.amount))
    return {
        "id": row.id,
        "system": row.system__name,
        "system_id": row.system_id,
        "unit": row.unit,
        "n": row.n,
        "n_outside": row.n_outside,
        "amount": row.amount if row.months else None,
        "months": [month_words(month) for month in row.months],
        "rate": finite(found.rate.item()),
        "rate_low": finite(found.low.item()),
        "rate_high": finite(found.high.item()),
    }
