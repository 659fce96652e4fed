"""The forms around a merge, and what of a case changed while somebody looked at them."""

from django import forms

from registry.actions import rows
from registry.models import Case


class MergeForm(forms.Form):
    """What the person saw, and why they merge."""

    state = forms.CharField(max_length=64, widget=forms.HiddenInput)
    kept_version = forms.IntegerField(min_value=1, widget=forms.HiddenInput)
    merged_version = forms.IntegerField(min_value=1, widget=forms.HiddenInput)
    reason = forms.CharField(
        label="Why are the two one case?",
        help_text="Kept in the history of both.",
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class UnmergeForm(forms.Form):
    reason = forms.CharField(
        label="Why are they two cases after all?",
        help_text="Kept in the history of both.",
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


def initial(kept, merged):
    """What MergeForm starts from."""
    state = rows.state({kept.pk, merged.pk})
    return {"state": state, "kept_version": kept.version, "merged_version": merged.version}


def changed_since(case, version):
    """What of a case changed since `version`, as a list of field names; empty if only rows beside it did."""
    then = case.events.filter(version=version).order_by("-pgh_id").first()
    if then is None or case.version == version:
        return []
    names = [field.name for field in Case._meta.concrete_fields if hasattr(then, field.attname)]
    left_out = {"id", "version", "updated_at"}
    changed = [n for n in names if n not in left_out and getattr(then, attname(n)) != getattr(case, attname(n))]
    return [str(Case._meta.get_field(name).verbose_name) for name in changed]


def attname(name):
    return Case._meta.get_field(name).attname
