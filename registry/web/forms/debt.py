"""Who carries the debt of a case, why, and until when."""

from datetime import timedelta

from django import forms
from django.utils import timezone

from registry import access
from registry.web.forms.placing import PlacedErrors

SUGGESTED_DAYS = 28


class AcceptanceForm(PlacedErrors):
    owner = forms.ModelChoiceField(
        None, label="Who carries it", help_text="People who can see the case.", empty_label=None
    )
    reason = forms.CharField(
        label="Why it may wait",
        help_text="Shown in the ledger and kept in the history.",
        max_length=10_000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    expires_on = forms.DateField(
        label="Until",
        help_text="From this day on it counts again, by itself.",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )

    def __init__(self, *args, case, person, now, **kwargs):
        super().__init__(*args, **kwargs)
        today = timezone.localdate(now)
        self.fields["owner"].queryset = access.people_who_see(case)
        self.fields["owner"].initial = case.owner_id or person.pk
        self.fields["expires_on"].initial = today + timedelta(days=SUGGESTED_DAYS)
        self.fields["expires_on"].widget.attrs["min"] = (today + timedelta(days=1)).isoformat()
