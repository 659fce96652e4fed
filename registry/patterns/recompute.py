"""One pattern run: cases in, an immutable PatternRun and its rows out."""

import hashlib
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from time import perf_counter

from registry import access
from registry.choices import LabelRule
from registry.models import PatternRun
from registry.patterns import analysis, lag, populations, run_rows
from registry.patterns.exposure_rows import read_exposures
from registry.patterns.kept_ranges import (
    ALONE,
    COMPLETE_WEEKS,
    IN_TURN,
    STATISTICS_VERSION,
    Ranges,
    count_stale,
    reader_of,
    say,
    snapshot,
)
from registry.patterns.pair_rows import Memory, keep_pairs, pairs_to_keep
from registry.patterns.ranges import Whole, part_of, whole
from registry.patterns.reading import day_of, read_pairs, read_taxonomy
from registry.patterns.rules import Rules
from registry.patterns.safeguard_rows import read_safeguards
from registry.patterns.shape import TaxonomyShape
from registry.patterns.splitting import strata_of

MOST_INCOMPLETE = 26
COMPARED_DAYS = 7
FEWEST_EVENTS = 10
"""Of a population with fewer nothing is kept: its numbers would tell of single cases."""

COUNTED = 80
"""Per cent of the work that is done once all ranges are counted."""


@dataclass(frozen=True)
class Counted:
    """Everything that was read for one run, as of one moment."""

    shape: TaxonomyShape
    taxonomy_version: str
    first_week: date
    total: Whole
    others: tuple


def recompute(*, at, rules=None, population=None, report=None):
    """Count every case open to everyone, or those of a population, and keep what follows as a new run.

    Returns {"run": number, "unchanged": bool}; nothing is written where nothing that counts has changed since the
    latest run of the population. A population with few events is refused: {"run": None, "too_few": events}. Safe to
    repeat, and to run twice at once. `report(percent)` is called between transactions, where others see it; once it
    says false, another worker has the job and TakenOver ends this one.
    """
    started = perf_counter()
    if population is None:
        count_stale(at=at, report=report and (lambda percent: report(percent * COUNTED // 100)))
    say(report, COUNTED)
    # What was kept of ranges is of every case: runs over some of them keep none waiting who count those.
    with snapshot(ALONE) if population is None else snapshot(IN_TURN, table="registry_population"):
        return _recompute(at=at, rules=rules or Rules(), started=started, population=population)


def _recompute(*, at, rules, started, population=None):
    counted = _counted(population, at=at)
    if population and counted.total.counts.units < FEWEST_EVENTS:
        return {"run": None, "too_few": counted.total.counts.units}
    fingerprint = _fingerprint(counted, rules)
    latest = PatternRun.objects.of(population).order_by("-pk").first()
    if latest and latest.fingerprint == fingerprint:
        return {"run": latest.pk, "unchanged": True}
    compared_with = run_to_compare_with(at=at, population=population)
    memory = Memory(*read_pairs(latest, min_joint=rules.min_joint))
    before = memory.pairs if compared_with == latest else read_pairs(compared_with)[0]
    delay = lag.measure(counted.total.counts.delays)
    incomplete = min(delay.incomplete, MOST_INCOMPLETE)
    # Nothing is compared where filters have cut off weeks, nor where weeks known to be incomplete would have to be.
    whole_weeks = delay.incomplete <= MOST_INCOMPLETE
    compared = whole_weeks and populations.compares_weeks(population, since=counted.first_week)
    last_week = COMPLETE_WEEKS - incomplete if compared else -1
    found = analysis.analyse(counted.total.counts, counted.shape, rules, before, last_week=last_week)
    kept = pairs_to_keep(found, memory)
    strata = strata_of(counted.total.units)
    run = PatternRun.objects.create(
        population=population,
        computed_at=at,
        code_version=STATISTICS_VERSION,
        taxonomy_version=counted.taxonomy_version,
        fingerprint=fingerprint,
        label_rule=population.label_rule if population else LabelRule.AGREED,
        rules=asdict(rules) | {"sentences": rules.sentences()},
        lag_weeks=delay.weeks,
        lag_cases=delay.cases,
        incomplete_weeks=incomplete,
        compared_with=compared_with,
        n_pairs=len(kept),
        strata={name: dict(zip(each.names, each.events.tolist(), strict=True)) for name, each in strata.items()},
        **_sizes(found, counted.total),
        seconds=perf_counter() - started,
    )
    keep_pairs(run, found, kept, before, rules=rules, memory=memory, cases=counted.total.cases)
    run_rows.keep_nodes(run, found)
    run_rows.keep_splits(run, found, counted.total, counted.shape, strata)
    run_rows.keep_foresight(run, counted.total, counted.shape)
    run_rows.keep_trends(run, found, counted.total.counts, counted.first_week)
    for other in counted.others:
        other.keep(run)
    return {"run": run.pk, "unchanged": False}


def _counted(population, *, at):
    if population is None:
        ranges = Ranges(at=at)
        cases, shape, version, reader = access.counted_cases(), ranges.shape, ranges.taxonomy_version, ranges.reader
        parts = ranges.parts()
    else:
        cases = populations.cases_of(population)
        shape, version = read_taxonomy()
        with_path = cases.annotate(counted_path=populations.node_paths(population.label_rule))
        reader = reader_of(with_path, shape, at=at, path="counted_path")
        blocks = (*map(reader.range, reader.numbers()), reader.events())
        parts = [part_of(block, shape, reader.n_weeks) for block in blocks]
    return Counted(
        shape=shape,
        taxonomy_version=version,
        first_week=reader.first_week,
        total=whole(parts, shape, reader.n_weeks),
        others=(read_safeguards(cases), read_exposures(cases)),
    )


def _sizes(found, total):
    first, last = map(day_of, total.days) if total.days else (None, None)
    return {
        "n_cases": total.counts.cases,
        "n_groups": total.counts.units,
        "n_tests": found.pair_tests,
        "n_flagged": int(found.pairs.flagged.sum()),
        "occurred_from": first,
        "occurred_to": last,
    }


def run_to_compare_with(*, at, population=None):
    """The latest run of the population that is a week old; while there is none, its first run; before that none."""
    runs = PatternRun.objects.of(population)
    old = runs.filter(computed_at__lte=at - timedelta(days=COMPARED_DAYS)).order_by("-pk").first()
    return old or runs.order_by("pk").first()


def _fingerprint(counted, rules):
    rests_on = (STATISTICS_VERSION, rules, counted.taxonomy_version, counted.first_week)
    seen = hashlib.sha256(repr(rests_on).encode())
    for digest in (counted.total.digest, *(other.digest() for other in counted.others)):
        seen.update(digest)
    return seen.hexdigest()
