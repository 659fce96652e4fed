"""One computation of agreement: ratings in, an immutable AgreementRun for each period and its rows out."""

import hashlib
from dataclasses import fields
from time import perf_counter

import numpy as np
from django.db import connection, transaction
from django.db.models import Max

from registry.choices import Measure
from registry.models import AgreementRun, AgreementScore, Confusion, RaterPair
from registry.patterns.arrays import finite
from registry.patterns.judgements import Ratings, agree
from registry.patterns.ratings_reading import read_ratings
from registry.patterns.resampling import RESAMPLES

# Raised whenever the same ratings could give another number.
STATISTICS_VERSION = "1"
SEED = 2026
ALL = "all"
QUARTERS = 8
MOST_CONFUSIONS = 500


def compute_agreement(*, at):
    """Compare the raters of every case open to everyone, for all time, each year and the last eight quarters.

    Returns {"runs": {period: number}, "unchanged": n}; nothing is written for a period in which nothing that counts
    has changed since its latest run. Safe to repeat.
    """
    # One snapshot, as a pattern run takes it.
    with transaction.atomic():
        connection.cursor().execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        return _compute(at=at)


def _compute(*, at):
    ratings, days = read_ratings()
    latest = _latest_fingerprints()
    written, unchanged, kept = {}, 0, {}
    for period, rows in _periods(days, latest, at=at):
        started = perf_counter()
        some = ratings.only(rows)
        fingerprint = _fingerprint(some)
        if latest.get(period) == fingerprint:
            unchanged += 1
            continue
        # The first year of a registry is all its time, and the first quarter all its year.
        if fingerprint not in kept:
            kept[fingerprint] = agree(some, seed=SEED)
        found = kept[fingerprint]
        written[period] = _keep(found, at=at, period=period, fingerprint=fingerprint, started=started)
    return {"runs": written, "unchanged": unchanged}


def _latest_fingerprints():
    numbers = AgreementRun.objects.values("period").annotate(latest=Max("pk")).values("latest")
    return dict(AgreementRun.objects.filter(pk__in=numbers).values_list("period", "fingerprint"))


def _periods(days, latest, *, at):
    """(period, which rows) of everything to compute: periods with ratings, and those that had some once."""
    years, months = days.astype("datetime64[Y]"), days.astype("datetime64[M]").astype(np.int64)
    quarters = months // 3
    if len(days) or ALL in latest:
        yield ALL, np.ones(len(days), dtype=np.bool_)
    for year in sorted({str(year) for year in np.unique(years)} | {period for period in latest if len(period) == 4}):
        yield year, years == np.datetime64(year)
    now = ((at.year - 1970) * 12 + at.month - 1) // 3
    for quarter in range(now - QUARTERS + 1, now + 1):
        name, rows = quarter_name(quarter), quarters == quarter
        if rows.any() or name in latest:
            yield name, rows


def quarter_name(quarter):
    """The name of a quarter counted from the first of 1970: 2026-Q4."""
    return f"{1970 + quarter // 4}-Q{quarter % 4 + 1}"


def _fingerprint(ratings):
    seen = hashlib.sha256(repr((STATISTICS_VERSION, SEED, RESAMPLES, ratings.n_tiers, ratings.values.shape)).encode())
    for each in fields(Ratings):
        value = getattr(ratings, each.name)
        if isinstance(value, np.ndarray):
            seen.update(np.ascontiguousarray(value).tobytes())
    return seen.hexdigest()


def _keep(found, *, at, period, fingerprint, started):
    """Write the run and its rows; returns its number."""
    run = AgreementRun.objects.create(
        computed_at=at,
        period=period,
        fingerprint=fingerprint,
        code_version=STATISTICS_VERSION,
        n_cases=found.cases,
        n_raters=found.raters,
        n_labels=found.labels,
        seed=SEED,
        n_resamples=RESAMPLES,
        seconds=perf_counter() - started,
    )
    scores, pairs, confused = [], [], []
    for scheme in found.schemes:
        scores += _scores(run, Measure.LABEL, scheme.whole, [None], scheme=scheme.scheme)
        scores += _scores(run, Measure.LABEL, scheme.nodes, scheme.node_ids.tolist(), scheme=scheme.scheme)
        pairs += _pairs(run, scheme)
        confused += _confusions(run, scheme.confusions)
    for measure, severity in ((Measure.REALISED, found.realised), (Measure.POTENTIAL, found.potential)):
        if severity is not None:
            scores += _scores(run, measure, severity, [None], scheme=None)
    AgreementScore.objects.bulk_create(scores)
    RaterPair.objects.bulk_create(pairs)
    Confusion.objects.bulk_create(confused)
    return run.pk


def _scores(run, measure, scores, nodes, *, scheme):
    return [
        AgreementScore(
            run=run,
            measure=measure,
            scheme_id=scheme,
            node_id=node,
            n_cases=int(scores.cases[place]),
            n_raters=int(scores.raters[place]),
            n_values=int(scores.values[place]),
            n_disputed=int(scores.disputed[place]),
            alpha=finite(scores.alpha[place]),
            low=finite(scores.low[place]),
            high=finite(scores.high[place]),
        )
        for place, node in enumerate(nodes)
        if scores.cases[place]
    ]


def _pairs(run, scheme):
    found = scheme.pairs
    return [
        RaterPair(
            run=run,
            scheme_id=scheme.scheme,
            first_id=int(found.first[place]),
            second_id=int(found.second[place]),
            n_cases=int(found.units[place]),
            n_judgements=int(found.judgements[place]),
            n_agreed=int(found.agreed[place]),
            kappa=finite(found.kappa[place]),
        )
        for place in range(len(found.first))
    ]


def _confusions(run, found):
    """The most frequent ones; two nodes confused once in a large scheme say little."""
    order = np.lexsort((found.b, found.a, -found.units))[:MOST_CONFUSIONS]
    return [
        Confusion(
            run=run,
            node_a_id=int(found.a[place]),
            node_b_id=int(found.b[place]),
            n_cases=int(found.units[place]),
            n_together=int(found.together[place]),
        )
        for place in order
    ]
