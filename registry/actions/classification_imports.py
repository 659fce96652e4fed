"""Bringing in what another database published of cases that were imported from it, over and over."""

from collections import defaultdict
from dataclasses import dataclass

from django.db import connection

from registry.actions import jobs, schemes
from registry.actions.rating_imports import OVER, cases_imported_from
from registry.actions.settling import settle
from registry.actions.signing import signed
from registry.choices import Method
from registry.models import Adjudication, Classification
from taxonomy import exchanging
from taxonomy.models import Node


@dataclass
class ClassificationCounts:
    """Of cases, except for the last two."""

    created: int = 0  # that had no published label of these schemes
    changed: int = 0
    unchanged: int = 0
    elsewhere: int = 0  # that are not in this registry
    settled: int = 0  # closed or withdrawn: they stay as they are
    doubled: int = 0  # rows of a case of which another row speaks, where two numbers stand for one case
    drafts: int = 0  # rows that are not published there
    decided: int = 0  # labels on which a reviewer decided here, which stands
    retired: int = 0  # labels that are out of use here without a successor


@signed
def import_classifications(*, by, at, source, vocabularies, rows, with_drafts=False):
    """Publish the labels of `rows` (a list of `exchange.records.PublishedLabels`); only administrators do.

    Schemes and nodes of `vocabularies` are made where they are not there; what people changed of them stays. In these
    schemes a row replaces what was published of its case before. Reviewers' decisions stand; raters' labels come
    back where nothing is published any more.
    """
    schemes.require_importer(by)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [f"import classifications {source}"])
    for vocabulary in vocabularies:
        if vocabulary.terms and not exchanging.compare(vocabulary).changes_nothing:
            schemes.import_scheme(vocabulary=vocabulary, by=by, at=at)
    counts = ClassificationCounts()
    wanted = _wanted(source, rows, counts, with_drafts=with_drafts)
    found = Node.objects.filter(scheme__slug__in=[vocabulary.slug for vocabulary in vocabularies])
    nodes = {(node.scheme.slug, node.slug): node for node in found.select_related("scheme", "replaced_by")}
    _publish(wanted, nodes, counts, at=at)
    if counts.created or counts.changed:
        jobs.leave_recompute(at=at)
    return counts


def _wanted(source, rows, counts, *, with_drafts):
    """{case: labels} of the open cases, the lowest number first where several stand for one."""
    cases, wanted = cases_imported_from(source, {row.external_id for row in rows}), {}
    for row in sorted(rows, key=lambda row: int(row.external_id)):
        case = cases.get(row.external_id)
        if case is None:
            counts.elsewhere += 1
        elif case.status in OVER:
            counts.settled += 1
        elif case in wanted:
            counts.doubled += 1
        else:
            counts.drafts += not row.is_published
            wanted[case] = row.labels if row.is_published or with_drafts else frozenset()
    return wanted


def _publish(wanted, nodes, counts, *, at):
    decided = set(Adjudication.objects.filter(case__in=wanted, node__in=nodes.values()).values_list("case", "node"))
    agreed = defaultdict(dict)
    for row in Classification.objects.filter(case__in=wanted, node__in=nodes.values()):
        agreed[row.case_id][row.node_id] = row
    new, taken_over, gone = [], [], []
    for case, labels in wanted.items():
        there = {node: row for node, row in agreed[case.pk].items() if (case.pk, node) not in decided}
        said = _in_use({nodes[label] for label in labels}, counts)
        counts.decided += sum((case.pk, node) in decided for node in said)
        said = {node for node in said if (case.pk, node) not in decided}
        before = {node for node, row in there.items() if row.method == Method.IMPORTED}
        _count(before, said, counts)
        new += [
            Classification(case=case, node_id=node, method=Method.IMPORTED, decided_at=at)
            for node in said - there.keys()
        ]
        taken_over += [there[node] for node in (said & there.keys()) - before]
        gone += [(case, there[node]) for node in before - said]
    _write(new, taken_over, gone, nodes, at=at)


def _in_use(found, counts):
    """The ids of these nodes, of its successor where one is retired."""
    ids = set()
    for node in found:
        if node.retired_at and node.replaced_by is None:
            counts.retired += 1
        else:
            ids.add(node.replaced_by_id if node.retired_at else node.pk)
    return ids


def _count(before, said, counts):
    if before == said:
        counts.unchanged += 1
    elif before:
        counts.changed += 1
    else:
        counts.created += 1


def _write(new, taken_over, gone, nodes, *, at):
    by_id = {node.pk: node for node in nodes.values()}
    for row in taken_over:
        row.method, row.decided_by, row.decided_at = Method.IMPORTED, None, at
    Classification.objects.bulk_create(new)
    Classification.objects.bulk_update(taken_over, ["method", "decided_by", "decided_at"])
    Classification.objects.filter(pk__in=[row.pk for _, row in gone]).delete()
    for case, row in gone:
        settle(case, by_id[row.node_id], at=at)
