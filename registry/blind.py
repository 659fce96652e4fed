"""What a rater may see of other raters' labels: nothing on a case they have not labelled themselves."""

from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.lookups import Overlap
from django.db.models import Exists, IntegerField, OuterRef, Q
from django.db.models.expressions import RawSQL

from registry import access
from registry.choices import Method, Right, Status
from registry.models import Classification, Label

# What published sources said, and what was decided in the open.
PUBLIC = (Method.IMPORTED, Method.ADJUDICATED)
ON_RATERS = (Method.MAJORITY, Method.SINGLE_RATER)
OVER = (Status.CLOSED, Status.WITHDRAWN)
BELOW = """ARRAY(
WITH RECURSIVE below AS (
    SELECT unnest(%s::integer[]) AS id UNION SELECT n.id FROM taxonomy_node n JOIN below ON n.parent_id = below.id
) SELECT id FROM below)"""


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
    return classifications.filter(Q(method__in=PUBLIC) | Q(case__status__in=OVER) | rated)


def is_open_to(person, case="pk"):
    """Of cases: whether all their labels are for `person` to see; of rows with a `case`, name its path.

    None stands for somebody who may rate and has rated nothing.
    """
    if person and not person.may_label:
        return Q()
    path = "status__in" if case == "pk" else f"{case}__status__in"
    over = Q(**{path: OVER})
    return over | Exists(Label.objects.filter(case=OuterRef(case), rater=person)) if person else over


def carries(person, node_ids):
    """Of cases: those that `person` may know to carry one of these nodes or one below it."""
    return Q(node_path__overlap=node_ids) & is_known(person, [node_ids])


def is_known(person, groups):
    """Of cases that carry a node of each of `groups`: whether `person` may know of it."""
    open_to = is_open_to(person)
    if not open_to:
        return Q()
    # As an array the published nodes of one case are read when it is looked at; PostgreSQL would read those of all
    # cases for an EXISTS.
    published = ArraySubquery(Classification.objects.filter(case=OuterRef("pk"), method__in=PUBLIC).values("node"))
    known = Q()
    for node_ids in groups:
        below = RawSQL(BELOW, [list(node_ids)], output_field=ArrayField(IntegerField()))  # noqa: S611
        known &= Q(Overlap(published, below))
    return open_to | known


def rests_on_raters():
    """Of cases: whether any of their agreed labels rests on raters, not on what was published or decided."""
    return Q(Exists(Classification.objects.filter(case=OuterRef("pk"), method__in=ON_RATERS)))
