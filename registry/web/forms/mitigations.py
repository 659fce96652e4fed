"""What is asked of a mitigation."""

import re

from django import forms
from django.core.exceptions import ValidationError

from registry.actions.mitigations import BY_ITS_OWNER, STEPS
from registry.choices import Effect, MitigationState
from registry.models import Person
from registry.web.forms.placing import PlacedErrors
from registry.web.mitigations_page import named_case
from taxonomy.models import Node, SchemeKind

MOST_CASES = 20
STATE_WORDS = {
    MitigationState.PROPOSED: "Somebody thinks it would help.",
    MitigationState.ACCEPTED: "It will be done; somebody owns it.",
    MitigationState.IN_PROGRESS: "Somebody is at it.",
    MitigationState.DONE: "It is in place.",
    MitigationState.WILL_NOT_DO: "Decided against; say why in the description.",
}


class NodeField(forms.ModelChoiceField):
    """A current node of a scheme of mitigations, families first."""

    def label_from_instance(self, node):
        return f"{node.parent.name}: {node.name}" if node.parent else node.name


class MitigationForm(PlacedErrors):
    version_read = forms.IntegerField(required=False, widget=forms.HiddenInput, min_value=1)
    title = forms.CharField(label="What is to be done", max_length=200)
    cases = forms.CharField(label="Which cases it answers", help_text="Their numbers, between commas.", max_length=400)
    description = forms.CharField(
        label="Details", required=False, max_length=10_000, widget=forms.Textarea(attrs={"rows": 4})
    )
    node = NodeField(
        Node.objects.filter(scheme__kind=SchemeKind.MITIGATION, retired_at=None)
        .select_related("parent", "scheme")
        .order_by("scheme__order", "order", "pk"),
        label="Kind of mitigation",
        required=False,
        empty_label="Not said",
    )
    state = forms.ChoiceField(label="State", choices=MitigationState.choices, widget=forms.RadioSelect)
    owner = forms.ModelChoiceField(
        Person.objects.active().order_by("name", "pk"), label="Owner", required=False, empty_label="Nobody yet"
    )
    due_on = forms.DateField(
        label="Due", required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    effect = forms.ChoiceField(
        label="Did it help?",
        help_text="Verified once it is done; “unknown” until then.",
        choices=Effect.choices,
        widget=forms.RadioSelect,
    )
    effect_note = forms.CharField(
        label="How that was checked", required=False, max_length=10_000, widget=forms.Textarea(attrs={"rows": 2})
    )

    def __init__(self, *args, person, mitigation=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.person = person
        state = self.fields["state"]
        state.descriptions = STATE_WORDS
        if mitigation is None:
            state.choices = MitigationState.choices[:3]
            for name in ("version_read", "effect", "effect_note"):
                del self.fields[name]
            return
        del self.fields["cases"]
        state.choices = [row for row in MitigationState.choices if row[0] in open_to(mitigation.state)]
        if mitigation.node_id and mitigation.node.retired_at:
            self.fields["node"].queryset |= Node.objects.filter(pk=mitigation.node_id)
        if not person.may_label:
            for name in set(self.fields) - {*BY_ITS_OWNER, "version_read"}:
                del self.fields[name]

    def clean_cases(self):
        texts = [text for text in re.split(r"[,;\s]+", self.cleaned_data["cases"]) if text]
        if len(texts) > MOST_CASES:
            raise ValidationError(f"At most {MOST_CASES} cases at once.")
        cases = {text: named_case(self.person, text) for text in texts}
        if unknown := [text for text, case in cases.items() if case is None]:
            raise ValidationError([f"There is no case “{text[:40]}”." for text in unknown])
        return list({case.pk: case for case in cases.values()}.values())

    def values(self):
        """The arguments of the action; what empty means is said there."""
        return {name: value for name, value in self.cleaned_data.items() if name != "version_read"}


def open_to(state):
    """The states a mitigation may have after a change: as it is, or one step on."""
    return (state, *STEPS[MitigationState(state)])


def initial_of(mitigation):
    names = ("title", "description", "node", "state", "owner", "due_on", "effect", "effect_note")
    return {name: getattr(mitigation, name) for name in names} | {"version_read": mitigation.version}
