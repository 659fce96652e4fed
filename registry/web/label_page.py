"""What the label page shows: the tree to choose from, the guidance of the node chosen, one's own labels."""

from django.core.exceptions import ValidationError
from django.urls import reverse

from registry.filters import find_node
from registry.models import Label
from registry.web.forms.label import LabelForm, said
from registry.web.node_rows import matching, nodes_in_order

NUL = "\x00"


def own_labels(person, case):
    return (
        Label.objects.filter(case=case, rater=person)
        .select_related("node__scheme")
        .order_by("node__scheme__order", "pk")
    )


def own_label(person, case, number):
    return own_labels(person, case).filter(pk=number).first() if number < 2**31 else None


def label_address(case):
    return reverse("case-label", kwargs={"reference": case.reference})


def starting_form(person, case, key):
    """(a form for the node named in the address, what is wrong with that name)."""
    key = key.replace(NUL, "")[:130]
    if not key:
        return None, ""
    try:
        node = find_node(key)
    except ValidationError as error:
        return None, " ".join(error.messages)
    before = own_labels(person, case).filter(node=node).first()
    return LabelForm(initial=said(before) if before else {"node": node.key}), ""


def chosen_node(form):
    """The node a form is about; None where its key names none."""
    key = form["node"].value() or "" if form is not None else ""
    if not key or NUL in key:
        return None
    try:
        return find_node(key)
    except ValidationError:
        return None


def label_context(request, case, form, *, problem=""):
    own = list(own_labels(request.user, case))
    node = chosen_node(form)
    words = request.GET.get("q", "").replace(NUL, "")[:100]
    groups = nodes_in_order()
    mine = {label.node_id for label in own}
    for group in groups:
        for row in group.rows:
            row.chosen = row.node.pk in mine or (node is not None and row.node.pk == node.pk)
    return {
        "case": case,
        "form": form if node else None,
        "refused": form if form is not None and node is None else None,
        "problem": problem,
        "node": node,
        "own": own,
        "mine": mine,
        "words": words,
        "groups": matching(groups, words) if words else groups,
        "n_nodes": sum(len(group.rows) for group in groups),
    }
