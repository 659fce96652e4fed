"""Who has a case, and until when."""

from django import forms

from registry.models import Person


class PlanForm(forms.Form):
    """An owner by user name, a day, and the version the person looked at; an empty field takes away."""

    owner = forms.CharField(label="Who has it", required=False, max_length=60)
    due_on = forms.DateField(
        label="Due on", required=False, error_messages={"invalid": "Write the day as 2026-11-30, or choose it."}
    )
    version_read = forms.IntegerField(required=False, min_value=1)

    def clean_owner(self):
        name = self.cleaned_data["owner"].strip().removeprefix("@")
        person = Person.objects.active().filter(username__iexact=name).first() if name else None
        if name and person is None:
            raise forms.ValidationError(f"Nobody here is called “{name}”; write a user name.")
        return person
