"""The nodes of every scheme as one reads them: in order, each below its parent."""

from dataclasses import dataclass

from taxonomy.models import Node


@dataclass
class Row:
    """One node, how deep it stands, and what a page says beside it."""

    node: Node
    depth: int
    count: int = 0
    chosen: bool = False


@dataclass
class SchemeRows:
    scheme: object
    rows: list

    @property
    def open(self):
        return any(row.chosen for row in self.rows)


def nodes_in_order():
    """[(scheme, [Row])] of all nodes in use, schemes and siblings in their own order. One query."""
    nodes = (
        Node.objects.filter(retired_at=None)
        .select_related("scheme")
        .order_by("scheme__order", "scheme__name", "order", "name")
    )
    children, schemes = {}, {}
    for node in nodes:
        schemes.setdefault(node.scheme_id, node.scheme)
        children.setdefault((node.scheme_id, node.parent_id), []).append(node)
    return [SchemeRows(scheme, list(below(children, scheme.pk, None, 0))) for scheme in schemes.values()]


def below(children, scheme, parent, depth):
    for node in children.get((scheme, parent), ()):
        yield Row(node, depth)
        yield from below(children, scheme, node.pk, depth + 1)


def matching(groups, words):
    """The groups with only those nodes whose name, aliases or definition hold all of `words`."""
    wanted = words.lower().split()
    kept = []
    for group in groups:
        rows = [row for row in group.rows if all(word in searched(row.node) for word in wanted)]
        if rows:
            kept.append(SchemeRows(group.scheme, rows))
    return kept


def searched(node):
    return " ".join([node.name, node.slug, *node.aliases, node.definition]).lower()
