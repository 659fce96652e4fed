"""What a step in a case's life asks for."""

from django import forms
from django.core.exceptions import ValidationError

from registry.models import Person
from registry.web.forms.case import TierField
from registry.web.forms.words import LABELLERS
from taxonomy.models import SeverityTier


class StepForm(forms.Form):
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
        by_field = error.message_dict if hasattr(error, "error_dict") else {None: error.messages}
        for name, messages in by_field.items():
            self.add_error(name if name in self.fields else None, ValidationError(messages))
        for missing in getattr(error, "missing", ()):
            self.add_error(missing.field if missing.field in self.fields else None, missing.message)


class AcceptForm(StepForm):
    """Accepting names an owner and says how bad it could have been."""

    owner = forms.ModelChoiceField(
        Person.objects.active().filter(role__in=LABELLERS).order_by("name", "pk"),
        label="Who owns it",
        empty_label=None,
    )
    potential_severity = TierField(label="Potential harm: what could plausibly have happened")

    def __init__(self, *args, case, person, **kwargs):
        super().__init__(*args, case=case, **kwargs)
        self.fields["owner"].initial = case.owner_id or person.pk
        field = self.fields["potential_severity"]
        field.required, field.initial = True, case.potential_severity_id
        field.error_messages["required"] = "Say how bad it could have been."
        field.explain(list(SeverityTier.objects.order_by("rank")), potential=True)
        field.choices = list(field.choices)[1:]


def step_form(step, case, person, data=None):
    if step.slug == "accept":
        return AcceptForm(data, step=step, case=case, person=person)
    return StepForm(data, step=step, case=case)
