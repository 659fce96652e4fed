"""Digests, runs and pairs for the tests, short to write."""

from dataclasses import asdict
from datetime import UTC, datetime, timedelta

from registry.choices import TEMPLATE_FIELDS, DigestState, Movement, PairState
from registry.digests.compose import compose
from registry.models import Digest, PatternPair, PatternRun, Subscription
from registry.patterns.rules import Rules
from taxonomy.models import SeverityTier
from tests.factories import agree, make_case, make_node, make_person, numbers

WEEK = timedelta(days=7)
# Mondays at 07:00 UTC.
END = datetime(2026, 11, 23, 7, tzinfo=UTC)
START = END - WEEK
BEFORE, DURING = START - timedelta(days=2), START + timedelta(days=2)


def make_subscription(*, created_at=START - 8 * WEEK, person=None, **values):
    return Subscription.objects.create(person=person or make_person(), created_at=created_at, **values)


def make_digest(subscription, *, start=START, end=END, state=DigestState.DUE, **values):
    values = {
        "not_before": end,
        "created_at": end,
        "message_id": f"<{next(numbers)}@example.org>",
        "sent_at": end if state == DigestState.SENT else None,
    } | values
    return Digest.objects.create(
        subscription=subscription,
        person=subscription.person,
        period_start=start,
        period_end=end,
        state=state,
        **values,
    )


def case_at(at, **values):
    """A case logged at that time."""
    return make_case(created_at=at, updated_at=at, reported_at=at, **values)


def analysed_at(at, *, cause, **values):
    """A case of which nothing is missing."""
    texts = dict.fromkeys(TEMPLATE_FIELDS, "As the report says.")
    tiers = SeverityTier.objects.in_bulk(field_name="slug")
    severity = {"realised_severity": tiers["low"], "potential_severity": tiers["high"]}
    given = texts | severity | {"predictability": "unknown", "title": "The boat never finishes"} | values
    return agree(case_at(at, **given), cause)


def references(cases):
    return [line.reference for line in cases.lines]


def composed(subscription, **values):
    """The content of a digest for this subscription."""
    return compose(digest=make_digest(subscription, **values))


def make_run(*, at=END, pairs=(), **values):
    """A run with `pairs`: dicts for PatternPair."""
    run = PatternRun.objects.create(
        **{
            "computed_at": at,
            "code_version": "1",
            "taxonomy_version": "1",
            "fingerprint": str(next(numbers)),
            "rules": asdict(Rules()),
            "n_cases": 76,
            "n_groups": 76,
            "n_pairs": len(pairs),
            "n_tests": 487,
            "n_flagged": sum(pair["flagged"] for pair in pairs),
            "seconds": 0.1,
        }
        | values
    )
    PatternPair.objects.bulk_create(PatternPair(run=run, **pair) for pair in pairs)
    return run


def pair_of(a, b, *, joint, q, flagged, **values):
    return {
        "node_a": a,
        "node_b": b,
        "state": PairState.TESTED,
        "joint": joint,
        "k_a": joint + 5,
        "k_b": joint + 6,
        "n": 76,
        "lift": 2.7,
        "rate_low": 0.04,
        "rate_high": 0.16,
        "q": q,
        "effect": 1.0,
        "flagged": flagged,
        "movement": Movement.NONE,
    } | values


def two_nodes():
    return make_node(f"gaming-{next(numbers)}"), make_node(f"proxy-{next(numbers)}")
