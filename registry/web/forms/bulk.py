"""What a change of many cases asks for."""

from django import forms
from django.core.exceptions import ValidationError

from registry.actions import bulk
from registry.actions.bulk_changes import STEPS
from registry.choices import BulkAction, Grounds
from registry.filters import find_node
from registry.models import Person
from registry.web.forms.label import GROUNDS_WORDS
from registry.web.forms.words import LABELLERS
from taxonomy.models import Node


def people_who_own():
    return Person.objects.active().filter(role__in=LABELLERS).order_by("name", "pk")


SUGGESTIONS = "suggestions"


def suggested():
    """A text field with suggestions: those of the form, in a datalist that its page holds."""
    return forms.TextInput(attrs={"list": SUGGESTIONS, "autocomplete": "off"})


class BulkForm(forms.Form):
    """One thing done to many cases; `arguments()` is what the action keeps, ids only.

    `suggestions` are pairs of a value and what it means, for a field that takes others as well.
    """

    suggestions = ()

    def __init__(self, *args, person, numbers, **kwargs):
        super().__init__(*args, **kwargs)
        self.person, self.numbers = person, numbers


class AssignForm(BulkForm):
    owner = forms.ModelChoiceField(people_who_own(), label="Who owns them from now on", empty_label=None)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["owner"].initial = self.person.pk

    def arguments(self):
        return {"owner": self.cleaned_data["owner"].pk}


class NodeByName(forms.CharField):
    """A node by its key or its name; cleans to the node."""

    def clean(self, value):
        value = super().clean(value)
        named = Node.objects.filter(name__iexact=value, retired_at=None).select_related("scheme")[:2]
        return named[0] if len(named) == 1 else find_node(value)


class LabelForm(BulkForm):
    node = NodeByName(
        label="Label",
        help_text="Start to write its name; the key, scheme:node, is what counts.",
        max_length=130,
        widget=suggested(),
    )
    confidence = forms.IntegerField(
        label="How sure you are",
        help_text="0 to 100; empty when you would rather not say.",
        required=False,
        min_value=0,
        max_value=100,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )
    grounds = forms.ChoiceField(
        label="Grounds", choices=Grounds.choices, initial=Grounds.INFERRED, widget=forms.RadioSelect
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["grounds"].descriptions = GROUNDS_WORDS
        nodes = Node.objects.filter(retired_at=None).select_related("scheme").order_by("scheme__order", "order", "name")
        self.suggestions = [(node.key, f"{node.name} · {node.scheme.name}") for node in nodes]

    def arguments(self):
        given = self.cleaned_data
        return {"node": given["node"].pk, "confidence": given["confidence"], "grounds": given["grounds"]}


class StatusForm(BulkForm):
    step = forms.ChoiceField(label="What happens to them", widget=forms.RadioSelect)
    owner = forms.ModelChoiceField(
        people_who_own(),
        label="Who owns those that nobody owns yet",
        help_text="For accepting only; whoever owns a case keeps it.",
        empty_label=None,
    )
    reason = forms.CharField(
        label="Reason",
        help_text="Needed to return, reopen or withdraw; kept in each case's history for good.",
        required=False,
        max_length=1900,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        at = bulk.statuses(self.person, self.numbers)
        fitting = {slug: sum(at.get(status, 0) for status in step.frm) for slug, step in STEPS.items()}
        field = self.fields["step"]
        field.choices = [(slug, step.words) for slug, step in STEPS.items()]
        field.initial = max(fitting, key=fitting.get)
        field.descriptions = {slug: f"{fits(fitting[slug])} {way_back(step)}" for slug, step in STEPS.items()}
        self.fields["owner"].initial = self.person.pk

    def clean(self):
        given = super().clean()
        step = STEPS.get(given.get("step"))
        if step and step.asks_reason and not given.get("reason", "").strip():
            self.add_error("reason", ValidationError("Give a reason; it is kept in the history."))
        return given

    def arguments(self):
        given = self.cleaned_data
        owner = given["owner"].pk if given["step"] == "accept" else None
        return {"step": given["step"], "reason": given["reason"].strip(), "owner": owner}


def fits(n):
    if not n:
        return "None of them stands where this leads on."
    return f"Leads on from where {n:,} of them {'stands' if n == 1 else 'stand'}."


def way_back(step):
    if not step.no_way_back:
        return "Can be undone."
    return f"{'Can be undone in part' if step.back else 'Cannot be undone'}: {lower_first(step.no_way_back)}"


def lower_first(words):
    return words[0].lower() + words[1:]


class EventGroupForm(BulkForm):
    event_group = forms.CharField(
        label="The event they report",
        help_text="One that has a name already, or a new name. Statistics count the event once.",
        max_length=200,
        widget=suggested(),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        groups = bulk.event_groups_seen(self.person)[:300]
        self.suggestions = [(group.name, "") for group in groups]

    def arguments(self):
        name = self.cleaned_data["event_group"].strip()
        known = bulk.event_groups_seen(self.person).filter(name__iexact=name).first()
        return {"event_group": known.pk} if known else {"new_event_group": name}


FORMS = {
    BulkAction.ASSIGN: AssignForm,
    BulkAction.LABEL: LabelForm,
    BulkAction.STATUS: StatusForm,
    BulkAction.EVENT_GROUP: EventGroupForm,
}
