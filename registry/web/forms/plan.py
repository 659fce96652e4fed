"""Who has a case, and until when."""

from django import forms

from registry.models import Person


class PlanForm(forms.Form):
    """An owner by user name, a day, and the version the person looked at; an empty owner or day takes away."""

    owner = forms.CharField(label="Who has it", required=False, max_length=60)
    due_on = forms.DateField(
        label="Due on", required=False, error_messages={"invalid": "Write the day as 2026-11-30, or choose it."}
    )
    # Without it an empty form would let go of the owner and the day of a case nobody looked at.
    version_read = forms.IntegerField(
        min_value=1,
        error_messages={
            "required": "Nothing is changed: the request did not say what you looked at. Open the page again."
        },
    )

    def clean_owner(self):
        name = self.cleaned_data["owner"].strip().removeprefix("@")
        person = Person.objects.active().filter(username__iexact=name).first() if name else None
        if name and person is None:
            raise forms.ValidationError(f"Nobody here is called “{name}”; write a user name.")
        return person
