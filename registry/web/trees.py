"""The vocabularies as trees with the number of cases under each node, for the taxonomy pages."""

import re
from dataclasses import dataclass, field

from django.utils.html import format_html, format_html_join

from registry import facets
from taxonomy.models import DefinitionStatus, Node, Scheme

# “… use volition-based.” at the end of a criterion names a node of the same scheme.
USE_INSTEAD = re.compile(r"(?<=: use )[a-z0-9]+(?:-[a-z0-9]+)*")
MARKS = {DefinitionStatus.RECONSTRUCTED: "rec.", DefinitionStatus.PROVISIONAL: "prov."}


@dataclass
class Branch:
    """A node, how many cases the reader sees under it, and the branches below."""

    node: Node
    count: int
    children: list = field(default_factory=list)

    @property
    def mark(self):
        return MARKS.get(self.node.definition_status, "")


@dataclass(frozen=True)
class Tree:
    """A scheme and its topmost branches; `n_nodes` counts those shown."""

    scheme: Scheme
    branches: list
    n_nodes: int


def counts_by_node(cases, person):
    """({node id: how many of `cases` carry it or a node below it}, whether exactly); estimated above 12,000.

    As far as `person` may know, who may be a rater blind to some of them.
    """
    counted, factor = facets.manageable(cases)
    return facets.scaled(facets.count_nodes(counted, person), factor), factor == 1


def schemes_in_order():
    return list(Scheme.objects.order_by("order", "name"))


def nodes_in_order(schemes):
    """Every node in the order of its scheme, with its scheme at hand."""
    by_id = {scheme.pk: scheme for scheme in schemes}
    nodes = list(Node.objects.order_by("scheme_id", "order", "name"))
    for node in nodes:
        node.scheme = by_id[node.scheme_id]
    return nodes


def trees(schemes, nodes, counts, *, wanted=None):
    """One tree for each scheme. `wanted` (a set of node ids) leaves only these nodes and what stands above them."""
    kept = None if wanted is None else _with_ancestors(nodes, wanted)
    shown = [node for node in nodes if kept is None or node.pk in kept]
    branches = {node.pk: Branch(node, counts.get(node.pk, 0)) for node in shown}
    tops = {scheme.pk: [] for scheme in schemes}
    for node in shown:
        siblings = branches[node.parent_id].children if node.parent_id in branches else tops[node.scheme_id]
        siblings.append(branches[node.pk])
    n_nodes = {scheme.pk: sum(node.scheme_id == scheme.pk for node in shown) for scheme in schemes}
    found = [Tree(scheme, tops[scheme.pk], n_nodes[scheme.pk]) for scheme in schemes]
    return found if wanted is None else [tree for tree in found if tree.branches]


def _with_ancestors(nodes, wanted):
    parents = {node.pk: node.parent_id for node in nodes}
    kept = set()
    for node in wanted:
        while node and node not in kept:
            kept.add(node)
            node = parents.get(node)
    return kept


def ancestors(node, nodes):
    """The nodes above `node`, the topmost first."""
    by_id = {each.pk: each for each in nodes}
    above = []
    while node.parent_id:
        node = by_id[node.parent_id]
        above.insert(0, node)
    return above


def descendants(node, nodes):
    """The nodes below `node`, on every level."""
    below, level = [], [node.pk]
    while level:
        children = [each for each in nodes if each.parent_id in level]
        below += children
        level = [each.pk for each in children]
    return below


def matching(nodes, words):
    """Ids of the nodes whose name, alias, slug or definition contains `words`, whatever the letters."""
    wanted = words.casefold()

    def texts(node):
        return (node.name, node.slug, node.definition, *node.aliases)

    return {node.pk for node in nodes if any(wanted in text.casefold() for text in texts(node))}


def linked(criterion, nodes):
    """A criterion as HTML; the node that it says to use instead is a link."""
    by_slug = {node.slug: node for node in nodes}
    parts, end = [], 0
    for found in USE_INSTEAD.finditer(criterion):
        if other := by_slug.get(found[0]):
            parts.append((criterion[end : found.start()], other.get_absolute_url(), other.name.lower()))
            end = found.end()
    return format_html("{}{}", format_html_join("", '{}<a href="{}">{}</a>', parts), criterion[end:])
