"""Loading the shipped vocabularies, and changing them."""

from pathlib import Path

import pghistory
import yaml
from django.core.exceptions import ValidationError
from django.db import transaction

from taxonomy.models import AlternativeParent, Mapping, Node, ReferenceCell, Scheme, SeverityTier, ShippedRow

SHIPPED = Path(__file__).parent / "data"


class Loader:
    """Writes shipped entries one after the other and counts what happened to them.

    An entry is written only if it is new, or if it changed in the files while the database still
    holds what was shipped before. What people edited or deleted is left as they want it.
    """

    def __init__(self):
        self.counts = {"created": 0, "changed": 0, "unchanged": 0, "kept": 0}
        self.shipped = {row.key: row for row in ShippedRow.objects.all()}
        self.schemes = {}
        self.nodes = {}

    def put(self, model, key, identity, content):
        """Write one entry: `identity` finds its row, `content` are its other fields. Returns the row or None."""
        row = model.objects.filter(**identity).first()
        before = self.shipped.get(f"{model._meta.model_name} {key}")
        stored = {name: _plain(value) for name, value in content.items()}
        if before and before.content == stored:
            self.counts["unchanged"] += 1
        elif before and (row is None or _content_of(row, before.content) != before.content):
            self.counts["kept"] += 1
        else:
            self.counts["changed" if row else "created"] += 1
            row = self._write(model, row, identity, content)
            self._remember(f"{model._meta.model_name} {key}", before, stored)
        return row

    def _write(self, model, row, identity, content):
        row = row or model(**identity)
        for name, value in content.items():
            setattr(row, name, value)
        if row.pk and hasattr(row, "version") and not row._state.adding:
            row.version += 1
        row.save()
        return row

    def _remember(self, key, before, content):
        before = before or ShippedRow(key=key)
        before.content = content
        before.save()
        self.shipped[key] = before


def _plain(value):
    return value.pk if isinstance(value, (Node, Scheme)) else value


def _content_of(row, content):
    """The values `row` has now under the names of `content`; a name the model lost counts as unchanged."""
    return {name: _plain(getattr(row, name, value)) for name, value in content.items()}


def load_taxonomy(*, folder=SHIPPED):
    """Bring the shipped files into the database; safe to repeat. Returns counts of what happened."""
    with transaction.atomic(), pghistory.context(action="load_taxonomy"):
        loader = Loader()
        for tier in read_shipped(folder / "severity_tiers.yaml"):
            content = {name: tier[name] for name in ("slug", "name", "criteria", "example", "colour", "debt_weight")}
            loader.put(SeverityTier, tier["rank"], {"rank": tier["rank"]}, content)
        for order, path in enumerate(_in_order(folder / "schemes")):
            _load_scheme(loader, read_shipped(path), order)
        for mapping in read_shipped(folder / "mappings.yaml"):
            _load_mapping(loader, mapping)
        for cell in read_shipped(folder / "reference_matrix.yaml"):
            _load_cell(loader, cell)
    return loader.counts


# Causes first, as people label them; the rest by name, and what stands beside the techniques after them all.
FIRST = ("misalignment-causes", "three-type", "case-framework", "mechanism", "goodhart")
LAST = ("control",)


def _in_order(folder):
    def place(path):
        return (FIRST.index(path.stem) if path.stem in FIRST else len(FIRST), path.stem in LAST, path.stem)

    return sorted(folder.glob("*.yaml"), key=place)


def read_shipped(path):
    """The content of one YAML file that ships, read by the fast parser where there is one."""
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    return yaml.load(path.read_text(encoding="utf-8"), Loader=loader)  # noqa: S506  both are safe loaders


def _load_scheme(loader, data, order):
    entry = data["scheme"]
    content = {name: entry.get(name, "") for name in ("name", "kind", "description", "source", "source_url")}
    content |= {"edition": str(entry.get("version", "")), "allows_several": entry["allows_several"], "order": order}
    content["guidance"] = entry.get("guidance", [])
    scheme = loader.put(Scheme, entry["slug"], {"slug": entry["slug"]}, content)
    if scheme is None:
        return
    groups = {slug: f"{group[0]} and its like" for group in entry.get("exclusive_groups", []) for slug in group}
    for place, node in enumerate(data["nodes"]):
        _load_node(loader, scheme, node, place, groups.get(node["slug"], ""))
    for node in data["nodes"]:
        _load_alternative_parents(loader, scheme, node)


def _load_node(loader, scheme, entry, order, exclusive_group):
    content = {name: entry[name] for name in ("name", "definition", "definition_status")}
    for name in ("aliases", "applies_when", "does_not_apply_when", "examples"):
        content[name] = entry.get(name) or []
    content |= {"source": entry.get("source", ""), "order": order, "exclusive_group": exclusive_group}
    content["needs_all_criteria"] = entry.get("needs_all_criteria", False)
    content["parent"] = loader.nodes[f"{scheme.slug}:{entry['parent']}"] if entry.get("parent") else None
    key = f"{scheme.slug}:{entry['slug']}"
    loader.nodes[key] = loader.put(Node, key, {"scheme": scheme, "slug": entry["slug"]}, content)


def _load_alternative_parents(loader, scheme, entry):
    node = loader.nodes[f"{scheme.slug}:{entry['slug']}"]
    for claim in entry.get("alternative_parents", []):
        parent = loader.nodes[f"{scheme.slug}:{claim['parent']}"]
        if node and parent:
            identity = {"node": node, "parent": parent, "asserted_by": claim["asserted_by"]}
            loader.put(AlternativeParent, f"{node.key} under {parent.key}", identity, {})


def _load_mapping(loader, entry):
    first, second = loader.nodes.get(entry["from"]), loader.nodes.get(entry["to"])
    if first and second:
        content = {"relation": entry["relation"], "source": entry["source"]}
        loader.put(Mapping, f"{entry['from']} {entry['to']}", {"from_node": first, "to_node": second}, content)


def _load_cell(loader, entry):
    technique, mode = loader.nodes.get(entry["technique"]), loader.nodes.get(entry["failure_mode"])
    if technique and mode:
        content = {"verdict": entry["value"], "certainty": entry["confidence"], "source": entry["source"]}
        key = f"{entry['technique']} {entry['failure_mode']}"
        loader.put(ReferenceCell, key, {"technique": technique, "failure_mode": mode}, content)


def _signed(by, action):
    return pghistory.context(person=by.pk, action=action)


def add_entry(*, row, by, at):
    """Keep a new scheme, node, tier, mapping or cell of the matrix."""
    with transaction.atomic(), _signed(by, "add_entry"):
        row.full_clean()
        row.save(force_insert=True)
    return row


def edit_entry(*, row, by, at, changes, version=None):
    """Set `changes` (field → value) on the row as it stands now.

    Schemes and nodes count their versions: with `version`, ValidationError if somebody saved it since.
    """
    with transaction.atomic(), _signed(by, "edit_entry"):
        row = type(row).objects.select_for_update().get(pk=row.pk)
        if version is not None and row.version != version:
            raise ValidationError("Somebody else has changed this since you opened it.", code="conflict")
        for name, value in changes.items():
            setattr(row, name, value)
        if changes and hasattr(row, "version"):
            row.version += 1
        row.full_clean()
        row.save(force_update=True)
    return row
