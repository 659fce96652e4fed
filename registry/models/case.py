"""The case, the centre of the registry, and the rows that belong to one."""

from datetime import date

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.contrib.postgres.search import SearchVector, SearchVectorField
from django.core.validators import MaxLengthValidator, MinLengthValidator
from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import Coalesce, Left, Upper
from django.urls import reverse

from registry.choices import (
    TEMPLATE_FIELDS,
    Gap,
    Kind,
    Locus,
    PartyRole,
    Precision,
    Predictability,
    Scope,
    Stage,
    Status,
    SystemRole,
    Triage,
    Visibility,
)
from registry.models.party import Organisation, System
from registry.models.people import Person, Team
from registry.models.source import Source
from taxonomy.constraints import at_least, at_most, filled, one_of, tracked
from taxonomy.models import SeverityTier

LONGEST_NARRATIVE = 50_000
# Search reads the beginning of each field: PostgreSQL's search vector holds one megabyte in all.
SEARCHED_CHARACTERS = 16_000
NARRATIVE_FIELDS = (*TEMPLATE_FIELDS[1:], "specified_objective", "endorsed_goal")
OPTIONAL_CHOICES = {
    "stage": Stage,
    "locus": Locus,
    "predictability": Predictability,
    "triage": Triage,
    "scope": Scope,
    "human_gap": Gap,
    "outer_gap": Gap,
    "inner_gap": Gap,
}
NO_DATE = date(1, 1, 1)


def narrative(help_text):
    return models.TextField(blank=True, validators=[MaxLengthValidator(LONGEST_NARRATIVE)], help_text=help_text)


def optional(choices, **options):
    """Not answered yet is the empty string; “unknown” is an answer."""
    return models.CharField(max_length=30, choices=choices.choices, blank=True, **options)


def search_vector():
    title = SearchVector("title", weight="A", config="english")
    fields = [SearchVector(Left(name, SEARCHED_CHARACTERS), weight="B", config="english") for name in NARRATIVE_FIELDS]
    return sum(fields, start=title)


@tracked()
class EventGroup(models.Model):
    """One row is one event that several cases report; statistics count it once."""

    name = models.CharField(max_length=200)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [filled("name")]

    def __str__(self):
        return self.name


class CaseQuerySet(models.QuerySet):
    def open(self):
        return self.exclude(status__in=[Status.CLOSED, Status.WITHDRAWN])

    def about(self, node):
        """Cases agreed to carry the node or one below it."""
        return self.filter(node_path__contains=[node.pk])

    def counted(self):
        """The cases statistics read: open to everyone signed in, logged, not withdrawn or merged away, in scope."""
        return self.filter(visibility=Visibility.EVERYONE).exclude(
            Q(status__in=[Status.DRAFT, Status.WITHDRAWN]) | Q(scope=Scope.OUT)
        )


