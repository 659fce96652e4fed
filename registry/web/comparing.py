"""Two to five cases side by side, field by field, with what is the same and what differs in words."""

from collections import defaultdict
from dataclasses import dataclass

from django.http import Http404
from django.utils.text import Truncator

from registry import access
from registry.blind import seen_classifications
from registry.choices import TEMPLATE_FIELDS, Gap, PartyRole
from registry.models import Safeguard
from registry.web.case_page import ANALYSIS, breaks_of, causes_of
from registry.web.foresight import lead_time
from registry.web.gaps import GAPS, VERDICTS
from registry.web.templatetags.registry_ui import day, status_words

FEWEST, MOST = 2, 5
# Beyond these what was asked for is not even looked up.
MOST_ASKED, LONGEST = 20, 20
SAME, DIFFERENT, PARTLY = "Same in all", "Different", "Not said of all"


@dataclass(frozen=True)
class Cell:
    """What one case says in one row: a text (`markdown`, the name of a severity `tier`, or plain), or a list of `parts`
    (words, whether all of them carry it).
    """

    text: str = ""
    tier: object = None
    markdown: bool = False
    parts: tuple = ()

    @property
    def is_empty(self):
        return not (self.text.strip() or self.parts)


@dataclass(frozen=True)
class Row:
    """One field of all the cases: each with its Cell, and how they stand to one another in it."""

    name: str
    cells: list
    mark: str

    @property
    def is_alike(self):
        return self.mark == SAME


@dataclass(frozen=True)
class Section:
    name: str
    slug: str
    rows: list
    silent: list


@dataclass(frozen=True)
class Asked:
    """The cases asked for that the reader may see, in the order asked, and what led to none."""

    cases: list
    unknown: list
    n_asked: int

    @property
    def problem(self):
        if self.n_asked > MOST:
            return f"You asked for {self.n_asked} cases; {MOST} fit side by side. Take some away."
        if len(self.cases) < FEWEST:
            return f"Choose {FEWEST} to {MOST} cases to compare; there {BE[len(self.cases)]}."
        return ""


BE = {0: "is none yet", 1: "is one so far"}


def asked(person, references):
    """The Asked of the texts in an address. What is hidden, merged away or nonsense is unknown all the same."""
    texts = list(dict.fromkeys(text.replace("\x00", "").strip() for text in references if text.strip()))
    numbers = {text: number_in(text) for text in texts[:MOST_ASKED]}
    wanted = list(dict.fromkeys(number for number in numbers.values() if number))
    rows = access.visible_to(person).filter(pk__in=wanted[: MOST + 1])
    rows = rows.select_related("owner", "realised_severity", "potential_severity", "team")
    found = rows.prefetch_related("case_systems__system", "case_parties__organisation").in_bulk()
    cases = [found[number] for number in wanted if number in found]
    unknown = [Truncator(text).chars(LONGEST) for text, number in numbers.items() if number not in found]
    n_asked = len({numbers.get(text) or text for text in texts})
    return Asked(cases[:MOST], unknown if n_asked <= MOST else [], n_asked)


def number_in(text):
    try:
        return access.number_of(text)
    except Http404:
        return None


def sections(person, cases):
    """What the cases say, in Sections. As many queries for two cases as for five."""
    seen = defaultdict(list)
    for row in seen_classifications(person).filter(case__in=cases):
        seen[row.case_id].append(row)
    named = [
        ("What and when", "facts", fact_rows(cases)),
        ("Severity", "severity", severity_rows(cases)),
        ("Which arrow broke", "gaps", gap_rows(cases, seen)),
        ("Analysis", "analysis", [*narrative_rows(cases), *foresight_rows(cases)]),
        ("Agreed labels you may see", "labels", label_rows(cases, seen)),
        ("Safeguards", "safeguards", safeguard_rows(cases)),
    ]
    return [made(cases, *section) for section in named if any(not row.is_silent for row in section[2])]


@dataclass(frozen=True)
class Field:
    """A row before it is judged."""

    name: str
    cells: list

    @property
    def is_silent(self):
        return all(cell.is_empty for cell in self.cells)


def made(cases, name, slug, fields):
    spoken = [field for field in fields if not field.is_silent]
    rows = [Row(field.name, list(zip(cases, field.cells, strict=True)), mark_of(field.cells)) for field in spoken]
    return Section(name, slug, rows, [field.name for field in fields if field.is_silent])


