"""Schemes, their nodes, the mappings between them, severity tiers and the reference matrix."""

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from taxonomy.constraints import filled, one_of, tracked

SLUG = RegexValidator(r"^[a-z0-9]+(-[a-z0-9]+)*$", "Use lower-case letters, digits and single hyphens.")


class SchemeKind(models.TextChoices):
    CAUSE = "cause"
    TYPE = "type"
    FRAMEWORK = "framework"
    MECHANISM = "mechanism"
    GOODHART = "goodhart"
    TECHNIQUE = "technique"
    FAILURE_MODE = "failure mode"
    MITIGATION = "mitigation"
    SYMPTOM = "symptom"
    CONCEPT = "concept"
    IMPORTED = "imported"


class DefinitionStatus(models.TextChoices):
    FROM_SOURCE = "from source"
    RECONSTRUCTED = "reconstructed"
    PROVISIONAL = "provisional"


class Relation(models.TextChoices):
    """How the first node stands to the second, in the words of SKOS."""

    EXACT = "exact"
    CLOSE = "close"
    BROAD = "broad"
    NARROW = "narrow"
    RELATED = "related"


class Verdict(models.TextChoices):
    """What a technique is against a failure mode."""

    VULNERABLE = "vulnerable"
    RESISTANT = "resistant"
    UNCERTAIN = "uncertain"


class Certainty(models.TextChoices):
    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


@tracked()
class SeverityTier(models.Model):
    """One row is one step of the severity ladder; the rank is its identity."""

    rank = models.PositiveSmallIntegerField(primary_key=True, validators=[MaxValueValidator(9)])
    slug = models.CharField(max_length=40, unique=True, validators=[SLUG])
    name = models.CharField(max_length=60, unique=True)
    criteria = models.TextField(help_text="When to choose this tier.")
    example = models.TextField(blank=True, help_text="An anchored example, shown beside the choice.")
    colour = models.CharField(max_length=8, default="s0", help_text="Colour token of the stylesheet, s0 to s4.")
    debt_weight = models.DecimalField(
        max_digits=6,
        decimal_places=2,
        default=1,
        validators=[MinValueValidator(0)],
        help_text="How much an unfinished analysis of a case of this potential severity weighs in the debt ledger.",
    )

    class Meta:
        constraints = [
            filled("slug"),
            filled("name"),
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_debt_weight_not_negative",
                condition=Q(debt_weight__gte=0),
                violation_error_message="A weight is 0 or more.",
            ),
        ]

    def __str__(self):
        return self.name


@tracked()
class Scheme(models.Model):
    """One row is one vocabulary. Schemes stand side by side and are never merged."""

    slug = models.CharField(max_length=60, unique=True, validators=[SLUG])
    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=20, choices=SchemeKind.choices)
    description = models.TextField(blank=True)
    source = models.TextField(blank=True, help_text="Citation.")
    source_url = models.URLField(max_length=500, blank=True)
    edition = models.CharField(max_length=40, blank=True, help_text="The scheme's own version, for example 2026.1.")
    guidance = ArrayField(models.TextField(), default=list, blank=True, help_text="How to label with it, step by step.")
    allows_several = models.BooleanField(default=True, help_text="A case may carry several labels of this scheme.")
    order = models.PositiveSmallIntegerField(default=0)
    version = models.PositiveIntegerField(default=1, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [one_of("kind", SchemeKind), filled("slug"), filled("name")]

    def __str__(self):
        return self.name


NODE_GUARD = """
IF NEW.parent_id IS NOT NULL THEN
    IF NOT EXISTS (SELECT 1 FROM taxonomy_node WHERE id = NEW.parent_id AND scheme_id = NEW.scheme_id) THEN
        RAISE EXCEPTION 'A node and its parent belong to one scheme.' USING ERRCODE = 'check_violation';
    END IF;
    IF EXISTS (
        WITH RECURSIVE above AS (
            SELECT id, parent_id FROM taxonomy_node WHERE id = NEW.parent_id
            UNION SELECT n.id, n.parent_id FROM taxonomy_node n JOIN above ON n.id = above.parent_id
        ) SELECT 1 FROM above WHERE id = NEW.id
    ) THEN
        RAISE EXCEPTION 'A node cannot stand below itself.' USING ERRCODE = 'check_violation';
    END IF;
END IF;
RETURN NEW;
"""


@tracked()
class Node(models.Model):
    """One row is one term of a scheme, with its definition and the criteria for using it."""

    scheme = models.ForeignKey(Scheme, on_delete=models.PROTECT, related_name="nodes")
    slug = models.CharField(max_length=60, validators=[SLUG])
    name = models.CharField(max_length=160)
    aliases = ArrayField(models.CharField(max_length=160), default=list, blank=True)
    parent = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="children")
    definition = models.TextField(help_text="In our own words.")
    definition_status = models.CharField(max_length=20, choices=DefinitionStatus.choices)
    applies_when = ArrayField(models.TextField(), default=list, blank=True)
    does_not_apply_when = ArrayField(models.TextField(), default=list, blank=True)
    needs_all_criteria = models.BooleanField(
        default=False, help_text="A case carries it only where each of these criteria is shown by itself."
    )
    examples = ArrayField(models.TextField(), default=list, blank=True)
    source = models.TextField(blank=True)
    exclusive_group = models.CharField(
        max_length=60, blank=True, help_text="A case carries at most one node of such a group of its scheme."
    )
    order = models.PositiveSmallIntegerField(default=0)
    retired_at = models.DateTimeField(null=True, blank=True)
    replaced_by = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="replaces")
    version = models.PositiveIntegerField(default=1, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="%(app_label)s_%(class)s_slug_unique_in_scheme",
                fields=["scheme", "slug"],
                violation_error_message="This scheme already has a node with that slug.",
            ),
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_replaced_only_if_retired",
                condition=Q(replaced_by__isnull=True) | Q(retired_at__isnull=False),
                violation_error_message="Only a retired node is replaced by another.",
            ),
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_not_replaced_by_itself",
                condition=Q(replaced_by__isnull=True) | ~Q(replaced_by=F("id")),
                violation_error_message="A node cannot replace itself.",
            ),
            one_of("definition_status", DefinitionStatus),
            filled("slug"),
            filled("name"),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="parent_in_scheme_without_cycle",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.UpdateOf("parent_id", "scheme_id"),
                func=NODE_GUARD,
            )
        ]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return reverse("node", kwargs={"scheme": self.scheme.slug, "slug": self.slug})

    @property
    def key(self):
        """`scheme:slug`, the name that is unique across schemes."""
        return f"{self.scheme.slug}:{self.slug}"


