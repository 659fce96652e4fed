"""What an export may hold of a case: the columns, in their fixed order, each as a person and as a program reads it."""

from dataclasses import dataclass

from django.conf import settings
from django.contrib.postgres.aggregates import ArrayAgg
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import F, Func, IntegerField, OuterRef, TextField, Value
from django.db.models.functions import Cast, Concat, JSONObject, NullIf

from registry.blind import seen_classifications
from registry.choices import PartyRole
from registry.models import Case, CaseParty, CaseSource, CaseSystem, ExternalId
from taxonomy.models import Scheme

# How a cell is written. Texts and lists hold what people typed, words only what the registry itself says.
TEXT, WORD, NUMBER, DAY, TIME, LIST = "text", "word", "number", "day", "time", "list"
LABELS = "labels:"
# What a spreadsheet program takes for a formula, also behind blanks and in full width (OWASP, CSV injection).
FORMULA = r"^([\s\u00a0\u200b\u3000\ufeff]*[=+@＝＋－＠-]|[\t\r\n])"
HARMLESS = r"'\1"


@dataclass(frozen=True)
class Column:
    """One column. `typed` is the value with its own type; `flat`, where it differs, as one cell of a table."""

    name: str
    heading: str
    group: str
    kind: str
    typed: object
    flat: object = None

    @property
    def cell(self):
        """The value for one cell: lists are joined, everything else is as it is."""
        value = self.flat if self.flat is not None else self.typed
        return joined(value) if self.kind == LIST else value

    @property
    def csv(self):
        """The cell as text that no spreadsheet program takes for a formula."""
        if self.kind in (TEXT, LIST):
            return Func(self.cell, Value(FORMULA), Value(HARMLESS), function="regexp_replace", output_field=TextField())
        if self.kind == TIME:
            utc = Func(Value("UTC"), self.cell, function="timezone", output_field=TextField())
            return Func(utc, Value('YYYY-MM-DD"T"HH24:MI:SS"Z"'), function="to_char", output_field=TextField())
        return self.cell


def joined(values):
    return Func(values, Value("; "), function="array_to_string", output_field=TextField())


def text(field):
    return Cast(F(field), TextField())


def columns_for(person):
    """Every column, in the order of every export; labels as far as `person` may see them. One query."""
    schemes = Scheme.objects.order_by("order", "name").annotate(node_ids=ArrayAgg("nodes__pk", default=Value([])))
    labels = [label_column(person, scheme) for scheme in schemes]
    return [*about_the_case(), *involved(), *written(), *assessed(), *labels, *found_elsewhere()]


DEFAULT = frozenset(
    {
        "reference",
        "title",
        "kind",
        "status",
        "occurred_from",
        "occurred_precision",
        "systems",
        "owner",
        "observed_behaviour",
        "potential_severity",
        "realised_severity",
        "url",
    }
)


def chosen_columns(person, names=()):
    """The columns named, in the fixed order; without names those chosen last time, else the usual ones and labels."""
    available = columns_for(person)
    names = set(names) or set(person.export_columns)
    chosen = [column for column in available if column.name in names]
    return chosen or [c for c in available if c.name in DEFAULT or c.name.startswith(LABELS)]


def about_the_case():
    number = Cast("pk", TextField())
    reference = Concat(Value(f"{settings.CASE_PREFIX}-"), number, output_field=TextField())
    address = Concat(
        Value(f"{settings.BASE_URL}/cases/{settings.CASE_PREFIX}-"), number, Value("/"), output_field=TextField()
    )
    group = "The case"
    return [
        Column("reference", "Number", group, WORD, reference),
        Column("title", "Title", group, TEXT, F("title")),
        Column("kind", "Kind", group, WORD, answered("kind")),
        Column("status", "Status", group, WORD, F("status")),
        Column("visibility", "Visibility", group, WORD, F("visibility")),
        Column("team", "Team", group, TEXT, F("team__name")),
        Column("owner", "Owner", group, TEXT, F("owner__username"), F("owner__name")),
        Column("reporter", "Reporter", group, TEXT, F("reporter__username"), F("reporter__name")),
        Column("reviewer", "Reviewer", group, TEXT, F("reviewer__username"), F("reviewer__name")),
        Column("event_group", "Event group", group, TEXT, F("event_group__name")),
        Column("version", "Version", group, NUMBER, F("version")),
        Column("url", "Address", group, WORD, address),
        Column("occurred_from", "Occurred from", "Dates", DAY, F("occurred_from")),
        Column("occurred_to", "Occurred to", "Dates", DAY, F("occurred_to")),
        Column("occurred_precision", "Date known to the", "Dates", WORD, F("occurred_precision")),
        Column("detected_at", "Detected (UTC)", "Dates", TIME, F("detected_at")),
        Column("reported_at", "Logged (UTC)", "Dates", TIME, F("reported_at")),
        Column("updated_at", "Changed (UTC)", "Dates", TIME, F("updated_at")),
        Column("closed_at", "Closed (UTC)", "Dates", TIME, F("closed_at")),
    ]


