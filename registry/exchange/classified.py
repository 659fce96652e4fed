"""Classifications that the AI Incident Database publishes of its incidents, read from its files."""

from collections.abc import Iterator, Mapping
from typing import BinaryIO, NamedTuple

from taxonomy.formats import LONGEST_NAME, Term, Vocabulary, slug_of

from .aiid import incident_number
from .classified_columns import FORMATS, NAMESPACES, REPEATED, LabelColumn
from .reading import csv_rows
from .records import PublishedLabels, Refusal, Unfit, refuse_or_yield

TRUTH = {"true": True, "false": False}

Known = Mapping[str, Mapping[str, str]]


class Head(NamedTuple):
    """Whose labels a row holds."""

    external_id: str
    is_published: bool
    line: int
    row: dict[str, str]


class Reader:
    """Reads one file of the format `kind`; `vocabularies` then hold the terms it named.

    `known` is {scheme slug: {name of a term in lower case: its slug}} of what is in the registry already: a label
    there, or in the format, may hold a comma; the longest that fits is meant. Any other label of an open column ends
    at the next comma.
    """

    def __init__(self, kind: str, known: Known):
        self.columns = FORMATS[kind]
        self.namespace = NAMESPACES[kind]
        self.known = known
        self.terms: dict[tuple[str, str], Term] = {}
        for column in self.columns:
            for term in column.scheme.terms:
                status = "reconstructed"
                self._remember(column, Term(term.slug, term.name, definition=term.definition, definition_status=status))

    def rows(self, file: BinaryIO) -> Iterator[PublishedLabels | Refusal]:
        """Each row, or what is wrong with its cells; raises BadFile."""
        wanted = ("Namespace", "Incident ID", "Published", *(column.column for column in self.columns))
        for entry in refuse_or_yield(csv_rows(file, wanted, repeated=REPEATED), self._head, "Incident ID"):
            if isinstance(entry, Refusal):
                yield entry
                continue
            labels, faults = self._labels(entry.row)
            yield from (Refusal(entry.line, fault.field, fault.message) for fault in faults)
            if not faults:
                yield PublishedLabels(entry.external_id, labels, entry.is_published, entry.line)

    def vocabularies(self) -> list[Vocabulary]:
        """One for each scheme, with terms above before those below."""
        schemes = {column.scheme.slug: column.scheme for column in self.columns}
        return [
            Vocabulary(
                slug=scheme.slug,
                name=scheme.name,
                description=scheme.description,
                source="AI Incident Database",
                source_url="https://incidentdatabase.ai/",
                allows_several=scheme.allows_several,
                terms=sorted(
                    (term for (of, _), term in self.terms.items() if of == scheme.slug),
                    key=lambda term: (bool(term.parent), "" if term.definition else term.name),
                ),
            )
            for scheme in schemes.values()
        ]

    def _head(self, line, row):
        if row["Namespace"].strip() != self.namespace:
            raise Unfit("Namespace", f"is not “{self.namespace}”: another format's file")
        number, published = incident_number(row, "Incident ID"), row["Published"].strip().lower()
        if published not in TRUTH:
            raise Unfit("Published", "is neither True nor False")
        return Head(number, TRUTH[published], line, row)

    def _labels(self, row):
        """({(scheme, slug)}, what cannot be read). A term stands for the one above it."""
        found, faults = {}, []
        for column in self.columns:
            try:
                above = next(iter(found.get(column.within, ())), "")
                found[column.column] = self._cell(column, row[column.column], above)
            except Unfit as unfit:
                faults.append(unfit)
        for column in self.columns:
            if column.within and found.get(column.column):
                found[column.within] = []
        labels = {(column.scheme.slug, slug) for column in self.columns for slug in found.get(column.column, ())}
        return frozenset(labels), faults

    def _cell(self, column: LabelColumn, cell: str, above: str) -> list[str]:
        """The slugs that a cell names; none where it is empty or says that nothing is known."""
        rest, slugs = " ".join(cell.split()), []
        while rest:
            label = self._first_label(column, rest)
            if label.lower() not in column.silent:
                slugs.append(self._slug(column, label, above))
            rest = rest[len(label) :].removeprefix(",").lstrip()
            if label == "Other" and rest.startswith(":"):
                rest = ""  # What follows is in the coder's own words.
        return slugs

    def _first_label(self, column, rest):
        texts = {*column.cells, *column.silent, *self.known.get(column.scheme.slug, ())}
        if not column.scheme.allows_several:
            fits = [rest] if column.is_open or rest.lower() in texts else []
        else:
            fits = [rest[: len(text)] for text in texts if f"{rest.lower()},".startswith(f"{text},")]
        if not fits and column.is_open:
            fits = [rest.split(",")[0].split(":")[0].rstrip()]
            # A label begins like a name; what does not may be the rest of one that holds a comma.
            if not (fits[0][:1].isupper() or fits[0][:1].isdigit()):
                fits = []
        if not fits:
            raise Unfit(column.column, f"“{rest[:60]}” begins with no label of this column")
        return max(fits, key=len)

    def _slug(self, column, label, above):
        scheme, text = column.scheme.slug, label.lower()
        slug = column.cells.get(text) or self.known.get(scheme, {}).get(text)
        if slug and not column.is_open:
            return slug
        slug = slug or slug_of(label)
        if not slug or len(label) > LONGEST_NAME:
            raise Unfit(column.column, f"“{label[:60]}” is no name for a label")
        before = self.terms.get((scheme, slug))
        if before is None:
            self._remember(column, Term(slug, label, parent=above, definition_status="provisional"))
        elif before.name.lower() != text and text not in self.known.get(scheme, {}):
            raise Unfit(column.column, f"“{label[:60]}” is too like “{before.name[:60]}” to be told from it")
        elif above and before.parent != above:
            raise Unfit(column.column, f"“{label[:60]}” stood under another label of “{column.within}” before")
        return slug

    def _remember(self, column, term):
        term.exclusive_group = "" if column.scheme.allows_several else "answer"
        self.terms[column.scheme.slug, term.slug] = term
