"""Bringing in cases from other databases, over and over, without losing what people changed here."""

from dataclasses import asdict, dataclass

from django.utils.functional import cached_property

from registry.actions import jobs, parties
from registry.actions.signing import check, save_changed, signed
from registry.choices import PartyRole, Status, Visibility
from registry.models import Case, CaseParty, CaseSource, CaseSystem, ExternalId

FIELDS = (
    "title",
    "observed_behaviour",
    "context",
    "intended_objective",
    "specified_objective",
    "kind",
    "stage",
    "occurred_from",
    "occurred_to",
    "occurred_precision",
)
DATE = ("occurred_from", "occurred_to", "occurred_precision")
PARTIES = {
    "developers": PartyRole.DEVELOPER,
    "deployers": PartyRole.DEPLOYER,
    "affected": PartyRole.AFFECTED,
}


@dataclass
class ImportCounts:
    created: int = 0
    changed: int = 0
    unchanged: int = 0
    kept: int = 0  # fields of changed records that people had edited here, and that stay as they are


@signed
def import_cases(*, by, at, source, records, progress=lambda n: None):
    """Create or update a case for each of `records` (`exchange.records.ImportedCase`); all or none.

    A record already imported from `source` under the same external id updates its case: what the
    other database changed since is taken over, except where people have changed the same field here.
    New cases start in triage, open to everyone.
    """
    batch = Batch(source=source, by=by, at=at)
    for number, record in enumerate(records, start=1):
        batch.take(record)
        progress(number)
    if batch.counts.created or batch.counts.changed:
        jobs.leave_recompute(at=at)
    return batch.counts


class Batch:
    """One run of an import: what was imported before, and names looked up once."""

    def __init__(self, *, source, by, at):
        self.source = source
        self.by = by
        self.at = at
        self.counts = ImportCounts()
        self.organisations = {}
        self.systems = {}
        self.sources = {}

    @cached_property
    def known(self):
        """{external id: its row}, of everything imported from this source before."""
        rows = ExternalId.objects.filter(source=self.source, imported__isnull=False).select_related("case")
        return {row.value: row for row in rows.select_for_update(of=("self", "case"))}

    def take(self, record):
        content = as_json(record)
        known = self.known.get(record.external_id)
        if known is None:
            self._create(record, content)
            self.counts.created += 1
        elif known.imported == content:
            self.counts.unchanged += 1
        else:
            self._update(known, record, content)
            self.counts.changed += 1

    def _create(self, record, content):
        values = {name: getattr(record, name) for name in FIELDS}
        case = Case(
            **values,
            status=Status.TRIAGE,
            visibility=Visibility.EVERYONE,
            reporter=self.by,
            created_at=self.at,
            updated_at=self.at,
            reported_at=self.at,
        )
        check(case)
        case.save(force_insert=True)
        own = ExternalId(case=case, source=self.source, value=record.external_id, url=record.url, imported=content)
        others = [ExternalId(case=case, source=source, value=value) for source, value in record.external_ids]
        ExternalId.objects.bulk_create([own, *others])
        for name in RELATED:
            self._add(case, name, getattr(record, name))

    def _update(self, known, record, content):
        case, before = known.case, known.imported
        if not self._touched(case, before, DATE):
            self._set(case, record, before, content, DATE)
        for name in FIELDS:
            if name not in DATE and not self._touched(case, before, (name,)):
                self._set(case, record, before, content, (name,))
        self._count_kept(case, before, content)
        for name in RELATED:
            was, now = _tupled(before.get(name, [])), _tupled(content[name])
            self._remove(case, name, [entry for entry in was if entry not in now])
            added = [entry for entry, plain in zip(getattr(record, name), now, strict=True) if plain not in was]
            self._add(case, name, added)
        save_changed(case, at=self.at)
        known.imported, known.url = content, record.url
        known.save(update_fields=["imported", "url"])

    @staticmethod
    def _touched(case, before, names):
        """Whether people changed one of the fields here since the last import."""
        return any(plain(getattr(case, name)) != before.get(name) for name in names)

    @staticmethod
    def _set(case, record, before, content, names):
        for name in names:
            if before.get(name) != content[name]:
                setattr(case, name, getattr(record, name))

    def _count_kept(self, case, before, content):
        self.counts.kept += sum(
            before.get(name) != content[name] and plain(getattr(case, name)) != content[name] for name in FIELDS
        )

    def _add(self, case, name, entries):
        model, row = RELATED[name]
        model.objects.bulk_create([model(case=case, **row(self, entry)) for entry in entries], ignore_conflicts=True)

    def _remove(self, case, name, entries):
        """Take away what the other database no longer names; sources stay, they were read once."""
        if name == "sources":
            return
        model, row = RELATED[name]
        for (entry,) in entries:
            model.objects.filter(case=case, **row(self, entry)).delete()

    def organisation(self, name):
        if name not in self.organisations:
            self.organisations[name] = parties.organisation(name)
        return self.organisations[name]

    def system(self, name):
        if name not in self.systems:
            self.systems[name] = parties.system(name)
        return self.systems[name]

    def place(self, source):
        if source not in self.sources:
            self.sources[source] = parties.source(**asdict(source))
        return self.sources[source]


# How an entry of a record becomes a row beside the case.
RELATED = {
    "systems": (CaseSystem, lambda batch, name: {"system": batch.system(name)}),
    **{
        field: (CaseParty, lambda batch, name, role=role: {"organisation": batch.organisation(name), "role": role})
        for field, role in PARTIES.items()
    },
    "sources": (CaseSource, lambda batch, source: {"source": batch.place(source)}),
}


def plain(value):
    """A value as it comes back from a JSON column."""
    return value.isoformat() if hasattr(value, "isoformat") else value


def as_json(record):
    """The record as the database stores it, without the line it stood on."""
    content = asdict(record)
    del content["line"]
    return _plain_tree(content)


def _plain_tree(value):
    if isinstance(value, dict):
        return {key: _plain_tree(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain_tree(item) for item in value]
    return plain(value)


def _tupled(entries):
    """Entries of a JSON list as things that can be compared and unpacked."""
    return [tuple(sorted(entry.items(), key=str)) if isinstance(entry, dict) else (entry,) for entry in entries]
