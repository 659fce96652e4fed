"""The list of specification gaming examples kept by V. Krakovna, as CSV with one behaviour a row."""

import hashlib
import re
import unicodedata
from collections.abc import Iterator
from typing import BinaryIO

from .reading import csv_rows
from .records import ImportedCase, ImportedSource, Refusal, Unfit, refuse_or_yield
from .wording import MAX_SOURCE_TITLE, clean_line, clean_text, fit_title, paragraphs, period, shorten, web_address

SOURCE = "specgaming"
NAME = "Specification gaming examples"
LICENCE_NOTE = "MIT licence: may be shared with attribution."

COLUMNS = (
    "title",
    "algorithm",
    "intended_goal",
    "behavior",
    "misspecified_goal",
    "authors",
    "year",
    "source_title",
    "source_url",
)
TITLE_LENGTH = 120
MAX_ID = 100


def parse(file: BinaryIO) -> Iterator[ImportedCase | Refusal]:
    """Rows of the list. The list has no ids, so a slug of the row's name is the id; a repeated name is refused."""
    return refuse_or_yield(csv_rows(file, COLUMNS), _case, "title")


def _case(line: int, row: dict[str, str]) -> ImportedCase:
    name = clean_line(row["title"], "title")
    behaviour = clean_text(row["behavior"], "behavior")
    if not name:
        raise Unfit("title", "is empty")
    if not behaviour:
        raise Unfit("behavior", "is empty")
    first, last, precision = period(row["year"], "year")
    return ImportedCase(
        external_id=_slug(name),
        url="",
        title=_title(name, behaviour),
        context=_context(row, name),
        observed_behaviour=behaviour,
        intended_objective=clean_text(row["intended_goal"], "intended_goal"),
        specified_objective=clean_text(row["misspecified_goal"], "misspecified_goal"),
        kind="finding",
        occurred_from=first,
        occurred_to=last,
        occurred_precision=precision,
        sources=_sources(row),
        line=line,
    )


def _title(name: str, behaviour: str) -> str:
    # The list names the task ("Boat race"); a title here says the behaviour.
    return fit_title(shorten(f"{name}: {' '.join(behaviour.split())}", TITLE_LENGTH), behaviour)


def _context(row: dict[str, str], name: str) -> str:
    algorithm = clean_line(row["algorithm"], "algorithm")
    authors = clean_line(row["authors"], "authors").rstrip(".")
    year = row["year"].strip()
    source_title = clean_line(row["source_title"], "source_title")
    address = clean_line(row["source_url"], "source_url")
    return paragraphs(
        f"In the list: {name}.",
        f"Algorithm: {algorithm}." if algorithm else "",
        f"Reported by {authors}." if authors else "",
        f"{year} is the year of the list's source." if year else "",
        f"Source: {source_title}." if len(source_title) > MAX_SOURCE_TITLE else "",
        f"The source's address as given: {address}." if address and not web_address(address) else "",
    )


def _sources(row: dict[str, str]) -> tuple[ImportedSource, ...]:
    url = web_address(row["source_url"])
    title = clean_line(row["source_title"], "source_title") or url
    if not title:
        return ()
    return (ImportedSource(url=url, title=shorten(title, MAX_SOURCE_TITLE), kind="primary"),)


def _slug(name: str) -> str:
    plain = (
        unicodedata.normalize("NFKD", name.replace("'", "").replace("’", "")).encode("ascii", "ignore").decode().lower()
    )
    slug = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")
    if slug and len(slug) <= MAX_ID:
        return slug
    return f"{slug[:80].strip('-')}-{hashlib.sha256(name.encode()).hexdigest()[:12]}".strip("-")
