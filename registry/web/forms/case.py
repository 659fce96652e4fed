"""The form of a case: the same for logging one, finishing a draft and editing."""

from django import forms
from django.forms.models import fields_for_model

from registry.actions.parties import split_names
from registry.choices import PartyRole, Precision, Visibility
from registry.models import Case, Person
from registry.models.case import NARRATIVE_FIELDS
from registry.web.forms import when, words
from registry.web.forms.placing import PlacedErrors
from registry.web.forms.rows import NamesField, PairsField, PairsWidget, SourcesField
from taxonomy.models import SeverityTier

PLAIN = (
    *NARRATIVE_FIELDS,
    "stage",
    "human_gap",
    "outer_gap",
    "inner_gap",
    "locus",
    "predictability",
    "predictability_reason",
    "warning_url",
    "warned_on",
    "triage",
    "scope",
    "realised_rationale",
    "potential_rationale",
)
GAPS = ("human_gap", "outer_gap", "inner_gap")
SYSTEMS = {"second": "version", "words": ("Name or alias", "Version", "Add another system"), "suggestions": "systems"}
SOURCES = {"second": "source_title", "words": ("https://", "Title", "Add another source"), "kind": "url"}
# The action's name of what a form field holds, where they differ.
FIELD_OF = {
    "occurred_from": "occurred",
    "occurred_to": "occurred_until",
    "occurred_precision": "occurred",
    "systems": "system",
    "team": "visibility",
}
TEAM_PREFIX = "team:"


class TierField(forms.ModelChoiceField):
    """A severity tier by radio buttons, each with its criteria and example beside it."""

    widget = forms.RadioSelect

    def __init__(self, **options):
        super().__init__(SeverityTier.objects.order_by("rank"), required=False, empty_label="Not set", **options)

    def explain(self, tiers, *, potential=False):
        self.choices = [("", "Not set"), *((tier.pk, tier.name) for tier in tiers)]
        self.ranks = {str(tier.pk): tier.rank for tier in tiers}
        self.descriptions = {str(tier.pk): beside(tier, potential=potential) for tier in tiers}


def beside(tier, *, potential):
    """What stands beside a tier: its criteria for harm done with an example, or those for harm that could follow."""
    done, divided, could = tier.criteria.partition(" As potential harm: ")
    if potential and divided:
        return could[:1].upper() + could[1:]
    return " ".join(filter(None, (done, tier.example)))


class PeopleField(forms.ModelMultipleChoiceField):
    widget = forms.CheckboxSelectMultiple

    def label_from_instance(self, person):
        return f"{person.name} ({person.username})"


