"""What a node says, line by line; a new node, a new scheme; how a node stands to others; a file of a vocabulary."""

from django import forms
from django.core.exceptions import ValidationError

from registry.web.forms.placing import PlacedErrors
from taxonomy.exchanging import BY_ENDING
from taxonomy.formats import LONGEST_FILE
from taxonomy.models import SLUG, DefinitionStatus, Node, Relation, SchemeKind

MOST_LINES = 60
LONGEST_LINE = 2000
FORMATS = {
    "misp": ("MISP machinetag JSON", "A namespace of predicates and values; .json"),
    "turtle": ("SKOS in Turtle", "One concept scheme; .ttl"),
    "json-ld": ("SKOS in JSON-LD", "One concept scheme, its context inside the file; .jsonld"),
}
RELATION_WORDS = {
    Relation.EXACT: "Same as",
    Relation.CLOSE: "Close to",
    Relation.BROAD: "The other is broader",
    Relation.NARROW: "The other is narrower",
    Relation.RELATED: "Related",
}


class Lines(forms.CharField):
    """A list of texts, one on each line; empty lines do not count."""

    def __init__(self, *, longest=LONGEST_LINE, rows=4, **options):
        options["widget"] = forms.Textarea(attrs={"rows": rows})
        self.longest = longest
        super().__init__(required=False, max_length=100_000, **options)

    def prepare_value(self, value):
        return "\n".join(value) if isinstance(value, list) else value

    def to_python(self, value):
        return [line.strip() for line in super().to_python(value).splitlines() if line.strip()]

    def validate(self, value):
        if len(value) > MOST_LINES:
            raise ValidationError(f"{len(value)} lines; at most {MOST_LINES} are kept.")
        for number, line in enumerate(value, start=1):
            if len(line) > self.longest:
                raise ValidationError(f"Line {number} has {len(line)} characters; at most {self.longest} are kept.")

    def run_validators(self, value):
        super().run_validators("\n".join(value))

    def has_changed(self, initial, data):
        return super().has_changed("\n".join(initial or []), data)


def status_field():
    words = {
        DefinitionStatus.FROM_SOURCE: "Restated from the source.",
        DefinitionStatus.RECONSTRUCTED: "From secondary sources; the author’s own text was not seen.",
        DefinitionStatus.PROVISIONAL: "Ours until a source is found.",
    }
    field = forms.ChoiceField(
        label="State of the definition",
        choices=[(value, value.capitalize()) for value in DefinitionStatus.values],
        widget=forms.RadioSelect,
        initial=DefinitionStatus.PROVISIONAL,
    )
    field.descriptions = words
    return field


class Guidance(PlacedErrors):
    """What raters read before they use a node."""

    definition = forms.CharField(
        label="Definition", max_length=10_000, widget=forms.Textarea(attrs={"rows": 4}), help_text="In our own words."
    )
    definition_status = status_field()
    applies_when = Lines(label="Applies when", help_text="One criterion on each line.")
    does_not_apply_when = Lines(
        label="Does not apply when",
        help_text="One on each line. “…: use outer.” at the end of a line links the node of that short name.",
    )
    examples = Lines(label="Examples", help_text="One on each line.")
    aliases = Lines(label="Other names", longest=160, rows=2, help_text="One on each line; search finds them.")
    source = forms.CharField(label="Source", max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 2}))


class EditForm(Guidance):
    version = forms.IntegerField(widget=forms.HiddenInput)
    reason = forms.CharField(
        label="Why you change it", max_length=10_000, widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Kept with this version. For example: raters mixed it up with overfit.",
    )  # fmt: skip


def edit_form(node, data=None):
    said = {name: getattr(node, name) for name in Guidance.base_fields}
    return EditForm(data, initial=said | {"version": node.version})


class NewNode(Guidance):
    """A node of one scheme."""

    name = forms.CharField(label="Name", max_length=160)
    slug = forms.CharField(
        label="Short name", max_length=60, validators=[SLUG], help_text="Stays for ever; part of its address."
    )
    parent = forms.ModelChoiceField(Node.objects.none(), label="Parent", required=False, empty_label="None: topmost")
    field_order = ["name", "slug", "parent"]

    def __init__(self, scheme, data=None, **options):
        super().__init__(data, **options)
        self.fields["parent"].queryset = Node.objects.filter(scheme=scheme, retired_at=None).order_by("order", "name")


class NewScheme(PlacedErrors):
    name = forms.CharField(label="Name", max_length=120)
    slug = forms.CharField(
        label="Short name", max_length=60, validators=[SLUG], help_text="Stays for ever; part of its address."
    )
    kind = forms.ChoiceField(label="What its nodes say of a case", choices=SchemeKind.choices)
    description = forms.CharField(
        label="Description", max_length=5000, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    guidance = Lines(label="How to label with it", help_text="One step on each line.")
    allows_several = forms.BooleanField(label="A case may carry several of its nodes", required=False, initial=True)
    source = forms.CharField(label="Source", max_length=2000, required=False)
    source_url = forms.URLField(label="Address of the source", max_length=500, required=False, assume_scheme="https")
    edition = forms.CharField(label="Edition", max_length=40, required=False)


class ClaimForm(PlacedErrors):
    """Another parent, and who says so."""

    parent = forms.ModelChoiceField(Node.objects.none(), label="Another parent", empty_label="Choose a node")
    asserted_by = forms.CharField(label="Who says so", max_length=200)

    def __init__(self, node, data=None):
        super().__init__(data, prefix="claim")
        others = Node.objects.filter(scheme=node.scheme_id, retired_at=None)
        others = others.exclude(pk__in=[node.pk, node.parent_id or node.pk])
        self.fields["parent"].queryset = others.order_by("order", "name")


class NodeOfAnyScheme(forms.ModelChoiceField):
    """Prints the scheme beside each node: the same word means different things in two schemes."""

    def label_from_instance(self, node):
        return f"{node.scheme.name}: {node.name}"


class MappingForm(PlacedErrors):
    """A node of another scheme, and how this one stands to it."""

    relation = forms.ChoiceField(label="How they stand", choices=list(RELATION_WORDS.items()))
    other = NodeOfAnyScheme(Node.objects.none(), label="Node of another scheme", empty_label="Choose a node")
    source = forms.CharField(label="Source", max_length=2000)

    def __init__(self, node, data=None):
        super().__init__(data, prefix="map")
        others = Node.objects.filter(retired_at=None).exclude(scheme=node.scheme_id).select_related("scheme")
        self.fields["other"].queryset = others.order_by("scheme__order", "scheme__name", "order", "name")


class FileForm(PlacedErrors):
    """A vocabulary in a file."""

    file = forms.FileField(
        label="File", max_length=200, help_text=f"At most {LONGEST_FILE // 1_000_000} MB. Nothing it names is fetched.",
        widget=forms.FileInput(attrs={"accept": ",".join(BY_ENDING)}),
    )  # fmt: skip
    format = forms.ChoiceField(
        label="Format",
        choices=[("", "By the ending of its name"), *((key, words[0]) for key, words in FORMATS.items())],
        required=False,
    )
