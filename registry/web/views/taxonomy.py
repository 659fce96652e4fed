"""The vocabularies: all schemes with their trees, and one node."""

from django.http import Http404
from django.shortcuts import render
from django.views.decorators.http import require_safe

from registry import access, node_versions
from registry.blind import carries
from registry.models import PatternRun
from registry.node_changes import kinds_for
from registry.relabelling import n_waiting
from registry.web import node_use, trees
from registry.web.agreement_page import agreement_of_node
from registry.web.node_patterns import node_in_run

FIRST_CASES = 6
RELATION_WORDS = {
    "exact": "Same as",
    "close": "Close to",
    "broad": "Broader",
    "narrow": "Narrower",
    "related": "Related",
}
INVERSE = {"broad": "narrow", "narrow": "broad"}


@require_safe
def taxonomy(request):
    words = request.GET.get("q", "").strip()[:100]
    schemes = trees.schemes_in_order()
    nodes = trees.nodes_in_order(schemes)
    counts, exact = trees.counts_by_node(access.visible_to(request.user), request.user)
    wanted = trees.matching(nodes, words) if words else None
    context = {
        "trees": trees.trees(schemes, nodes, counts, wanted=wanted),
        "words": words,
        "n_found": len(wanted) if wanted is not None else None,
        "n_schemes": len(schemes),
        "n_nodes": len(nodes),
        "exact": exact,
    }
    return render(request, "taxonomy/taxonomy.html", context)


@require_safe
def node(request, scheme, slug):
    schemes = trees.schemes_in_order()
    nodes = trees.nodes_in_order(schemes)
    found = _find(nodes, scheme, slug)
    visible = access.visible_to(request.user)
    counts, exact = trees.counts_by_node(visible, request.user)
    context = {
        "node": found,
        "count": counts.get(found.pk, 0),
        "exact": exact,
        "words": "",
        **_place(found, schemes, nodes, counts),
        **_meaning(found, nodes),
        **_use(visible, request.user, found, nodes, counts),
        **_care(visible, request.user, found),
    }
    return render(request, "taxonomy/node.html", context)


def _find(nodes, scheme, slug):
    for each in nodes:
        if (each.scheme.slug, each.slug) == (scheme, slug):
            return each
    raise Http404


def _place(node, schemes, nodes, counts):
    """Where the node stands: the tree of its scheme, what is above it, and where others would put it."""
    above = trees.ancestors(node, nodes)
    of_scheme = [each for each in nodes if each.scheme_id == node.scheme_id]
    return {
        "tree": trees.trees([node.scheme], of_scheme, counts)[0],
        "schemes": [(each, sum(n.scheme_id == each.pk for n in nodes)) for each in schemes],
        "above": above,
        "parent": above[-1] if above else None,
        "alternatives": node.alternative_parents.select_related("parent__scheme").order_by("pk"),
        "children": [(each, counts.get(each.pk, 0)) for each in of_scheme if each.parent_id == node.pk],
    }


def _meaning(node, nodes):
    of_scheme = [each for each in nodes if each.scheme_id == node.scheme_id]
    replacement = next((each for each in nodes if each.pk == node.replaced_by_id), None)
    return {
        "applies": [trees.linked(text, of_scheme) for text in node.applies_when],
        "does_not_apply": [trees.linked(text, of_scheme) for text in node.does_not_apply_when],
        "mappings": _mappings(node),
        "replacement": replacement,
    }


def _mappings(node):
    """(word, other node, source) of every mapping, read from this node's side."""
    there = [
        (RELATION_WORDS[each.relation], each.to_node, each.source)
        for each in node.mappings_from.select_related("to_node__scheme").order_by("to_node__scheme__order", "pk")
    ]
    back = [
        (RELATION_WORDS[INVERSE.get(each.relation, each.relation)], each.from_node, each.source)
        for each in node.mappings_to.select_related("from_node__scheme").order_by("from_node__scheme__order", "pk")
    ]
    return there + back


def _use(visible, person, node, nodes, counts):
    siblings = [each for each in nodes if (each.scheme_id, each.parent_id) == (node.scheme_id, node.parent_id)]
    rows = node_use.beside_siblings(node, siblings, counts)
    kin = [each.pk for each in (*trees.ancestors(node, nodes), *trees.descendants(node, nodes))]
    return {
        "over_time": node_use.over_time(visible, person, node, rows, counts),
        "n_left_out": len(siblings) - len(rows),
        "others": node_use.other_labels(visible, person, node, nodes, kin),
        "sure": node_use.how_sure(visible, person, node),
        "cases": visible.filter(carries(person, [node.pk]))
        .select_related("potential_severity")
        .prefetch_related("systems")
        .order_by("-occurred_on", "-pk")[:FIRST_CASES],
        **node_in_run(node, PatternRun.objects.standard().first()),
    }


def _care(visible, person, node):
    """How far raters agree on it, what its versions mean for the labels there are, and who has to look again."""
    since = node_versions.meaning_since(node)
    return {
        "agreement": agreement_of_node(node),
        "meaning_since": since,
        "n_older": node_versions.n_labelled_before(visible, person, node, since),
        "n_waiting": n_waiting(person, node),
        "change_kinds": kinds_for(node) if person.is_administrator else [],
    }