@tracked()
class AlternativeParent(models.Model):
    """One row says that somebody would put a node under another parent than our default one."""

    node = models.ForeignKey(Node, on_delete=models.PROTECT, related_name="alternative_parents")
    parent = models.ForeignKey(Node, on_delete=models.PROTECT, related_name="alternative_children")
    asserted_by = models.CharField(max_length=200)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="%(app_label)s_%(class)s_once",
                fields=["node", "parent", "asserted_by"],
                violation_error_message="This is recorded already.",
            ),
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_not_itself",
                condition=~Q(node=F("parent")),
                violation_error_message="A node cannot be its own parent.",
            ),
            filled("asserted_by"),
        ]

    def __str__(self):
        return f"{self.node} under {self.parent} ({self.asserted_by})"


MAPPING_GUARD = """
IF (SELECT scheme_id FROM taxonomy_node WHERE id = NEW.from_node_id)
 = (SELECT scheme_id FROM taxonomy_node WHERE id = NEW.to_node_id) THEN
    RAISE EXCEPTION 'A mapping connects nodes of different schemes.' USING ERRCODE = 'check_violation';
END IF;
RETURN NEW;
"""


@tracked()
class Mapping(models.Model):
    """One row relates a node to a node of another scheme: the first is (exact, broad, …) to the second."""

    from_node = models.ForeignKey(Node, on_delete=models.PROTECT, related_name="mappings_from")
    to_node = models.ForeignKey(Node, on_delete=models.PROTECT, related_name="mappings_to")
    relation = models.CharField(max_length=10, choices=Relation.choices)
    source = models.TextField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="%(app_label)s_%(class)s_once",
                fields=["from_node", "to_node"],
                violation_error_message="These two nodes are mapped already.",
            ),
            one_of("relation", Relation),
            filled("source"),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="between_schemes",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update,
                func=MAPPING_GUARD,
            )
        ]

    def __str__(self):
        return f"{self.from_node} {self.relation} {self.to_node}"


@tracked()
class ReferenceCell(models.Model):
    """One row is one cell of the published matrix: what a technique is against a failure mode."""

    technique = models.ForeignKey(Node, on_delete=models.PROTECT, related_name="reference_as_technique")
    failure_mode = models.ForeignKey(Node, on_delete=models.PROTECT, related_name="reference_as_failure_mode")
    verdict = models.CharField(max_length=10, choices=Verdict.choices)
    certainty = models.CharField(max_length=10, choices=Certainty.choices)
    source = models.TextField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="%(app_label)s_%(class)s_once",
                fields=["technique", "failure_mode"],
                violation_error_message="This cell exists already.",
            ),
            one_of("verdict", Verdict),
            one_of("certainty", Certainty),
            filled("source"),
        ]

    def __str__(self):
        return f"{self.technique} / {self.failure_mode}: {self.verdict}"


class ShippedRow(models.Model):
    """One row remembers what `load_taxonomy` last wrote for one entry of the shipped files.

    An entry is written again only where the database still holds what was shipped before, so
    what people edited is never overwritten.
    """

    key = models.CharField(max_length=200, unique=True)
    content = models.JSONField()

    def __str__(self):
        return self.key
