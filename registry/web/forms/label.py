"""What one rater says of one node in one case."""

from django import forms
from django.core.exceptions import ValidationError

from registry.choices import Grounds, LoadBearing, Stance
from registry.filters import find_node
from registry.web.forms.placing import PlacedErrors

STANCE_WORDS = [(Stance.PRESENT, "Applies"), (Stance.ABSENT, "Does not apply"), (Stance.UNSURE, "Cannot tell")]
GROUNDS_WORDS = {
    Grounds.SPECULATIVE: "A guess that fits what is known.",
    Grounds.INFERRED: "Follows from what was observed.",
    Grounds.DOCUMENTED: "Somebody who could know wrote it down.",
    Grounds.REPRODUCED: "Shown again on purpose.",
}


class NodeField(forms.CharField):
    """A node by its key, `scheme:slug`; cleans to the node."""

    widget = forms.HiddenInput

    def clean(self, value):
        return find_node(super().clean(value))


def criteria_field(node):
    return forms.MultipleChoiceField(
        label="Which of its conditions are shown?",
        help_text="It applies only where each is shown by itself; tick what the evidence shows, nothing more.",
        choices=[(words, words) for words in node.applies_when],
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )


class LabelForm(PlacedErrors):
    node = NodeField(label="Label", max_length=130)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0, max_value=2**31 - 1)
    stance = forms.ChoiceField(label="Does it apply?", choices=STANCE_WORDS, widget=forms.RadioSelect)
    confidence = forms.IntegerField(
        label="Confidence", help_text="0 to 100; empty when you would rather not say.", required=False
    )
    grounds = forms.ChoiceField(
        label="Grounds", choices=Grounds.choices, initial=Grounds.INFERRED, widget=forms.RadioSelect
    )
    load_bearing = forms.ChoiceField(
        label="Would it have happened without this?",
        choices=[
            (LoadBearing.YES, "No, this carries it"),
            (LoadBearing.NO, "Yes, all the same"),
            (LoadBearing.UNKNOWN, "Cannot tell"),
        ],
        initial=LoadBearing.UNKNOWN,
        widget=forms.RadioSelect,
    )
    rationale = forms.CharField(
        label="Why you think so", required=False, max_length=10_000, widget=forms.Textarea(attrs={"rows": 3})
    )
    quote = forms.CharField(
        label="Quoted evidence",
        help_text="The passage that shows it, word for word.",
        required=False,
        max_length=10_000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, *args, node=None, **kwargs):
        """`node` is the one the form is about; where it needs all its criteria, each is asked for by itself."""
        super().__init__(*args, **kwargs)
        if node and node.needs_all_criteria:
            self.fields["criteria_shown"] = criteria_field(node)
        self.fields["grounds"].descriptions = GROUNDS_WORDS
        confidence = self.fields["confidence"]
        confidence.min_value, confidence.max_value = 0, 100
        confidence.widget.attrs |= {"min": 0, "max": 100, "inputmode": "numeric"}

    def clean_version(self):
        """Whoever names no version has seen no label of theirs."""
        return self.cleaned_data["version"] or 0

    def clean_confidence(self):
        confidence = self.cleaned_data["confidence"]
        if confidence is not None and not 0 <= confidence <= 100:
            raise ValidationError("Confidence lies between 0 and 100.")
        return confidence

    def values(self):
        return self.cleaned_data


def said(label):
    """The form's initial values for a label given before."""
    names = ("version", "stance", "confidence", "grounds", "load_bearing", "rationale", "quote", "criteria_shown")
    return {"node": label.node.key, **{name: getattr(label, name) for name in names}}
