"""Reads cases as whole binary columns, no object per case, and the taxonomy as arrays.

The only module beside `recompute` that talks to the database.
"""

import hashlib
from datetime import date, timedelta
from itertools import groupby

import numpy as np
import psycopg
from django.db import connection
from django.db.models import Max, Min

from registry.choices import Precision
from registry.patterns.behind import CasesBehind
from registry.patterns.columns import float_column, path_values, whole_column
from registry.patterns.counting import CaseBlock
from registry.patterns.movement import RunPairs, no_pairs
from registry.patterns.shape import TaxonomyShape, pairs_among
from taxonomy.models import AlternativeParent, Mapping, Node, Relation

IDS_AT_ONCE = 100_000

COLUMNS = """
SELECT count(*), min(occurred_from), max(occurred_from),
       string_agg(array_send(node_path), ''),
       array_send(array_agg(id)),
       array_send(array_agg(cardinality(node_path))),
       array_send(array_agg(coalesce(event_group_id, -1))),
       array_send(array_agg(CASE WHEN occurred_precision = %s AND occurred_from >= %s AND occurred_from < %s
                                 THEN (occurred_from - %s) / 7 ELSE -1 END))
FROM ({cases}) AS counted
"""

PAIRS = """
SELECT array_send(array_agg(node_a_id)), array_send(array_agg(node_b_id)), array_send(array_agg(joint)),
       array_send(array_agg(coalesce(q, 'NaN'))), array_send(array_agg(flagged::integer))
FROM registry_patternpair WHERE run_id = %s
"""


class CaseReader:
    """Reads counted cases block by block. Remembers the span of their dates (`first`, `last`) and, in `behind`,
    which cases carry which nodes.
    """

    def __init__(self, cases, shape, *, first_week, n_weeks):
        self.cases = cases
        self.shape = shape
        self.first_week = first_week
        self.n_weeks = n_weeks
        self.first = self.last = None
        self.behind = CasesBehind(shape.n_nodes)

    def blocks(self):
        """Every case once: those that stand alone by ranges of ids, those of event groups together.

        The cases of one event must be in one block, and their ids may lie far apart.
        """
        span = self.cases.aggregate(low=Min("pk"), high=Max("pk"))
        if span["low"] is None:
            return
        for start in range(span["low"], span["high"] + 1, IDS_AT_ONCE):
            yield from self._block(
                self.cases.filter(event_group__isnull=True, pk__gte=start, pk__lt=start + IDS_AT_ONCE)
            )
        yield from self._block(self.cases.filter(event_group__isnull=False))

    def _block(self, cases):
        columns = cases.values("id", "node_path", "event_group_id", "occurred_from", "occurred_precision")
        inner, parameters = columns.query.sql_with_params()
        start, end = self.first_week, self.first_week + timedelta(weeks=self.n_weeks)
        values = [Precision.DAY.value, start, end, start, *parameters]
        n, first, last, paths, *others = one_row(COLUMNS.format(cases=inner), values)
        if n == 0:
            return
        self._remember(first, last)
        ids, lengths, groups, weeks = map(whole_column, others)
        codes = self.shape.positions(path_values(paths, lengths))
        self.behind.add(ids, codes, lengths)
        yield CaseBlock(codes=codes, lengths=lengths, weeks=weeks, groups=groups)

    def _remember(self, first, last):
        self.first = min(filter(None, (self.first, first)), default=None)
        self.last = max(filter(None, (self.last, last)), default=None)


def read_pairs(run):
    """The pairs of a kept run, as RunPairs; none for None."""
    sent = one_row(PAIRS, [run.pk]) if run else [None]
    if sent[0] is None:
        return no_pairs()
    a, b, joint, flagged = (whole_column(sent[place]).astype(np.int64) for place in (0, 1, 2, 4))
    return RunPairs(a=a, b=b, joint=joint, q=float_column(sent[3]), flagged=flagged.astype(np.bool_))


def one_row(statement, values):
    """The one row a statement answers with, in PostgreSQL's binary formats."""
    connection.ensure_connection()
    # Django's own cursors bind on the client and return text; columns of numbers are read as they are.
    with psycopg.Cursor(connection.connection) as cursor:
        cursor.execute(statement, values, prepare=False, binary=True)
        return cursor.fetchone()


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
