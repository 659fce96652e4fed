"""One rater's work on one case: kept to themselves, then submitted, which opens what the others said."""

from django.core.exceptions import ValidationError
from django.db.models import Min

from registry import access
from registry.actions import jobs
from registry.actions.settling import settle
from registry.actions.signing import Conflict, check, lock, save_changed, signed
from registry.choices import RatingState, Right, Status
from registry.models import Adjudication, Case, Label, RatedScheme, Rating

AdjudicationEvent = Adjudication.events.rel.related_model
CaseEvent = Case.events.rel.related_model


@signed
def submit_rating(*, case, by, at, version, schemes=(), realised_severity=None, potential_severity=None):
    """Show everybody what `by` held back, and show `by` what the others said. It cannot be taken back.

    `schemes` are those they went through although nothing else in them applies; a scheme they labelled with counts
    as gone through by itself. `version` is the rating's as they saw it, 0 for none: Conflict if it changed since.
    """
    case = lock(case)
    access.require(by, Right.LABEL, case)
    rating = rating_of(case, by, at=at)
    if version != (rating.version if rating.pk else 0):
        raise Conflict(rating)
    if rating.state != RatingState.WORKING:
        raise ValidationError("You see what the others said already; what you say now is said in the open.")
    held = Label.objects.filter(case=case, rater=by, submitted_at=None)
    through = {scheme.pk for scheme in schemes} | set(held.values_list("node__scheme", flat=True))
    if not through:
        raise ValidationError("Label something first, or say which scheme you went through.")
    rating.realised_severity, rating.potential_severity = realised_severity, potential_severity
    return open_labels(rating, at=at, schemes=through)


@signed
def stand_aside(*, case, by, at):
    """Show `by` what the raters said, without a rating of their own; nothing they say from now on counts as blind.

    Refused while they hold labels back: those were given blind, and want to be submitted.
    """
    case = lock(case)
    access.require(by, Right.LABEL, case)
    rating = rating_of(case, by, at=at)
    if rating.state != RatingState.WORKING:
        return rating
    if holds_labels(case, by):
        raise ValidationError("You hold labels of your own. Submit your rating, or take them back first.")
    rating.state, rating.opened_at = RatingState.ASIDE, at
    return keep(rating, at=at)


def rating_of(case, person, *, at):
    """The rating of `person`, not stored yet if they have said nothing. The case should be locked."""
    rating = Rating.objects.filter(case=case, rater=person).first()
    return rating or Rating(case=case, rater=person, created_at=at, updated_at=at)


def holds_labels(case, person):
    """Whether `person` holds labels of `case` that nobody else knows of yet."""
    return Label.objects.filter(case=case, rater=person, submitted_at=None).exists()


def keep(rating, *, at):
    """Save a rating that changed or whose held labels did: its version counts both."""
    if rating.pk:
        return save_changed(rating, at=at)
    check(rating)
    rating.save(force_insert=True)
    return rating


def open_labels(rating, *, at, schemes=()):
    """Submit what the rater holds, and settle it. `schemes` (ids) are those they went through."""
    rating.state, rating.opened_at = RatingState.SUBMITTED, at
    keep(rating, at=at)
    RatedScheme.objects.bulk_create(RatedScheme(rating=rating, scheme_id=number) for number in sorted(schemes))
    held = Label.objects.filter(case=rating.case_id, rater=rating.rater_id, submitted_at=None)
    labels = list(held.select_related("node__scheme"))
    seen_from = open_since(rating.case_id, [label.node_id for label in labels])
    for label in labels:
        submit(label, at=at, said_at=label.updated_at, seen_from=seen_from[label.node_id])
        label.version += 1
        label.save(update_fields=["submitted_at", "blind_stance", "version"])
    for label in labels:
        settle(rating.case, label.node, at=at)
    jobs.leave_recompute(at=at)
    return rating


def submit(label, *, at, said_at, seen_from):
    """Mark a label as submitted and, if it was said before there was anything to see (`open_since`), what it says as
    said blind. It is not saved yet.
    """
    label.submitted_at = at
    if seen_from is None or said_at < seen_from:
        label.blind_stance = label.stance


def open_since(case_id, nodes):
    """{node id: since when anybody may know what was said of it, None for not yet}, for these ids of nodes.

    A reviewer's first decision on a node shows it to all, and the first closing of the case shows everything. Neither
    is unseen when it is withdrawn, decided anew or reopened, so that the history is asked.
    """
    closed = CaseEvent.objects.filter(pgh_obj=case_id, status=Status.CLOSED).aggregate(at=Min("closed_at"))["at"]
    decisions = AdjudicationEvent.objects.filter(case=case_id, node__in=nodes).order_by()
    decided = dict(decisions.values_list("node").annotate(Min("decided_at")))
    return {node: min((at for at in (closed, decided.get(node)) if at), default=None) for node in nodes}
