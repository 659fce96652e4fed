"""Reads cases as whole binary columns, no object per case, and the taxonomy as arrays."""

import hashlib
from datetime import date, timedelta
from itertools import groupby

import numpy as np
import psycopg
from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import F, Min

from registry.choices import Precision, Predictability, Stage
from registry.models.counted_range import WIDTH
from registry.patterns.blocks import ANSWERS, HERE, NEVER, NO_YEAR, SETTINGS, CaseBlock
from registry.patterns.columns import float_column, path_values, time_column, whole_column
from registry.patterns.movement import FirstTimes, RunPairs, no_pairs, no_times
from registry.patterns.shape import TaxonomyShape, pairs_among
from registry.patterns.splitting import OTHERS
from taxonomy.models import AlternativeParent, Mapping, Node, Relation


def _code(column, codes):
    """SQL: the code of each value of a column, 0 for any other; the most frequent first."""
    cases = " ".join(f"WHEN '{value}' THEN {code}" for value, code in codes.items())
    return f"CASE {column} {cases} ELSE 0 END"


DAY = 1
SETTING_STEP, ANSWER_STEP = 2, 2 * 3
STAGES = {
    Stage.DEPLOYMENT: "production",
    Stage.STAGED_RELEASE: "production",
    "": "",
    Stage.PRE_TRAINING: "laboratory",
    Stage.POST_TRAINING: "laboratory",
    Stage.EVALUATION: "laboratory",
}
FORESEEN = {
    "": "unknown",
    Predictability.WARNED: "warned",
    Predictability.FORESEEABLE: "foreseeable",
    Predictability.NOT_FORESEEABLE: "not_foreseeable",
    Predictability.UNKNOWN: "unknown",
}
# Several answers of a few values each travel as one number: every column costs as much as the path itself.
TRAITS = " + ".join(
    (
        _code("occurred_precision", {Precision.DAY.value: DAY}),
        _code("stage", {stage: SETTING_STEP * SETTINGS.index(name) for stage, name in STAGES.items()}),
        _code("predictability", {answer: ANSWER_STEP * ANSWERS.index(name) for answer, name in FORESEEN.items()}),
    )
)
LED = "occurred_precision = 'day' AND warned_on <= occurred_from"
COLUMNS = f"""
SELECT count(*), string_agg(array_send(path), ''),
       array_send(array_agg(id)),
       array_send(array_agg(cardinality(path))),
       array_send(array_agg(coalesce(occurred_from, 'infinity'))),
       array_send(array_agg({TRAITS})),
       array_send(array_agg(coalesce(reported_at, 'infinity'))),
       array_send(array_agg(id) FILTER (WHERE {LED})),
       array_send(array_agg(occurred_from - warned_on) FILTER (WHERE {LED})),
       array_send(array_agg(event_group_id) FILTER (WHERE event_group_id IS NOT NULL))
FROM ({{cases}}) AS counted
"""  # noqa: S608
READ = ("id", "event_group_id", "occurred_from", "occurred_precision", "stage", "predictability", "warned_on",
        "reported_at")  # fmt: skip

# Of a case imported under several numbers, the source whose name comes first.
ORIGINS = """
SELECT source, array_send(array_agg(case_id))
FROM (
    SELECT case_id, min(source) AS source FROM registry_externalid WHERE imported IS NOT NULL AND {which}
    GROUP BY case_id
) AS origins GROUP BY source
"""

PAIRS = """
SELECT array_send(array_agg(node_a_id)), array_send(array_agg(node_b_id)), array_send(array_agg(joint)),
       array_send(array_agg(coalesce(q, 'NaN'))), array_send(array_agg(flagged::integer)),
       array_send(array_agg(coalesce(first_flagged, CASE WHEN flagged THEN run_id END, 0))),
       array_send(array_agg(coalesce(first_supported, CASE WHEN joint >= %s THEN run_id END, 0)))
FROM registry_patternpair WHERE run_id = %s
"""
EPOCH = date(2000, 1, 1)
A_DAY = 24 * 60 * 60 * 1_000_000


