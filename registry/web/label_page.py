"""What the label page shows: the tree to choose from, the form of the node chosen, and one's own rating."""

from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.urls import reverse

from registry import blind
from registry.choices import Grounds, RatingState, Stance
from registry.filters import find_node
from registry.models import Label, Rating
from registry.web.choosing import QUESTIONS, choose
from registry.web.forms.label import LabelForm, said
from registry.web.forms.rating import RatingForm
from registry.web.node_rows import matching, nodes_in_order
from registry.web.passages import passages_of
from registry.web.proposals import proposals_for

NUL = "\x00"


@dataclass
class OwnScheme:
    """A scheme, how many labels of it the rater gave, and whether they say they went through it."""

    scheme: object
    n_labels: int
    through: bool


def own_labels(person, case):
    return (
        Label.objects.filter(case=case, rater=person)
        .select_related("node__scheme")
        .order_by("node__scheme__order", "pk")
    )


def own_label(person, case, number):
    return own_labels(person, case).filter(pk=number).first() if number < 2**31 else None


def own_rating(person, case):
    """The rating of `person`; one that is not stored where they have said nothing."""
    rating = Rating.objects.filter(case=case, rater=person).first() or Rating(version=0)
    rating.case, rating.rater = case, person
    return rating


def label_address(case):
    return reverse("case-label", kwargs={"reference": case.reference})


def starting_form(request, case):
    """(a form for the node named in the address, what is wrong with that name)."""
    key = request.GET.get("node", "").replace(NUL, "")[:130]
    if not key:
        return None, ""
    try:
        node = find_node(key)
    except ValidationError as error:
        return None, " ".join(error.messages)
    before = own_labels(request.user, case).filter(node=node).first()
    initial = said(before) if before else {"node": node.key, "version": 0, **suggested(request.GET)}
    return LabelForm(initial=initial, node=node), ""


def suggested(asked):
    """What “Help me choose” found, as the form's first values."""
    choices = {"stance": Stance.values, "grounds": Grounds.values}
    return {name: asked[name] for name, values in choices.items() if asked.get(name) in values}


def sent_form(data):
    """The form as it was sent, with the questions that its node asks."""
    return LabelForm(data, node=chosen_node(LabelForm(data)))


def chosen_node(form):
    """The node a form is about; None where its key names none."""
    key = form["node"].value() or "" if form is not None else ""
    if not key or NUL in key:
        return None
    try:
        return find_node(key)
    except ValidationError:
        return None


def label_context(request, case, form, *, problem="", words="", rating_form=None):
    own = list(own_labels(request.user, case))
    node = chosen_node(form)
    rating = own_rating(request.user, case)
    choosing = choosing_in(request.GET) if node is None else None
    return {
        "case": case,
        "form": form if node else None,
        "refused": form if form is not None and node is None else None,
        "problem": problem,
        "node": node,
        "own": own,
        "choosing": choosing,
        "proposals": proposed(request.user, case) if form is None and choosing is None else [],
        "may_label": True,
        **tree_of(request.GET, own, node),
        **(quoting(case, words) if node else {}),
        **rating_context(rating, own, rating_form),
    }


def proposed(person, case):
    """The groups of labels that might fit; what the case is known to carry already is no proposal."""
    return [group for group in proposals_for(person, case) if group.proposals]


def tree_of(asked, own, node):
    words = asked.get("q", "").replace(NUL, "")[:100]
    groups = nodes_in_order()
    mine = {label.node_id for label in own}
    for group in groups:
        for row in group.rows:
            row.chosen = row.node.pk in mine or (node is not None and row.node.pk == node.pk)
    return {
        "mine": mine,
        "words": words,
        "opened": asked.get("scheme", ""),
        "groups": matching(groups, words) if words else groups,
        "n_nodes": sum(len(group.rows) for group in groups),
        "schemes": [group.scheme for group in groups],
    }


def choosing_in(asked):
    """The questions where they are asked for; None otherwise."""
    return choose(asked) if "choose" in asked or QUESTIONS.keys() & asked.keys() else None


def quoting(case, words):
    words = words.replace(NUL, "")[:100]
    passages, more = passages_of(case, words=words)
    return {"passages": passages, "more_passages": more, "looked_for": words}


def rating_context(rating, own, form):
    form = form or RatingForm(initial={"version": rating.version})
    return {
        "rating": rating,
        "rating_form": form,
        "working": rating.state == RatingState.WORKING,
        "n_held": sum(label.submitted_at is None for label in own),
        "n_others": rating.case.ratings.filter(state=RatingState.SUBMITTED).exclude(rater=rating.rater).count(),
        "own_schemes": own_schemes(rating, own, form),
        "decides": rating.rater.may_review and not blind.is_blind(rating.rater, rating.case),
    }


def own_schemes(rating, own, form):
    """Each scheme that may be gone through; ticked as the form has it, or as it was submitted."""
    through = {str(value) for value in form["schemes"].value() or ()}
    if rating.opened_at:
        through = {str(number) for number in rating.schemes.values_list("scheme", flat=True)}
    counts = {}
    for label in own:
        counts[label.node.scheme_id] = counts.get(label.node.scheme_id, 0) + 1
    schemes = form.fields["schemes"].queryset.order_by("order", "name")
    return [OwnScheme(each, counts.get(each.pk, 0), str(each.pk) in through) for each in schemes]
