"""What an import module hands to the importer: a case or a refusal for each record, or a file that cannot be read."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any, BinaryIO


class BadFile(Exception):
    """The file cannot be read on from `line` (counted from 1); `field` is empty where none is meant."""

    def __init__(self, line: int, field: str, message: str):
        super().__init__(f"line {line}{', ' + field if field else ''}: {message}")
        self.line = line
        self.field = field
        self.message = message


class Unfit(Exception):
    """One value of a record cannot be represented; `refuse_or_yield` turns it into a Refusal."""

    def __init__(self, field: str, message: str):
        super().__init__(message)
        self.field = field
        self.message = message


@dataclass(frozen=True, slots=True)
class Refusal:
    """One record that cannot be imported. `field` is the source's own name for the value at fault."""

    line: int
    field: str
    message: str


@dataclass(frozen=True, slots=True)
class ImportedSource:
    """Where a case is reported. `url` is empty or an http(s) address; `kind` is a value of SourceKind."""

    url: str
    title: str
    publisher: str = ""
    published_on: date | None = None
    kind: str = "secondary"


@dataclass(frozen=True, slots=True)
class ImportedRating:
    """What one rater elsewhere said of one case: `rater` (a user name) and their `name`; `labels` by (scheme, node),
    as slugs; `schemes` that the rater went through, so that what they did not label there is absent.
    """

    rater: str
    name: str
    external_id: str
    labels: dict[tuple[str, str], str]
    schemes: frozenset[str]
    line: int


@dataclass(frozen=True, slots=True)
class PublishedLabels:
    """What another database published of one case: `labels` are (scheme, node) as slugs, all it says in the format's
    schemes. `is_published` is False for what it keeps as a draft.
    """

    external_id: str
    labels: frozenset[tuple[str, str]]
    is_published: bool
    line: int


@dataclass(frozen=True, slots=True)
class ImportedCase:
    """One case in the registry's words, clean and within the registry's lengths.

    `external_id` is stable from one edition of the source to the next. Empty texts and tuples mean that the
    source says nothing. `occurred_from` and `occurred_to` are the first and the last day of the period, both
    None exactly when `occurred_precision` is "unknown". `kind` and `stage` are values of Kind and Stage (`stage`
    may be empty). `external_ids` are (source, id) pairs beside the record's own. `line` is where it begins.
    """

    external_id: str
    url: str
    title: str
    observed_behaviour: str
    kind: str
    context: str = ""
    intended_objective: str = ""
    specified_objective: str = ""
    stage: str = ""
    occurred_from: date | None = None
    occurred_to: date | None = None
    occurred_precision: str = "unknown"
    systems: tuple[str, ...] = ()
    developers: tuple[str, ...] = ()
    deployers: tuple[str, ...] = ()
    affected: tuple[str, ...] = ()
    sources: tuple[ImportedSource, ...] = ()
    external_ids: tuple[tuple[str, str], ...] = ()
    line: int = field(default=1, compare=False)


Entry = tuple[int, Any] | Refusal


def read_whole(parse: Callable[[BinaryIO], Iterable[Any]], file: BinaryIO) -> tuple[list[Any], list[Refusal]]:
    """(what `parse` finds in the file, what is wrong with it); of a BadFile only what it says."""
    try:
        entries = list(parse(file))
    except BadFile as bad:
        return [], [Refusal(bad.line, bad.field, bad.message)]
    refusals = [entry for entry in entries if isinstance(entry, Refusal)]
    return [entry for entry in entries if not isinstance(entry, Refusal)], refusals


def refuse_or_yield(entries: Iterable[Entry], build: Callable[[int, Any], Any], id_field: str) -> Iterator[Any]:
    """What is built of each (line, record), with an `external_id`; what is unfit, or repeats an id of this file,
    becomes a Refusal.
    """
    first_line: dict[str, int] = {}
    for entry in entries:
        if isinstance(entry, Refusal):
            yield entry
            continue
        line, record = entry
        try:
            built = build(line, record)
        except Unfit as unfit:
            yield Refusal(line, unfit.field, unfit.message)
            continue
        if built.external_id in first_line:
            first = first_line[built.external_id]
            yield Refusal(line, id_field, f"{built.external_id} stands on line {first} already")
        else:
            first_line[built.external_id] = line
            yield built
