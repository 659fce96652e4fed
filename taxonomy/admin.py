"""The vocabularies in the administration, and what its other pages share: signed history, no lost update."""

import hashlib

import pghistory
from django import forms
from django.contrib import admin
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.forms import SimpleArrayField
from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone

from taxonomy import actions
from taxonomy.models import AlternativeParent, Mapping, Node, ReferenceCell, SchemeKind, SeverityTier

STALE = (
    "Somebody else has changed this since you opened it. Nothing was saved. "
    "Copy what you typed, open the page again and put it in there."
)


def fingerprint(row):
    """A digest of every stored value of the row; another one after any change."""
    values = [(field.attname, field.value_to_string(row)) for field in row._meta.concrete_fields]
    return hashlib.sha256(repr(values).encode()).hexdigest()


class OneEach(SimpleArrayField):
    """A list of texts, one on each line."""

    def __init__(self, base_field, **options):
        options["widget"] = forms.Textarea(attrs={"rows": 4, "cols": 80})
        super().__init__(base_field, **options | {"delimiter": "\n"})

    def to_python(self, value):
        if isinstance(value, str):
            value = "\n".join(line.strip() for line in value.splitlines() if line.strip())
        return super().to_python(value)


class EntryForm(forms.ModelForm):
    """Refuses to save over what somebody else saved since the page was opened."""

    opened = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.stored = "" if self.instance._state.adding else fingerprint(self.instance)
        self.initial["opened"] = self.stored

    def clean(self):
        cleaned = super().clean()
        if self.stored and self.cleaned_data.get("opened") != self.stored:
            raise ValidationError(STALE, code="conflict")
        return cleaned

    @property
    def changes(self):
        """What the person changed: field of the model → value."""
        own = {field.name for field in self.instance._meta.concrete_fields}
        return {name: self.cleaned_data[name] for name in self.changed_data if name in own}


class EntryAdmin(admin.ModelAdmin):
    """Saves through `actions`, signs the history of everything a page saves, never deletes."""

    form = EntryForm
    formfield_overrides = {ArrayField: {"form_class": OneEach}, models.URLField: {"assume_scheme": "https"}}
    save_on_top = True
    list_per_page = 50
    show_full_result_count = False

    def get_fieldsets(self, request, obj=None):
        """The fields as declared, and the hidden one with them."""
        fieldsets = super().get_fieldsets(request, obj)
        if not self.has_change_permission(request, obj) or not issubclass(self.form, EntryForm):
            return fieldsets
        name, options = fieldsets[0]
        fields = [field for field in options["fields"] if field != "opened"]
        return [(name, {**options, "fields": [*fields, "opened"]}), *fieldsets[1:]]

    def get_object(self, request, object_id, from_field=None):
        """Lock the row while a form is saved: what was checked is what is written."""
        if request.method == "POST" and request.resolver_match.url_name.endswith("_change"):
            field = self.model._meta.pk if from_field is None else self.model._meta.get_field(from_field)
            try:
                key = field.to_python(object_id)
            except ValidationError:
                return None
            return self.get_queryset(request).select_for_update(of=("self",)).filter(**{field.name: key}).first()
        return super().get_object(request, object_id, from_field)

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        with pghistory.context(person=request.user.pk, action="administration"):
            return super().changeform_view(request, object_id, form_url, extra_context)

    def save_model(self, request, obj, form, change):
        at = timezone.now()
        if not change:
            actions.add_entry(row=obj, by=request.user, at=at)
        elif form.changes:
            saved = actions.edit_entry(
                row=obj, by=request.user, at=at, changes=form.changes, version=getattr(obj, "version", None)
            )
            if hasattr(obj, "version"):
                obj.version = saved.version

    def has_delete_permission(self, request, obj=None):
        return False


class NodeChoiceField(forms.ModelChoiceField):
    """Prints the scheme beside each node: the same word means different things in two schemes."""

    def label_from_instance(self, node):
        return f"{node.scheme.name}: {node.name}"


class NodeChoices:
    """Fields that name a node are plain lists: every control of the administration has a name for all readers."""

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        if db_field.related_model is Node:
            nodes = Node.objects.select_related("scheme").order_by("scheme__order", "scheme__name", "order", "name")
            kwargs |= {"form_class": NodeChoiceField, "queryset": nodes.filter(**self.nodes_for(db_field.name))}
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def nodes_for(self, field):
        """Which nodes the field of this name offers, as filter arguments."""
        return {}


class EntryInline(NodeChoices, admin.StackedInline):
    # Stacked: in the tabular ones the controls have no label.

    extra = 0
    formfield_overrides = {models.TextField: {"widget": forms.Textarea(attrs={"rows": 2, "cols": 40})}}


class AlternativeParentForm(forms.ModelForm):
    def clean(self):
        cleaned = super().clean()
        if cleaned.get("parent") and cleaned["parent"] == cleaned.get("node"):
            raise ValidationError("A node cannot be its own parent.")
        return cleaned


