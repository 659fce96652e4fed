"""Naming a saved view."""

from django import forms


class ViewForm(forms.Form):
    """A name and who may use it; the filters come from the list."""

    name = forms.CharField(label="Name", max_length=60)
    shared = forms.BooleanField(
        label="Share with everyone",
        required=False,
        help_text="Others find it among their tabs; each sees only the cases they may see.",
    )


class NewViewForm(ViewForm):
    query = forms.CharField(max_length=4000, required=False, widget=forms.HiddenInput)
    as_default = forms.BooleanField(label="Open my list with it", required=False)
