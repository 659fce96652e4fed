"""What a rater may see of other raters' labels: nothing until they submit their own, or stand aside for good."""

from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.lookups import Overlap
from django.db.models import Case, Exists, F, Func, IntegerField, OuterRef, Q, When
from django.db.models.expressions import RawSQL

from registry.choices import Method, Status
from registry.models import Classification, Label, Rating
from registry.models.workflow import CAUSE_SCHEME, Missing, missing_for_review

# What published sources said, and what was decided in the open.
PUBLIC = (Method.IMPORTED, Method.ADJUDICATED)
ON_RATERS = (Method.MAJORITY, Method.SINGLE_RATER)
# A closed case is open to all. Withdrawing opens nothing: whoever withdraws may be blind, and reopen it to rate.
OVER = (Status.CLOSED,)
NOT_KNOWN = Missing("labels", "Rate the case; you see then whether a cause is agreed.")
BELOW = """ARRAY(
WITH RECURSIVE below AS (
    SELECT unnest(%s::integer[]) AS id UNION SELECT n.id FROM taxonomy_node n JOIN below ON n.parent_id = below.id
) SELECT id FROM below)"""


def is_blind(person, case):
    """Whether `person` may still rate `case`, now or once it is reopened, without having seen what the others said."""
    return person.may_label and case.status not in OVER and not opened_by(person).filter(case=case).exists()


def opened_by(person):
    """The ratings of `person` with which they see what the others said."""
    return Rating.objects.filter(rater=person, opened_at__isnull=False)


def seen_labels(person, case):
    """The labels of `case` that `person` may see: their own, and, unless they are blind, what others submitted."""
    others = Q() if is_blind(person, case) else Q(submitted_at__isnull=False)
    return Label.objects.filter(Q(rater=person) | others, case=case)


def submitted_labels(person):
    """The submitted labels of all cases that `person` may see: their own, and those of cases open to them."""
    labels = Label.objects.filter(submitted_at__isnull=False)
    open_to = is_open_to(person, "case")
    return labels.filter(open_to | Q(rater=person)) if open_to else labels


def seen_classifications(person):
    """The agreed labels `person` may see: those that rest on other raters only once they are open to them.

    None stands for somebody who may rate and has submitted nothing.
    """
    classifications = Classification.objects.select_related("node__scheme").order_by(
        "node__scheme__order", "node__order", "pk"
    )
    open_to = is_open_to(person, "case")
    return classifications.filter(Q(method__in=PUBLIC) | open_to) if open_to else classifications


def is_open_to(person, case="pk"):
    """Of cases: whether all their labels are for `person` to see; of rows with a `case`, name its path.

    None stands for somebody who may rate and has submitted nothing.
    """
    if person and not person.may_label:
        return Q()
    path = "status__in" if case == "pk" else f"{case}__status__in"
    over = Q(**{path: OVER})
    return over | Exists(opened_by(person).filter(case=OuterRef(case))) if person else over


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


class PublishedPath(Func):
    """Of a case's id: the nodes that were published for it or decided in the open, and everything above them."""

    template = f"""ARRAY(WITH RECURSIVE above AS (
    SELECT n.id, n.parent_id FROM registry_classification c JOIN taxonomy_node n ON n.id = c.node_id
    WHERE c.case_id = %(expressions)s AND c.method IN ({", ".join(f"'{method.value}'" for method in PUBLIC)})
    UNION SELECT n.id, n.parent_id FROM taxonomy_node n JOIN above ON n.id = above.parent_id
) SELECT id FROM above)"""  # noqa: S608
    output_field = ArrayField(IntegerField())


def known_path(person):
    """Of cases: the nodes they carry and everything above them, as far as `person` may know."""
    open_to = is_open_to(person)
    if not open_to:
        return F("node_path")
    hidden = When(~open_to & rests_on_raters(), then=PublishedPath("pk"))
    return Case(hidden, default=F("node_path"), output_field=ArrayField(IntegerField()))


def rests_on_raters():
    """Of cases: whether any of their agreed labels rests on raters, not on what was published or decided."""
    return Q(Exists(Classification.objects.filter(case=OuterRef("pk"), method__in=ON_RATERS)))


def missing_for_review_as_seen(person, case, *, blind):
    """What a review of `case` asks for; to the blind the cause stays open unless it is one they may see."""
    seen = seen_classifications(person).filter(case=case, node__scheme__slug=CAUSE_SCHEME).exists()
    missing = missing_for_review(case, has_cause=seen)
    return [NOT_KNOWN if blind and item.field == NOT_KNOWN.field else item for item in missing]
