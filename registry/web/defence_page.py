"""The page of defence in depth: the published matrix, what cases say beside it, and what follows from both."""

from django.urls import reverse

from registry.models import PatternRun
from registry.patterns import safeguard_sentences as sentences
from registry.web import defence_cases, defence_matrix
from registry.web.tables import csv_url

TABLES = ("matrix", "outcomes", "joint", "fails", "portfolio")
CHOICES = {"portfolio": ("portfolio", "t"), "layers": ("l",), "fails": ("fails",)}


def context(request, run):
    reference = defence_matrix.Reference()
    recorded = defence_cases.Recorded(run, reference)
    section = defence_cases.layers_section(recorded, defence_cases.layers_in(recorded, request.GET))
    latest = run is not None and run == PatternRun.objects.standard().first()
    return {
        "run": run,
        "latest": latest,
        "reference": reference,
        "legend": reference.legend(),
        "lead": lead(reference),
        "lead_of_cases": lead_of_cases(section),
        "recorded": recorded,
        "recorded_words": sentences.recorded_words(recorded.n_events, run.n_groups) if run else "",
        "rows": defence_cases.outcome_rows(recorded, reference),
        "ticks": defence_cases.TICKS,
        "joint": defence_cases.joint_section(recorded),
        "layers": section,
        "fails": defence_cases.fails_section(recorded, defence_cases.fails_in(recorded, request.GET)),
        "what_if": defence_matrix.what_if(reference, defence_matrix.chosen_in(reference, request.GET)),
        "limits": sentences.LIMITS,
        "others": {name: kept(request.GET, but=own) for name, own in CHOICES.items()},
        "files": {name: csv_url(request, table=name) for name in TABLES},
        "edit_url": reverse("admin:taxonomy_referencecell_changelist") if request.user.is_administrator else "",
        "may_edit": request.user.may_label,
    }


def lead(reference):
    """What the matrix says of the techniques that share most; empty without a matrix."""
    places = defence_matrix.alike(reference)
    n_open = len(defence_matrix.left_open(reference, places))
    if len(places) < 2 or not n_open:
        return ""
    names = [reference.techniques[place].name for place in places]
    return sentences.alike_words(names, len(reference.techniques), n_open)


def lead_of_cases(section):
    """What cases say of the layers counted; empty where too few tell, or where nothing correlates."""
    if not section or not section.get("measures") or not section["found"].mean_phi > 0:
        return ""
    return sentences.behave_words(section["m"], section["measures"][0]["layers"], section["n"])


def kept(query, *, but):
    """What the other forms of the page had chosen: [(name, value)], for hidden fields."""
    names = [name for own in CHOICES.values() for name in own if name not in but]
    return [(name, value) for name in names for value in query.getlist(name) if "\x00" not in value][:60]