class CaseReader:
    """Reads cases by ranges of numbers; those of event groups, whose numbers may lie far apart, all together.

    `path` names the column, or the annotation, that holds the nodes of a case.
    """

    def __init__(self, cases, shape, *, first_week, n_weeks, path="node_path"):
        self.cases = cases.order_by()
        self.shape = shape
        self.first_week = first_week
        self.n_weeks = n_weeks
        self.path = path

    def numbers(self):
        """The ranges in which there are cases, by their numbers."""
        found, start = [], 0
        while (low := self.cases.filter(pk__gte=start).aggregate(low=Min("pk"))["low"]) is not None:
            found.append(low // WIDTH)
            start = (low // WIDTH + 1) * WIDTH
        return found

    def range(self, number):
        """The cases of one range that stand alone."""
        low, high = number * WIDTH, (number + 1) * WIDTH
        some = self.cases.filter(event_group__isnull=True, pk__gte=low, pk__lt=high)
        return self._block(some, "case_id >= %s AND case_id < %s", lambda ids: [low, high])

    def events(self):
        """The cases that belong to an event group."""
        return self._block(
            self.cases.filter(event_group__isnull=False), "case_id = ANY(%s::integer[])", lambda ids: [ids.tolist()]
        )

    def _block(self, cases, which, among):
        found = selected(cases, *READ, path=F(self.path))
        if found is None:
            return no_cases()
        inner, parameters = found
        # Behind the fence a path that is worked out is worked out once, and not for each column that reads it.
        fence = "" if self.path == "node_path" else " OFFSET 0"
        n, paths, *others = one_row(COLUMNS.format(cases=inner + fence), parameters)
        if n == 0:
            return no_cases()
        ids, lengths, days, traits = map(whole_column, others[:4])
        reported = time_column(others[4]) // A_DAY
        sources, source = self._sources(ids, which, among(ids))
        weeks = self._weeks(days, traits & DAY)
        return CaseBlock(
            codes=self.shape.positions(path_values(paths, lengths)),
            lengths=lengths,
            weeks=weeks,
            groups=np.full(n, -1) if others[7] is None else whole_column(others[7]),
            ids=ids,
            strata=np.stack([traits // SETTING_STEP % len(SETTINGS), source, _years(days)]),
            answers=traits // ANSWER_STEP,
            leads=_spread(ids, others[5], others[6]),
            delays=np.where(source == 0, self._delays(weeks, reported), -1),
            days=days,
            sources=sources,
        )

    def _weeks(self, days, known):
        """The column of each day, -1 where it is not known or lies outside."""
        start = (self.first_week - EPOCH).days
        inside = (known == 1) & (days >= start) & (days < start + 7 * self.n_weeks)
        return np.where(inside, (days - start) // 7, -1)

    def _delays(self, weeks, reported):
        """Weeks from the week of the event to that of its report; -1 where one of them lies outside."""
        delays = (reported - (self.first_week - EPOCH).days) // 7 - weeks
        return np.where((weeks >= 0) & (delays >= 0) & (weeks + delays < self.n_weeks), delays, -1)

    def _sources(self, ids, which, values):
        """(names, the place of each case's source among them); the first are the cases logged here."""
        found = sorted(all_rows(ORIGINS.format(which=which), values))
        order = np.argsort(ids)
        place, names = np.zeros(len(ids), dtype=np.int64), [HERE]
        for name, sent in found:
            members = whole_column(sent)
            at = order[np.searchsorted(ids, members, sorter=order).clip(max=len(ids) - 1)]
            at = at[ids[at] == members]
            if len(at):
                names += [told_apart(name)]
                place[at] = len(names) - 1
        return tuple(names), place


def told_apart(source):
    """The name of a source as runs keep it: one that is called as we call no source, or the rest, in quotes.

    >>> told_apart("aiid"), told_apart("here")
    ('aiid', '“here”')
    """
    return f"“{source}”" if source in (HERE, OTHERS) else source


def selected(cases, *columns, **expressions):
    """(SQL, its values) of the SELECT of these columns; None where filters are such that no case can meet them."""
    try:
        return cases.order_by().values(*columns, **expressions).query.sql_with_params()
    except EmptyResultSet:
        return None


def no_cases():
    nothing = np.empty(0, dtype=np.int64)
    return CaseBlock.of_labels(nothing, nothing, nothing, nothing)


def _years(days):
    """The year of each day, NO_YEAR where it is not known."""
    known = np.where(days == NEVER, 0, days)
    years = (np.datetime64(EPOCH) + known).astype("datetime64[Y]").astype(np.int64) + 1970
    return np.where(days == NEVER, NO_YEAR, years)


def _spread(ids, some, values):
    """The values of some of the cases as a column of all, -1 elsewhere."""
    column = np.full(len(ids), -1, dtype=np.int64)
    if some is not None:
        order = np.argsort(ids)
        column[order[np.searchsorted(ids, whole_column(some), sorter=order)]] = whole_column(values)
    return column


def day_of(number):
    """The date of a day counted from the beginning of 2000."""
    return EPOCH + timedelta(days=number)


def read_pairs(run, *, min_joint=1):
    """The pairs of a kept run, as (RunPairs, FirstTimes); none for None.

    Where it was not kept when a pair was first flagged, or first had `min_joint` joint cases, it was in this run at
    the latest.
    """
    sent = one_row(PAIRS, [min_joint, run.pk]) if run else [None]
    if sent[0] is None:
        return no_pairs(), no_times()
    a, b, joint, flagged, *times = (whole_column(sent[place]).astype(np.int64) for place in (0, 1, 2, 4, 5, 6))
    pairs = RunPairs(a=a, b=b, joint=joint, q=float_column(sent[3]), flagged=flagged.astype(np.bool_))
    return pairs, FirstTimes(*times)


def one_row(statement, values):
    """The one row a statement answers with, in PostgreSQL's binary formats."""
    return all_rows(statement, values)[0]


def all_rows(statement, values):
    connection.ensure_connection()
    # Django's own cursors bind on the client and return text; columns of numbers are read as they are.
    with psycopg.Cursor(connection.connection) as cursor:
        cursor.execute(statement, values, prepare=False, binary=True)
        return cursor.fetchall()


def monday_of(day):
    return day - timedelta(days=day.weekday())


def weeks_before(at, n_complete):
    """The Monday from which `n_complete` complete weeks lead up to the current one."""
    return monday_of(date(at.year, at.month, at.day)) - timedelta(weeks=n_complete)


def read_taxonomy():
    """(TaxonomyShape, a digest of all that shapes the statistics)."""
    nodes = list(
        Node.objects.order_by("pk").values_list(
            "pk", "parent_id", "scheme_id", "scheme__allows_several", "exclusive_group"
        )
    )
    alternatives = list(AlternativeParent.objects.order_by("pk").values_list("node_id", "parent_id"))
    mappings = list(Mapping.objects.order_by("pk").values_list("from_node_id", "to_node_id", "relation"))
    schemes = sorted({node[2] for node in nodes})
    shape = TaxonomyShape(
        node_ids=np.array([node[0] for node in nodes], dtype=np.int64),
        scheme=np.array([schemes.index(node[2]) for node in nodes], dtype=np.int64),
        n_schemes=len(schemes),
        ancestors=_pairs(_ancestors(nodes, alternatives)),
        mapped=_pairs(_mapped(mappings)),
        exclusive=_exclusive(nodes),
    )
    version = hashlib.sha256(repr((nodes, alternatives, mappings)).encode()).hexdigest()
    return shape, version


def _pairs(pairs):
    return np.array(sorted(pairs), dtype=np.int64).reshape(-1, 2)


def _ancestors(nodes, alternatives):
    """(node, ancestor) on every level, through default and alternative parents."""
    parents = {node[0]: {node[1]} if node[1] else set() for node in nodes}
    for node, parent in alternatives:
        parents[node].add(parent)
    found = set()
    for node in parents:
        waiting = list(parents[node])
        while waiting:
            above = waiting.pop()
            if (node, above) not in found and above != node:
                found.add((node, above))
                waiting.extend(parents[above])
    return found


def _mapped(mappings):
    """(node, what it is the same as or narrower than): SKOS's broad says that the second is the broader."""
    found = set()
    for first, second, relation in mappings:
        if relation in (Relation.EXACT, Relation.CLOSE, Relation.BROAD):
            found.add((first, second))
        if relation in (Relation.EXACT, Relation.CLOSE, Relation.NARROW):
            found.add((second, first))
    return found


def _exclusive(nodes):
    """Pairs that no case can carry together: a single-choice scheme, or a group of one."""

    def group(node):
        _pk, _, scheme, several, exclusive_group = node
        if not several:
            return f"scheme {scheme}"
        return f"{scheme} {exclusive_group}" if exclusive_group else ""

    keyed = sorted((group(node), node[0]) for node in nodes if group(node))
    groups = [pairs_among([pk for _, pk in members]) for _, members in groupby(keyed, key=lambda item: item[0])]
    return np.concatenate([_pairs([]), *groups])
