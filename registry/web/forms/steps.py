"""What a step in a case's life asks for."""

from django import forms
from django.utils.html import format_html

from registry.choices import Scope, Triage
from registry.models import Person
from registry.web.forms import triage_words
from registry.web.forms.case import TierField
from registry.web.forms.placing import PlacedErrors
from registry.web.forms.words import LABELLERS
from taxonomy.models import SeverityTier


class StepForm(PlacedErrors):
    """The version the person looked at, and a reason where the step wants one."""

    version_read = forms.IntegerField(required=False, widget=forms.HiddenInput, min_value=1)
    reason = forms.CharField(
        label="Reason",
        help_text="Kept in the history for good.",
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args, step, case, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["version_read"].initial = case.version
        if not step.asks_reason:
            del self.fields["reason"]

    def values(self):
        """The arguments of the step's action."""
        return {name: value for name, value in self.cleaned_data.items() if name != "version_read"}

    def place_errors(self, error):
        super().place_errors(error)
        for missing in getattr(error, "missing", ()):
            self.add_error(missing.field if missing.field in self.fields else None, missing.message)


class AcceptForm(StepForm):
    """Accepting says what the case is, how bad it could have been and who owns it: all that a newcomer decides."""

    field_order = ("version_read", "triage", "scope", "potential_severity", "owner")

    triage = forms.ChoiceField(label="What is it?", choices=Triage.choices, widget=forms.RadioSelect)
    scope = forms.ChoiceField(label="Does it belong here?", choices=Scope.choices, widget=forms.RadioSelect)
    owner = forms.ModelChoiceField(
        Person.objects.active().filter(role__in=LABELLERS).order_by("name", "pk"),
        label="Who owns it",
        empty_label=None,
    )
    potential_severity = TierField(label="Potential harm: what could plausibly have happened")

    def __init__(self, *args, case, person, **kwargs):
        super().__init__(*args, case=case, **kwargs)
        self.fields["owner"].initial = case.owner_id or person.pk
        self._explain("triage", triage_words.TRIAGE, case.triage, "Say what it is; “unclear” is an answer.")
        self._explain("scope", triage_words.SCOPE, case.scope, "Say whether it belongs here.")
        field = self.fields["potential_severity"]
        field.required, field.initial = True, case.potential_severity_id
        field.error_messages["required"] = "Say how bad it could have been."
        tiers = list(SeverityTier.objects.order_by("rank"))
        field.explain(tiers, potential=True)
        field.descriptions = {key: anchored(text, tiers, key) for key, text in field.descriptions.items()}
        field.choices = list(field.choices)[1:]

    def _explain(self, name, meanings, initial, required):
        field = self.fields[name]
        field.initial, field.error_messages["required"] = initial, required
        field.descriptions = {value: meaning.html() for value, meaning in meanings.items()}


def anchored(criteria, tiers, key):
    """What stands beside a tier, with a case whose harm was as bad as that."""
    example = next(tier.example for tier in tiers if str(tier.pk) == key)
    words = '{} <span class="eg"><b>As bad as</b> {}</span>'
    return format_html(words, criteria, example) if example else criteria


def step_form(step, case, person, data=None):
    if step.slug == "accept":
        return AcceptForm(data, step=step, case=case, person=person)
    return StepForm(data, step=step, case=case)
