"""What somebody says about a case."""

from django import forms

from registry.actions.comments import LONGEST


class CommentForm(forms.Form):
    """A text, the comment it answers, and the version somebody read before changing one."""

    text = forms.CharField(label="Add a comment", strip=False, widget=forms.Textarea(attrs={"rows": 3}))
    answers = forms.IntegerField(required=False, min_value=1, max_value=2**31 - 1, widget=forms.HiddenInput)
    version_read = forms.IntegerField(required=False, min_value=1, widget=forms.HiddenInput)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        field = self.fields["text"]
        field.error_messages["required"] = "Write something first."
        field.widget.attrs["maxlength"] = LONGEST
