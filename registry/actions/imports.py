"""Bringing in cases from other databases, over and over, without losing what people changed here."""

from collections import defaultdict
from dataclasses import asdict, dataclass, field

from django.core.exceptions import ValidationError
from django.db import connection

from registry import fingerprint
from registry.actions import jobs, parties
from registry.actions.signing import check, signed
from registry.choices import PartyRole, Status, SystemRole, Visibility
from registry.models import Case, CaseParty, CaseSource, CaseSystem, ExternalId, Organisation, Source, System

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
# What is taken over together or not at all.
UNITS = (*((name,) for name in FIELDS if name not in DATE), DATE)
AT_ONCE = 100


@dataclass(frozen=True)
class Beside:
    """How the entries of one field of a record are kept beside the case: a row of `model` for each of `names`."""

    model: type
    names: type
    column: str
    fixed: dict = field(default_factory=dict)

    def row(self, case, number):
        return self.model(case=case, **{self.column: number}, **self.fixed)


RELATED = {
    "systems": Beside(CaseSystem, System, "system_id", {"version": "", "role": SystemRole.SUBJECT}),
    "developers": Beside(CaseParty, Organisation, "organisation_id", {"role": PartyRole.DEVELOPER}),
    "deployers": Beside(CaseParty, Organisation, "organisation_id", {"role": PartyRole.DEPLOYER}),
    "affected": Beside(CaseParty, Organisation, "organisation_id", {"role": PartyRole.AFFECTED}),
    "sources": Beside(CaseSource, Source, "source_id"),
}
REMOVABLE = ("systems", "developers", "deployers", "affected")


@dataclass
class ImportCounts:
    created: int = 0
    changed: int = 0
    unchanged: int = 0
    kept: int = 0  # fields of changed records that people had edited here, and that stay as they are
    settled: int = 0  # unchanged cases whose record differs: closed or withdrawn, they stay as people left them


class RecordRefused(ValidationError):
    """The registry cannot hold a record. Carries the line where it begins and the field at fault."""

    def __init__(self, record, error):
        field, messages = next(iter(getattr(error, "message_dict", {"": error.messages}).items()))
        super().__init__(messages[0])
        self.line = record.line
        self.field = field


@signed
def import_cases(*, by, at, source, records, progress=lambda n: None):
    """Create or update a case for each of `records` (a list of `exchange.records.ImportedCase`); all or none.

    A record already imported from `source` under the same external id updates its case: what the
    other database changed since is taken over, except where people have changed the same field here.
    A closed or withdrawn case stays as it is; what changed meanwhile is taken over by the first import
    after it is reopened. New cases start in triage, open to everyone. Raises RecordRefused.
    """
    _wait_for_turn(source)
    run = Run(source=source, by=by, at=at, known=_imported_before(source), counts=ImportCounts())
    for start in range(0, len(records), AT_ONCE):
        some = records[start : start + AT_ONCE]
        run.take(some)
        progress(start + len(some))
    if run.counts.created or run.counts.changed:
        jobs.leave_recompute(at=at)
    return run.counts


