"""What a rater may see of other raters' labels: nothing on a case they have not labelled themselves."""

from django.db.models import Exists, OuterRef, Q

from registry import access
from registry.choices import Method, Right, Status
from registry.models import Classification, Label

# What published sources said, and what was decided in the open.
PUBLIC = (Method.IMPORTED, Method.ADJUDICATED)


def is_blind(person, case):
    """Whether `person` may still label `case` and has not."""
    return access.may(person, Right.LABEL, case) and not Label.objects.filter(case=case, rater=person).exists()


def seen_classifications(person):
    """The agreed labels `person` may see: those that rest on other raters only after rating the case themselves."""
    classifications = Classification.objects.select_related("node__scheme").order_by(
        "node__scheme__order", "node__order", "pk"
    )
    if not person.may_label:
        return classifications
    rated = Exists(Label.objects.filter(case=OuterRef("case"), rater=person))
    over = Q(case__status__in=(Status.CLOSED, Status.WITHDRAWN))
    return classifications.filter(Q(method__in=PUBLIC) | over | rated)
