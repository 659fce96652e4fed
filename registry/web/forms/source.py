"""The facts of a source."""

from django import forms

from registry.actions.sources import EDITABLE, state_of
from registry.choices import SourceKind, Verification
from registry.web.forms.placing import PlacedErrors

KIND_WORDS = {
    SourceKind.PRIMARY: "By somebody who was there or has the data.",
    SourceKind.SECONDARY: "About what others found.",
    SourceKind.DATABASE: "A record of another registry.",
    SourceKind.INTERNAL: "Not public: a ticket, a report, a memo.",
}
SEEN_WORDS = {
    Verification.SEEN: "Somebody here has read it.",
    Verification.NOT_SEEN: "Named by others; nobody here has read it.",
}


class SourceForm(PlacedErrors):
    seen = forms.CharField(max_length=16, required=False, widget=forms.HiddenInput)
    title = forms.CharField(label="Title", max_length=500)
    publisher = forms.CharField(label="Publisher", max_length=200, required=False)
    published_on = forms.DateField(
        label="Published on", required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    kind = forms.ChoiceField(label="What kind of source", choices=SourceKind.choices, widget=forms.RadioSelect)
    verification = forms.ChoiceField(label="Seen by us?", choices=Verification.choices, widget=forms.RadioSelect)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["kind"].descriptions = KIND_WORDS
        self.fields["verification"].descriptions = SEEN_WORDS

    def values(self):
        return self.cleaned_data


def form_for(source, data=None):
    facts = {name: getattr(source, name) for name in EDITABLE}
    return SourceForm(data, initial=facts | {"seen": state_of(source)})