def _wait_for_turn(source):
    """Two imports of one source at the same time would both find a record new."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [f"import {source}"])


def _imported_before(source):
    """{external id: its row, locked with its case}, of everything imported from this source."""
    rows = ExternalId.objects.filter(source=source, imported__isnull=False).select_related("case").order_by("case_id")
    rows = rows.defer("case__search")
    return {row.value: row for row in rows.select_for_update(of=("self", "case"))}


@dataclass
class Run:
    """One run of an import. Each batch of records is written with a few statements, whatever its size."""

    source: str
    by: object
    at: object
    known: dict
    counts: ImportCounts

    def take(self, records):
        new, changed = [], []
        for record in records:
            content, known = as_json(record), self.known.get(record.external_id)
            if known is None:
                new.append((record, content))
            elif known.imported == content:
                self.counts.unchanged += 1
            elif known.case.status in (Status.CLOSED, Status.WITHDRAWN):
                self.counts.unchanged += 1
                self.counts.settled += 1
            else:
                changed.append((record, content, known))
        if not new and not changed:
            return
        ids = _ids_of_named([record for record, *_ in (*new, *changed)], by=self.by)
        self._create(new, ids)
        self._update(changed, ids)

    def _create(self, new, ids):
        cases = Case.objects.bulk_create([self._case(record) for record, _ in new])
        numbers, rows = [], defaultdict(list)
        for case, (record, content) in zip(cases, new, strict=True):
            numbers.append(
                ExternalId(case=case, source=self.source, value=record.external_id, url=record.url, imported=content)
            )
            rows[ExternalId] += _other_numbers(case, record.external_ids)
            for name in RELATED:
                _add(rows, case, name, getattr(record, name), ids)
        ExternalId.objects.bulk_create(numbers)
        _insert(rows)
        self.counts.created += len(new)

    def _case(self, record):
        case = Case(
            **{name: getattr(record, name) for name in FIELDS},
            status=Status.TRIAGE,
            visibility=Visibility.EVERYONE,
            reporter=self.by,
            created_at=self.at,
            updated_at=self.at,
            reported_at=self.at,
        )
        _check(case, record)
        fingerprint.sign(case)
        return case

    def _update(self, changed, ids):
        rows = defaultdict(list)
        _remove(changed, ids)
        for record, content, known in changed:
            case, before = known.case, known.imported
            taken = self._take_over(case, record, before, content)
            for name in RELATED:
                _add(rows, case, name, _added(record, name, before, content), ids)
            rows[ExternalId] += _other_numbers(case, _added(record, "external_ids", before, content))
            if taken or any(before[name] != content[name] for name in (*RELATED, "external_ids")):
                case.version += 1
                case.updated_at = self.at
                fingerprint.sign(case)
                _check(case, record)
                case.save(update_fields=[*taken, "text_bands", "version", "updated_at"])
            known.imported, known.url = content, record.url
        ExternalId.objects.bulk_update([known for *_, known in changed], ["imported", "url"])
        _insert(rows)
        self.counts.changed += len(changed)

    def _take_over(self, case, record, before, content):
        """Set on `case` what the other database changed and people here did not. Returns the fields set."""
        taken = []
        for unit in UNITS:
            was, is_now = ([values[name] for name in unit] for values in (before, content))
            here = [_plain(getattr(case, name)) for name in unit]
            if was == is_now or here == is_now:
                continue
            if here != was:
                self.counts.kept += 1
                continue
            for name in unit:
                setattr(case, name, getattr(record, name))
            taken += unit
        return taken


def _check(case, record):
    try:
        check(case)
    except ValidationError as error:
        raise RecordRefused(record, error) from error


def _ids_of_named(records, *, by):
    """{field of RELATED: {entry: id of its row}} for all these records name; made where there is nothing yet."""
    wanted = {model: {} for model in (System, Organisation, Source)}
    for record in records:
        for name, beside in RELATED.items():
            wanted[beside.names].update(dict.fromkeys(getattr(record, name)))
    sources = parties.sources_like([Source(**asdict(entry)) for entry in wanted[Source]], by=by)
    ids = {model: parties.rows_named(model, list(wanted[model])) for model in (System, Organisation)}
    ids[Source] = dict(zip(wanted[Source], sources, strict=True))
    return {name: ids[beside.names] for name, beside in RELATED.items()}


def _added(record, name, before, content):
    """The entries of a field that the other database did not name before."""
    entries = zip(getattr(record, name), content[name], strict=True)
    return [entry for entry, plain in entries if plain not in before[name]]


def _other_numbers(case, numbers):
    return [ExternalId(case=case, source=source, value=value) for source, value in numbers]


def _add(rows, case, name, entries, ids):
    rows[RELATED[name].model] += [RELATED[name].row(case, ids[name][entry]) for entry in entries]


def _insert(rows):
    """Insert what is not there yet: people may have added the same, and two names may be one organisation's."""
    for model, some in rows.items():
        model.objects.bulk_create(some, ignore_conflicts=True)


def _remove(changed, ids):
    """Take away what the other database no longer names; sources stay, they were read once."""
    for name in REMOVABLE:
        gone = {
            (known.case_id, entry): {ids[name][still] for still in content[name]}
            for _, content, known in changed
            for entry in known.imported[name]
            if entry not in content[name]
        }
        found = parties.known_names(RELATED[name].names, {entry for _, entry in gone})
        # Another spelling of one name is no other party.
        pairs = {(case, found.get(entry)) for (case, entry), still in gone.items() if found.get(entry) not in still}
        _delete(RELATED[name], pairs)


def _delete(beside, pairs):
    """Delete the rows of these (case id, id of what is named), unless people have given them a version."""
    if not pairs:
        return
    rows = beside.model.objects.filter(case__in={case for case, _ in pairs}, **beside.fixed)
    present = rows.values_list("pk", "case_id", beside.column)
    beside.model.objects.filter(pk__in=[pk for pk, *pair in present if tuple(pair) in pairs]).delete()


def as_json(record):
    """The record as the database stores it, without the line it stood on."""
    content = asdict(record)
    del content["line"]
    return _plain(content)


def _plain(value):
    """A value as it comes back from a JSON column."""
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    return value.isoformat() if hasattr(value, "isoformat") else value
