"""Where messages go and what they tell."""

from django import forms

from registry.choices import ChangeOf
from registry.outbound.guard import LONGEST


class WebhookForm(forms.Form):
    name = forms.CharField(label="Name", max_length=60, help_text="What receives it.")
    url = forms.CharField(
        label="Address",
        max_length=LONGEST,
        widget=forms.URLInput(attrs={"placeholder": "https://hooks.example.org/registry"}),
        help_text="Starts with https:// and is on the public internet.",
    )
    kinds = forms.MultipleChoiceField(
        label="Tell it of",
        choices=ChangeOf.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="Choose none to tell it of everything.",
    )
