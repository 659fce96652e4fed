"""Which cases wait to be looked at again after a change of a node, as far as one may know what they carried."""

from django.db.models import Exists, OuterRef, Q

from registry import access, blind
from registry.choices import TaxonomyChangeKind
from registry.models import Classification, Label, Relabel, TaxonomyChange


def known_relabels(person):
    """What waits, or waited, of the cases whose labels `person` may know: theirs to see, and open or published."""
    published = Classification.objects.filter(
        case=OuterRef("case"), node=OuterRef("change__node"), method__in=blind.PUBLIC
    )
    open_to = blind.is_open_to(person, "case")
    rows = Relabel.objects.filter(case__in=access.visible_to(person))
    # After a split or a retirement every case that carries the node waits. After a merge only those wait whose labels
    # stand against it, so that to be listed tells what was said.
    told_by_node = Q(Exists(published), change__kind__in=(TaxonomyChangeKind.SPLIT, TaxonomyChangeKind.RETIRE))
    return rows.filter(open_to | told_by_node) if open_to else rows


def labelled_by(person):
    """Of relabels: whether `person` labelled the case with the old node."""
    return Exists(
        Label.objects.filter(
            case=OuterRef("case"), node=OuterRef("change__node"), submitted_at__isnull=False, rater=person
        )
    )


def targets_of(relabels):
    """{change id: the nodes that may stand for the old one}; they are of its scheme. One query."""
    schemes = {row.change_id: row.change.node.scheme for row in relabels}
    through = TaxonomyChange.targets.through
    pairs = through.objects.filter(taxonomychange__in=schemes).select_related("node").order_by("node__order", "pk")
    found = {}
    for pair in pairs:
        pair.node.scheme = schemes[pair.taxonomychange_id]
        found.setdefault(pair.taxonomychange_id, []).append(pair.node)
    return found


def n_waiting(person, node):
    """How many cases wait because of `node`, of those `person` may know."""
    return known_relabels(person).filter(change__node=node, done_at=None).count()
