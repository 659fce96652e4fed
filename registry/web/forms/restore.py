"""What restoring a field asks for."""

from django import forms


class RestoreForm(forms.Form):
    """The version of the case the person looked at, and why they bring the old text back."""

    version_read = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=2**31 - 1)
    reason = forms.CharField(
        label="Why bring it back",
        required=False,
        max_length=500,
        widget=forms.TextInput(attrs={"placeholder": "Kept in the history"}),
    )
