"""Where messages go and what they tell."""

from django import forms

from registry.choices import ChangeOf
from registry.outbound.guard import LONGEST

# In the plural, as one chooses them.
KINDS = {
    ChangeOf.CASE: "Cases",
    ChangeOf.LABEL: "Labels",
    ChangeOf.CLASSIFICATION: "Classifications",
    ChangeOf.SAFEGUARD: "Safeguards",
    ChangeOf.EVIDENCE: "Evidence",
    ChangeOf.COMMENT: "Comments",
    ChangeOf.LINK: "Links",
    ChangeOf.MITIGATION: "Mitigations",
    ChangeOf.NODE: "Nodes",
    ChangeOf.SCHEME: "Schemes",
}


class WebhookForm(forms.Form):
    name = forms.CharField(
        label="Name", max_length=60, help_text="What receives the messages, such as “ticket system”."
    )
    url = forms.CharField(
        label="Address",
        max_length=LONGEST,
        widget=forms.URLInput(attrs={"placeholder": "https://hooks.example.org/registry"}),
        help_text="It begins with https:// and is on the public internet, unless the operator allows it.",
    )
    kinds = forms.MultipleChoiceField(
        label="What is it told of?",
        choices=[(kind.value, word) for kind, word in KINDS.items()],
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="Choose none, and it is told of everything.",
    )
