"""Who else writes in a draft."""

import re

from django import forms
from django.core.exceptions import ValidationError

from registry.models import Person

MOST = 20


class ShareForm(forms.Form):
    """User names to add in `people`, or one to take off in `remove`; cleans both to people."""

    people = forms.CharField(
        label="Add somebody by user name",
        help_text="Several names are separated by commas.",
        required=False,
        max_length=1000,
        widget=forms.TextInput(attrs={"list": "writers", "autocomplete": "off"}),
    )
    remove = forms.CharField(required=False, max_length=60, widget=forms.HiddenInput)

    def __init__(self, *args, draft, **kwargs):
        super().__init__(*args, **kwargs)
        self.draft = draft

    @property
    def removing(self):
        return bool(self.cleaned_data.get("remove"))

    def clean_people(self):
        names = [name for name in re.split(r"[,;\s]+", self.cleaned_data["people"]) if name]
        if len(names) > MOST:
            raise ValidationError(f"At most {MOST} at once.")
        return [named(name) for name in names]

    def clean(self):
        cleaned = super().clean()
        if self.removing:
            cleaned["people"] = [named(cleaned["remove"])]
        elif not cleaned.get("people") and "people" not in self.errors:
            self.add_error("people", "Write a user name.")
        return cleaned

    def place_errors(self, error):
        messages = [text for texts in error.message_dict.values() for text in texts]
        self.add_error("people", ValidationError(messages))


def named(username):
    person = Person.objects.filter(username__iexact=username).first()
    if person is None:
        raise ValidationError(f"Nobody here has the user name “{username[:60]}”.")
    return person