def answered(field):
    """A choice that may be open: null rather than empty."""
    return NullIf(F(field), Value(""))


def involved():
    group = "Who and what"
    systems = CaseSystem.objects.filter(case=OuterRef("pk")).order_by("system__name", "pk")
    named = systems.values(found=JSONObject(name="system__name", version="version", role="role"))
    version = Func(F("version"), Value(""), function="nullif", output_field=TextField())
    words = systems.values(
        found=Func(Value(" "), F("system__name"), version, function="concat_ws", output_field=TextField())
    )
    return [
        Column("systems", "Systems", group, LIST, ArraySubquery(named), ArraySubquery(words)),
        *(Column(f"{role}s", f"{role.label}s", group, LIST, parties(role)) for role in list(PartyRole)[:2]),
        Column("affected", "Affected", group, LIST, parties(PartyRole.AFFECTED)),
    ]


def parties(role):
    rows = CaseParty.objects.filter(case=OuterRef("pk"), role=role).order_by("organisation__name")
    return ArraySubquery(rows.values("organisation__name"))


NARRATIVE = (
    "context",
    "intended_objective",
    "specified_objective",
    "optimised_objective",
    "endorsed_goal",
    "observed_behaviour",
    "root_cause",
    "evaluation_breakdown",
    "mitigation_strategy",
    "alignment_lesson",
)


def written():
    return [Column(name, words_for(name), "What is written", TEXT, F(name)) for name in NARRATIVE]


def words_for(name):
    return str(Case._meta.get_field(name).verbose_name).capitalize()


def assessed():
    group = "Assessment"
    tiers = ("potential", "realised")
    severities = [
        Column(f"{which}_severity", f"{which.capitalize()} severity", group, WORD, F(f"{which}_severity__slug"))
        for which in tiers
    ]
    reasons = [
        Column(f"{which}_rationale", f"Why this {which} severity", group, TEXT, F(f"{which}_rationale"))
        for which in tiers
    ]
    gaps = [Column(f"{gap}_gap", f"{gap.capitalize()} gap", group, WORD, answered(f"{gap}_gap")) for gap in GAPS]
    choices = [Column(name, words_for(name), group, WORD, answered(name)) for name in CHOICES]
    texts = [Column(name, words_for(name), group, TEXT, F(name)) for name in ("predictability_reason",)]
    texts.append(Column("warning_url", "Earlier warning", group, TEXT, F("warning_url")))
    warning = [
        Column("warned_on", "Warned on", group, DAY, F("warned_on")),
        Column("warning_lead_days", "Days from the warning to the case", group, NUMBER, lead_days()),
    ]
    return [*severities, *reasons, *gaps, *choices, *texts, *warning]


def lead_days():
    """Negative where the warning came afterwards; null where either day is not known."""
    between = {"template": "(%(expressions)s)", "arg_joiner": " - ", "output_field": IntegerField()}
    return Func(F("occurred_from"), F("warned_on"), **between)


GAPS = ("human", "outer", "inner")
CHOICES = ("stage", "locus", "triage", "scope", "predictability")


def label_column(person, scheme):
    """The agreed labels of one scheme as keys, those of other raters only where `person` may know them.

    The nodes are given by number: joined by their scheme, the planner would try every node on every case.
    """
    rows = seen_classifications(person).filter(case=OuterRef("pk"), node__in=scheme.node_ids).order_by("pk")
    keys = rows.values(key=Concat(Value(f"{scheme.slug}:"), F("node__slug"), output_field=TextField()))
    return Column(f"{LABELS}{scheme.slug}", scheme.name, "Labels", LIST, ArraySubquery(keys))


def found_elsewhere():
    group = "Found elsewhere"
    sources = CaseSource.objects.filter(case=OuterRef("pk")).order_by("pk")
    described = sources.values(
        found=JSONObject(
            title="source__title",
            url="source__url",
            publisher="source__publisher",
            published_on="source__published_on",
        )
    )
    address = Func(F("source__url"), Value(""), function="nullif", output_field=TextField())
    named = sources.values(
        found=Func(Value(" "), F("source__title"), address, function="concat_ws", output_field=TextField())
    )
    numbers = ExternalId.objects.filter(case=OuterRef("pk")).order_by("source", "value")
    recorded = numbers.values(found=JSONObject(source="source", value="value", url="url"))
    written_out = numbers.values(found=Concat(F("source"), Value(" "), F("value"), output_field=TextField()))
    return [
        Column("sources", "Sources", group, LIST, ArraySubquery(described), ArraySubquery(named)),
        Column("external_ids", "Numbers elsewhere", group, LIST, ArraySubquery(recorded), ArraySubquery(written_out)),
    ]