class AlternativeParentInline(EntryInline):
    model = AlternativeParent
    form = AlternativeParentForm
    fk_name = "node"
    verbose_name_plural = "alternative parents: who would put it elsewhere"


class MappingForm(forms.ModelForm):
    def clean(self):
        cleaned = super().clean()
        first, second = cleaned.get("from_node"), cleaned.get("to_node")
        if first and second and first.scheme_id == second.scheme_id:
            raise ValidationError("A mapping connects nodes of different schemes.")
        return cleaned


class MappingInline(EntryInline):
    model = Mapping
    form = MappingForm
    fk_name = "from_node"
    verbose_name_plural = "mappings: this node is (exact, broad, …) to the other; broad says that the other is broader"


class MappedFromInline(EntryInline):
    """Mappings that were written down at the other node."""

    model = Mapping
    fk_name = "to_node"
    verbose_name_plural = "mappings written down at other nodes"
    fields = readonly_fields = ["from_node", "relation", "source"]

    def has_add_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False


ON_ITS_PAGE = "A node is moved, merged, split, replaced and retired on its own page, after a look at what follows."


class NodeForm(EntryForm):
    """Says in words what the database would refuse of a new node's place."""

    def clean(self):
        cleaned = super().clean()
        scheme, parent = cleaned.get("scheme"), cleaned.get("parent")
        if parent and scheme and parent.scheme_id != scheme.pk:
            self.add_error("parent", "A node and its parent belong to one scheme.")
        return cleaned


class NodeAdmin(NodeChoices, EntryAdmin):
    """Registered by the product, which has to count anew when a node changes.

    What becomes of the cases that carry it is seen on the node's own page, where it is moved, replaced or retired.
    """

    form = NodeForm
    list_display = ["name", "scheme", "parent", "definition_status", "retired"]
    list_filter = ["scheme", "definition_status", ("retired_at", admin.EmptyFieldListFilter)]
    list_select_related = ["scheme", "parent"]
    search_fields = ["name", "slug", "aliases", "definition"]
    ordering = ["scheme__order", "order", "name"]
    readonly_fields = ["retired_at", "replaced_by", "version"]
    inlines = [AlternativeParentInline, MappingInline, MappedFromInline]
    fieldsets = [
        (None, {"fields": ["scheme", "slug", "name", "aliases", "parent", "order", "exclusive_group"]}),
        ("Meaning", {"fields": ["definition", "definition_status", "source"]}),
        ("Criteria", {"fields": ["applies_when", "does_not_apply_when", "examples"]}),
        ("Use", {"fields": ["retired_at", "replaced_by", "version"], "description": ON_ITS_PAGE}),
    ]

    def get_readonly_fields(self, request, obj=None):
        # Cases and mappings refer to a node as scheme:slug; neither half changes once it is in use.
        return [*self.readonly_fields, *(["scheme", "slug", "parent"] if obj else [])]

    def view_on_site(self, obj):
        return obj.get_absolute_url()

    @admin.display(boolean=True, description="in use", ordering="retired_at")
    def retired(self, obj):
        return obj.retired_at is None


class SchemeAdmin(EntryAdmin):
    """Registered by the product, like the nodes: whether several labels may be chosen counts."""

    list_display = ["name", "kind", "edition", "allows_several", "order"]
    search_fields = ["name", "slug", "description"]
    ordering = ["order", "name"]
    readonly_fields = ["version"]
    fields = [
        *("slug", "name", "kind", "description", "guidance", "allows_several", "order"),
        *("source", "source_url", "edition", "version"),
    ]

    def get_readonly_fields(self, request, obj=None):
        return [*self.readonly_fields, *(["slug"] if obj else [])]


@admin.register(SeverityTier)
class SeverityTierAdmin(EntryAdmin):
    list_display = ["rank", "name", "criteria", "colour", "debt_weight"]
    list_display_links = ["name"]
    ordering = ["-rank"]
    fields = ["rank", "slug", "name", "criteria", "example", "colour", "debt_weight"]

    def get_readonly_fields(self, request, obj=None):
        return ["rank"] if obj else []


@admin.register(ReferenceCell)
class ReferenceCellAdmin(NodeChoices, EntryAdmin):
    """The published matrix; cells that rest on a secondary transcription say so in their source."""

    list_display = ["technique", "failure_mode", "verdict", "certainty", "source"]
    list_display_links = ["technique", "failure_mode"]
    list_filter = ["verdict", "certainty", ("technique", admin.RelatedOnlyFieldListFilter)]
    list_select_related = ["technique", "failure_mode"]
    search_fields = ["technique__name", "failure_mode__name", "source"]
    ordering = ["technique__order", "failure_mode__order"]
    fields = ["technique", "failure_mode", "verdict", "certainty", "source"]

    def nodes_for(self, field):
        kinds = {"technique": SchemeKind.TECHNIQUE, "failure_mode": SchemeKind.FAILURE_MODE}
        return {"scheme__kind": kinds[field]}

    def get_readonly_fields(self, request, obj=None):
        return ["technique", "failure_mode"] if obj else []