class CaseForm(PlacedErrors):
    """Fields in the order of the page. Nothing but the title is needed for a draft; see `need_everything`."""

    # The page's order, for the list of errors above the form.
    field_order = ("title", "observed_behaviour")
    field_of = FIELD_OF

    version_read = forms.IntegerField(required=False, widget=forms.HiddenInput, min_value=1)
    # What each field of a draft held when the page was made, as digests; see draft_answers.py.
    digests_read = forms.CharField(required=False, widget=forms.HiddenInput, max_length=50_000)
    title = forms.CharField(
        label="What happened?",
        min_length=6,
        max_length=200,
        help_text="Say the behaviour, not the cause. You can change this later.",
        widget=forms.Textarea(attrs={"rows": 1}),
    )
    system = PairsField(
        label="Which system?",
        help_text="A name or an alias. Write “unknown” where you do not know it; the version may stay empty.",
        widget=PairsWidget(**SYSTEMS),
        needed="Name the system this version belongs to.",
    )
    precision = forms.ChoiceField(
        label="How exactly do you know it?",
        required=False,
        choices=[(value, value.capitalize()) for value in Precision.values],
        widget=forms.RadioSelect,
        initial=Precision.DAY,
    )
    occurred = forms.CharField(label="When did it happen?", required=False, max_length=60, help_text=when.HOW)
    occurred_until = forms.CharField(label="Until when, if it lasted", required=False, max_length=60)
    kind = forms.ChoiceField(
        label="What kind of case is it?",
        required=False,
        choices=words.KINDS,
        widget=forms.RadioSelect,
    )
    visibility = forms.ChoiceField(
        label="Who may see it?",
        choices=[],
        initial=Visibility.EVERYONE,
    )
    readers = PeopleField(Person.objects.none(), label="Named people", required=False)
    realised_severity = TierField(label="Realised harm: what did happen")
    potential_severity = TierField(label="Potential harm: what could plausibly have happened")
    developers = NamesField(label="Developer", help_text="Who made the system; one name a line.")
    deployers = NamesField(label="Deployer", help_text="Who put it to use.")
    affected = NamesField(label="Affected", help_text="Who was or would have been affected.")
    sources = SourcesField(
        label="Sources",
        help_text="A link, a title or both. An address known already keeps the title it has.",
        widget=PairsWidget(**SOURCES),
    )
    warning_url = forms.URLField(
        label="Link to the earlier warning",
        required=False,
        max_length=1000,
        assume_scheme="https",
        help_text="A paper, a report, a ticket: where somebody said that this could happen.",
        widget=forms.URLInput(attrs={"placeholder": "https://"}),
    )
    warned_on = forms.DateField(
        label="When it was published",
        required=False,
        help_text="Shows how long before the case the warning came.",
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
    )
    owner = forms.ModelChoiceField(Person.objects.none(), label="Owner", required=False, empty_label="Nobody yet")
    reason = forms.CharField(
        label="Why this change",
        required=False,
        max_length=500,
        widget=forms.TextInput(attrs={"placeholder": "Why this change? Kept in the history"}),
    )

    def __init__(self, *args, person, tiers, people, teams=(), **kwargs):
        super().__init__(*args, **kwargs)
        declared = fields_for_model(Case, fields=[name for name in PLAIN if name not in self.fields])
        for name, field in declared.items():
            field.required = False
            self.fields[name] = field
        self.fields["observed_behaviour"].widget.attrs["rows"] = 6
        self.order_fields(self.field_order)
        self.teams = {f"{TEAM_PREFIX}{team.pk}": team for team in teams}
        self._arrange(person, tiers, people)

    def _arrange(self, person, tiers, people):
        self.fields["visibility"].choices = [
            (Visibility.EVERYONE, "everyone signed in"),
            *((value, f"the team “{team.name}”") for value, team in self.teams.items()),
            (Visibility.NAMED, "named people only"),
        ]
        self.fields["kind"].descriptions = words.KIND_WORDS
        for name, label in words.LABELS.items():
            self.fields[name].label = label
        for name in ("locus", "stage", "triage", "scope", "predictability"):
            self.fields[name].choices = [("", "Not answered yet"), *self.fields[name].choices[1:]]
        self.fields["predictability"].widget = forms.RadioSelect(choices=self.fields["predictability"].choices)
        self.fields["predictability"].descriptions = words.PREDICTABILITY_WORDS
        self.fields["predictability_reason"].example = words.EXAMPLES["predictability_reason"]
        self.fields["readers"].queryset = people.exclude(pk=person.pk)
        self.fields["owner"].queryset = people.filter(role__in=words.LABELLERS)
        for name in GAPS:
            self.fields[name].widget = forms.RadioSelect()
            self.fields[name].choices = words.GAPS
        for name in ("realised_severity", "potential_severity"):
            self.fields[name].explain(tiers, potential=name == "potential_severity")
        for name in NARRATIVE_FIELDS:
            self.fields[name].widget.attrs.setdefault("rows", 3)
            self.fields[name].example = words.EXAMPLES.get(name, "")
        for name in ("realised_rationale", "potential_rationale", "predictability_reason"):
            self.fields[name].widget.attrs["rows"] = 2

    def need_everything(self):
        """Ask the six questions a case needs before it can go to triage."""
        self.submitting = True

    submitting = False

    def clean_occurred(self):
        return self._written("occurred")

    def clean_occurred_until(self):
        return self._written("occurred_until")

    def _written(self, name):
        text = self.cleaned_data[name].strip()
        if not text or self.cleaned_data.get("precision") == Precision.UNKNOWN:
            return None
        return when.parse(text)

    def _clean_names(self, name):
        return split_names(self.cleaned_data[name])

    def clean_developers(self):
        return self._clean_names("developers")

    def clean_deployers(self):
        return self._clean_names("deployers")

    def clean_affected(self):
        return self._clean_names("affected")

    def clean(self):
        cleaned = super().clean()
        first, last = cleaned.get("occurred"), cleaned.get("occurred_until")
        if last and not first and "occurred" not in self.errors:
            self.add_error("occurred", "Say when it began as well.")
        if first and last and last.last < first.first:
            self.add_error("occurred_until", "The last day cannot lie before the first.")
        if self.submitting:
            self._require_answers(cleaned)
        return cleaned

    def _require_answers(self, cleaned):
        needed = {
            "observed_behaviour": "Say what you saw.",
            "system": "Name the system, or tick “The system is unknown”.",
            "kind": "Choose what kind of case it is.",
        }
        for name, message in needed.items():
            if name not in self.errors and not cleaned.get(name):
                self.add_error(name, message)
        dated = cleaned.get("occurred") or cleaned.get("precision") == Precision.UNKNOWN
        if not dated and "occurred" not in self.errors:
            self.add_error("occurred", "Say when it happened, or choose Unknown.")

    def values(self):
        """What the actions take: see EDITABLE and RELATED in actions/cases.py."""
        cleaned = self.cleaned_data
        team = self.teams.get(cleaned["visibility"])
        visibility = Visibility.TEAM if team else cleaned["visibility"]
        owner = {"owner": cleaned["owner"]} if "owner" in self.fields else {}
        return {
            **owner,
            **{name: cleaned[name] for name in ("title", "kind", *PLAIN)},
            "visibility": visibility,
            "team": team,
            **self._dates(),
            "realised_severity": cleaned["realised_severity"],
            "potential_severity": cleaned["potential_severity"],
            "systems": cleaned["system"],
            "developers": cleaned["developers"],
            "deployers": cleaned["deployers"],
            "affected": cleaned["affected"],
            "sources": [{"url": url, "title": title or url} for url, title in cleaned["sources"]],
            "readers": list(cleaned["readers"]) if visibility == Visibility.NAMED else [],
        }

    def _dates(self):
        """A date less exact than the person chose counts as exact as it was written, and the other way round."""
        first, last = self.cleaned_data["occurred"], self.cleaned_data["occurred_until"]
        if first is None:
            return {"occurred_from": None, "occurred_to": None, "occurred_precision": Precision.UNKNOWN}
        chosen = self.cleaned_data.get("precision") or first.precision
        exactness = when.coarser(chosen, first.precision, *([last.precision] if last else []))
        return {
            "occurred_from": when.rounded(first.first, exactness),
            "occurred_to": when.rounded(last.last, exactness, to_end=True) if last else None,
            "occurred_precision": exactness,
        }


def typed(case, *, systems, parties, sources, readers):
    """The form's initial values for a stored case."""
    exactness = case.occurred_precision
    undated = case.occurred_from is None
    return {
        **{name: getattr(case, name) for name in ("title", "kind", *PLAIN)},
        "visibility": f"{TEAM_PREFIX}{case.team_id}" if case.team_id else case.visibility,
        "version_read": case.version,
        "precision": Precision.UNKNOWN if undated else exactness,
        "occurred": "" if undated else when.in_words(case.occurred_from, exactness),
        "occurred_until": "" if undated else when.in_words(case.occurred_to, exactness),
        "realised_severity": case.realised_severity_id,
        "potential_severity": case.potential_severity_id,
        "owner": case.owner_id,
        "system": [(row.system.name, row.version) for row in systems],
        "developers": [row.organisation.name for row in parties if row.role == PartyRole.DEVELOPER],
        "deployers": [row.organisation.name for row in parties if row.role == PartyRole.DEPLOYER],
        "affected": [row.organisation.name for row in parties if row.role == PartyRole.AFFECTED],
        "sources": [(row.source.url, row.source.title) for row in sources],
        "readers": [row.person_id for row in readers],
    }