@tracked("search", "node_path", "text_bands", "occurred_on", "severity_rank")
class Case(models.Model):
    """One row is one incident, finding or near miss in which an AI system pursued something else than was meant."""

    title = models.CharField(
        max_length=200,
        validators=[MinLengthValidator(6)],
        help_text="Say the behaviour, not the cause. You can change this later.",
    )
    kind = models.CharField(max_length=20, choices=Kind.choices, blank=True)
    status = models.CharField(max_length=20, choices=Status.choices, default=Status.DRAFT)
    visibility = models.CharField(max_length=20, choices=Visibility.choices, default=Visibility.EVERYONE)
    team = models.ForeignKey(Team, null=True, blank=True, on_delete=models.PROTECT, related_name="cases")
    reporter = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="reported_cases")
    owner = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="owned_cases")
    reviewer = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="reviewed_cases")
    version = models.PositiveIntegerField(default=1, editable=False)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    occurred_from = models.DateField(null=True, blank=True)
    occurred_to = models.DateField(null=True, blank=True)
    occurred_precision = models.CharField(
        max_length=10,
        choices=Precision.choices,
        default=Precision.UNKNOWN,
        help_text="As exact as you know it.",
    )
    detected_at = models.DateTimeField(null=True, blank=True)
    reported_at = models.DateTimeField(null=True, blank=True, editable=False)
    closed_at = models.DateTimeField(null=True, blank=True, editable=False)

    stage = optional(Stage)
    systems = models.ManyToManyField(System, through="CaseSystem", related_name="cases")
    parties = models.ManyToManyField(Organisation, through="CaseParty", related_name="cases")

    context = narrative("Who used it, for what, and under which conditions.")
    intended_objective = narrative("What the people in charge meant it to do.")
    optimised_objective = narrative("What it behaved as if it wanted.")
    observed_behaviour = narrative("What you know so far; incomplete is fine. Markdown works.")
    root_cause = narrative("Why it did that: which of the three gaps opened, and how.")
    evaluation_breakdown = narrative("Where the checks failed to see it.")
    mitigation_strategy = narrative("What was done, or would have stopped it.")
    alignment_lesson = narrative("What others should take from it.")

    specified_objective = narrative("What was written down or rewarded.")
    endorsed_goal = narrative("What the people affected would want, where that differs from what was intended.")
    human_gap = optional(Gap, help_text="From the goal people should have to the intended objective.")
    outer_gap = optional(Gap, help_text="From the intended to the specified objective.")
    inner_gap = optional(Gap, help_text="From the specified objective to what the AI learned to optimise.")
    locus = optional(Locus, help_text="Was the failure in behaviour or inside the model?")
    predictability = optional(Predictability)
    predictability_reason = models.TextField(blank=True, validators=[MaxLengthValidator(10_000)])
    warning_url = models.URLField(max_length=1000, blank=True, help_text="The earlier warning, if there was one.")
    warned_on = models.DateField(null=True, blank=True, help_text="When that warning was published.")
    triage = optional(Triage)
    scope = optional(Scope)
    due_on = models.DateField(null=True, blank=True, help_text="When the next step is due.")

    realised_severity = models.ForeignKey(
        SeverityTier, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    realised_rationale = models.TextField(blank=True, validators=[MaxLengthValidator(10_000)])
    potential_severity = models.ForeignKey(
        SeverityTier, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    potential_rationale = models.TextField(blank=True, validators=[MaxLengthValidator(10_000)])

    merged_into = models.ForeignKey(
        "self", null=True, blank=True, editable=False, on_delete=models.PROTECT, related_name="merged_cases"
    )
    event_group = models.ForeignKey(EventGroup, null=True, blank=True, on_delete=models.PROTECT, related_name="cases")
    sources = models.ManyToManyField(Source, through="CaseSource", related_name="cases")

    node_path = ArrayField(models.IntegerField(), default=list, editable=False)
    text_bands = ArrayField(models.IntegerField(), default=list, editable=False)
    occurred_on = models.GeneratedField(
        expression=Coalesce("occurred_from", Value(NO_DATE)), output_field=models.DateField(), db_persist=True
    )
    severity_rank = models.GeneratedField(
        expression=Coalesce("potential_severity", Value(-1)),
        output_field=models.SmallIntegerField(),
        db_persist=True,
    )
    search = models.GeneratedField(expression=search_vector(), output_field=SearchVectorField(), db_persist=True)

    objects = CaseQuerySet.as_manager()

    class Meta:
        constraints = [
            at_least("title", 6),
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_closed_at_iff_closed",
                condition=Q(status=Status.CLOSED, closed_at__isnull=False)
                | (~Q(status=Status.CLOSED) & Q(closed_at__isnull=True)),
                violation_error_message="A closed case has a closing time, and only a closed one.",
            ),
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_reported_once_submitted",
                condition=Q(reported_at__isnull=False) | Q(status__in=[Status.DRAFT, Status.WITHDRAWN]),
                violation_error_message="A submitted case has a time of reporting.",
            ),
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_kind_once_submitted",
                condition=~Q(kind="") | Q(status__in=[Status.DRAFT, Status.WITHDRAWN]),
                violation_error_message="A submitted case says what kind it is.",
            ),
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_owner_once_accepted",
                condition=Q(owner__isnull=False) | ~Q(status__in=[Status.ANALYSIS, Status.REVIEW, Status.CLOSED]),
                violation_error_message="An accepted case has an owner.",
            ),
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_not_approved_by_its_owner",
                condition=~Q(status=Status.CLOSED) | Q(reviewer__isnull=True) | ~Q(reviewer=F("owner")),
                violation_error_message="A case is approved by somebody other than its owner.",
            ),
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_team_iff_for_a_team",
                condition=Q(visibility=Visibility.TEAM, team__isnull=False)
                | (~Q(visibility=Visibility.TEAM) & Q(team__isnull=True)),
                violation_error_message="A case for one team names the team, and only such a case does.",
            ),
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_withdrawn_once_merged",
                condition=Q(merged_into__isnull=True) | Q(status=Status.WITHDRAWN),
                violation_error_message="A case merged into another is withdrawn.",
            ),
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_not_merged_into_itself",
                condition=Q(merged_into__isnull=True) | ~Q(merged_into=F("id")),
                violation_error_message="A case is not merged into itself.",
            ),
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_dated_iff_known",
                condition=Q(occurred_precision=Precision.UNKNOWN, occurred_from__isnull=True, occurred_to__isnull=True)
                | (~Q(occurred_precision=Precision.UNKNOWN) & Q(occurred_from__isnull=False)),
                violation_error_message="Give a date, or say that it is unknown.",
            ),
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_occurred_forwards",
                condition=Q(occurred_to__isnull=True) | Q(occurred_from__lte=F("occurred_to")),
                violation_error_message="The last day cannot lie before the first.",
            ),
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_kind_known",
                condition=Q(kind__in=["", *Kind.values]),
                violation_error_message="This is no kind of case.",
            ),
            one_of("status", Status),
            one_of("visibility", Visibility),
            one_of("occurred_precision", Precision),
            *(
                models.CheckConstraint(
                    name=f"%(app_label)s_%(class)s_{field}_known",
                    condition=Q(**{f"{field}__in": ["", *choices.values]}),
                    violation_error_message=f"This is no {field.replace('_', ' ')}.",
                )
                for field, choices in OPTIONAL_CHOICES.items()
            ),
            *(at_most(field, LONGEST_NARRATIVE) for field in NARRATIVE_FIELDS),
        ]
        indexes = [
            models.Index(
                F("occurred_on").desc(),
                F("id").desc(),
                name="registry_case_by_date",
                include=["status", "potential_severity", "visibility"],
            ),
            models.Index(fields=["-severity_rank", "-id"], name="registry_case_by_severity"),
            models.Index(fields=["status", "-id"], name="registry_case_by_status"),
            models.Index(fields=["-updated_at", "-id"], name="registry_case_by_change"),
            models.Index(fields=["-reported_at", "-id"], name="registry_case_by_report"),
            GinIndex(fields=["node_path"], name="registry_case_node_path"),
            GinIndex(fields=["text_bands"], name="registry_case_text_bands", fastupdate=False),
            GinIndex(fields=["search"], name="registry_case_search"),
            GinIndex(OpClass(Upper("title"), name="gin_trgm_ops"), name="registry_case_title_trigrams"),
        ]

    def __str__(self):
        return f"{self.reference} {self.title}"

    def get_absolute_url(self):
        return reverse("case", kwargs={"reference": self.reference})

    @property
    def reference(self):
        return f"{settings.CASE_PREFIX}-{self.pk}"

    @property
    def occurred(self):
        """The date as far as it is known, in words."""
        formats = {Precision.DAY: "%-d %B %Y", Precision.MONTH: "%B %Y", Precision.YEAR: "%Y"}
        if self.occurred_from is None:
            return "unknown"
        first = self.occurred_from.strftime(formats[self.occurred_precision])
        last = self.occurred_to.strftime(formats[self.occurred_precision]) if self.occurred_to else first
        return first if first == last else f"{first} to {last}"


