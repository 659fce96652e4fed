"""What a rater says of a case as a whole, when they submit their rating."""

from django import forms

from taxonomy.models import Scheme, SeverityTier


class TierField(forms.ModelChoiceField):
    def __init__(self, **kwargs):
        super().__init__(SeverityTier.objects.order_by("rank"), required=False, empty_label="Not rated", **kwargs)
        self.widget.attrs["class"] = "field"


class RatingForm(forms.Form):
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=2**31 - 1)
    schemes = forms.ModelMultipleChoiceField(Scheme.objects.all(), required=False)
    realised_severity = TierField(label="Realised harm", help_text="What happened.")
    potential_severity = TierField(label="Potential harm", help_text="What could have happened.")