def mark_of(cells):
    if any(cell.is_empty for cell in cells):
        return PARTLY
    first, *others = (normal(cell) for cell in cells)
    return SAME if all(other == first for other in others) else DIFFERENT


def normal(cell):
    return " ".join(cell.text.split()).casefold(), frozenset(words for words, _ in cell.parts)


def plain(name, cases, words_of):
    return Field(name, [Cell(str(words_of(case) or "")) for case in cases])


def fact_rows(cases):
    def parties(role):
        return lambda case: ", ".join(
            sorted(row.organisation.name for row in case.case_parties.all() if row.role == role)
        )

    def systems(case):
        return ", ".join(sorted(f"{row.system.name} {row.version}".strip() for row in case.case_systems.all()))

    return [
        plain("Status", cases, lambda case: status_words(case.status)),
        plain("Kind", cases, lambda case: case.get_kind_display()),
        plain("Occurred", cases, lambda case: case.occurred if case.occurred_from else ""),
        plain("System", cases, systems),
        *(plain(role.label, cases, parties(role)) for role in PartyRole),
        plain("Stage", cases, lambda case: case.get_stage_display()),
        plain("Locus", cases, lambda case: case.get_locus_display()),
        plain("Triage", cases, lambda case: case.get_triage_display()),
        plain("Scope", cases, lambda case: case.get_scope_display()),
    ]


def severity_rows(cases):
    rows = []
    for which in ("potential", "realised"):
        tiers = [getattr(case, f"{which}_severity") for case in cases]
        rows.append(Field(f"{which.capitalize()} severity", [Cell(str(tier or ""), tier) for tier in tiers]))
        rows.append(prose(f"Why this {which} severity", cases, f"{which}_rationale"))
    return rows


def prose(name, cases, field):
    return Field(name, [Cell(getattr(case, field), markdown=True) for case in cases])


def gap_rows(cases, seen):
    causes = causes_of()
    breaks = {case.pk: breaks_of(seen[case.pk], causes) for case in cases}
    return [
        plain(name, cases, lambda case, field=field: verdict(getattr(case, field), breaks[case.pk].get(field)))
        for name, field in zip(GAPS, ("human_gap", "outer_gap", "inner_gap"), strict=True)
    ]


def verdict(state, cause):
    """The same words as the picture on the case page; empty where nobody has said."""
    state = Gap.BROKEN if cause else state
    return VERDICTS[state].capitalize() if state else ""


def narrative_rows(cases):
    first = cases[0]
    names = ("observed_behaviour", *(name for name in ANALYSIS if name != "observed_behaviour"))
    names = [name for name in names if name in TEMPLATE_FIELDS or any(getattr(case, name).strip() for case in cases)]
    return [prose(str(first._meta.get_field(name).verbose_name).capitalize(), cases, name) for name in names]


def foresight_rows(cases):
    return [
        plain("Predictability", cases, lambda case: case.get_predictability_display()),
        prose("Why it could or could not be predicted", cases, "predictability_reason"),
        plain("Warned on", cases, lambda case: day(case.warned_on)),
        plain("Lead time", cases, lead_time),
    ]


def label_rows(cases, seen):
    """One row for each scheme; what all of the cases carry is said so."""
    schemes = {}
    for rows in seen.values():
        for row in rows:
            schemes.setdefault(row.node.scheme, {}).setdefault(row.case_id, []).append(row.node)
    fields = []
    for scheme in sorted(schemes, key=lambda scheme: (scheme.order, scheme.pk)):
        carried = schemes[scheme]
        common = set.intersection(*({node.pk for node in carried.get(case.pk, ())} for case in cases))
        cells = [Cell(parts=tuple((n.name, n.pk in common) for n in carried.get(case.pk, ()))) for case in cases]
        fields.append(Field(scheme.name, cells))
    return fields


def safeguard_rows(cases):
    rows = Safeguard.objects.filter(case__in=cases).select_related("technique", "failure_mode")
    said, techniques = {}, {}
    for row in rows.order_by("technique__order", "technique_id"):
        techniques[row.technique_id] = row.technique.name
        mode = f" ({row.failure_mode.name})" if row.failure_mode else ""
        said[row.technique_id, row.case_id] = f"{row.get_outcome_display()}{mode}; deployed: {row.deployed}"
    return [plain(name, cases, lambda case, pk=pk: said.get((pk, case.pk), "")) for pk, name in techniques.items()]