@tracked()
class CaseReader(models.Model):
    """One row lets one person see one case that is for named people only."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="readers")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="named_on")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="%(app_label)s_%(class)s_once",
                fields=["case", "person"],
                violation_error_message="This person is named already.",
            )
        ]

    def __str__(self):
        return f"{self.person} may see {self.case}"


@tracked()
class CaseSystem(models.Model):
    """One row is one AI system involved in one case."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="case_systems")
    system = models.ForeignKey(System, on_delete=models.PROTECT, related_name="case_systems")
    version = models.CharField(max_length=100, blank=True)
    role = models.CharField(max_length=20, choices=SystemRole.choices, default=SystemRole.SUBJECT)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="%(app_label)s_%(class)s_once",
                fields=["case", "system", "version", "role"],
                violation_error_message="This system is recorded for the case already.",
            ),
            one_of("role", SystemRole),
        ]

    def __str__(self):
        return f"{self.system} {self.version}".strip()


@tracked()
class CaseParty(models.Model):
    """One row is one organisation that developed or deployed the system, or was affected."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="case_parties")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="case_parties")
    role = models.CharField(max_length=20, choices=PartyRole.choices)

    class Meta:
        verbose_name_plural = "case parties"
        constraints = [
            models.UniqueConstraint(
                name="%(app_label)s_%(class)s_once",
                fields=["case", "organisation", "role"],
                violation_error_message="This organisation is recorded for the case already.",
            ),
            one_of("role", PartyRole),
        ]

    def __str__(self):
        return f"{self.organisation} ({self.role})"


@tracked()
class CaseSource(models.Model):
    """One row says that one source reports one case."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="case_sources")
    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="case_sources")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="%(app_label)s_%(class)s_once",
                fields=["case", "source"],
                violation_error_message="This source is recorded for the case already.",
            )
        ]

    def __str__(self):
        return f"{self.case}: {self.source}"
