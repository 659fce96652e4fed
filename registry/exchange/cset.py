"""Independent annotations of the AI Incident Database by CSET (taxonomy version 1): one file is one rater."""

import re
from collections.abc import Iterator
from typing import BinaryIO

from registry.choices import Stance

from .aiid import SOURCE, incident_number
from .cset_columns import CHOICES, QUESTION_SCHEME, QUESTIONS, SCHEMES
from .reading import csv_rows
from .records import BadFile, ImportedRating, Refusal, Unfit, refuse_or_yield

LICENCE_NOTE = "CC BY-SA 4.0 (share alike): import for your own use; nothing of it ships with the registry."
COLUMNS = ("Namespace", "Incident ID", *QUESTIONS, *(choice.column for choice in CHOICES))
# The export names some columns twice, with the same values; the first stands.
REPEATED = ("AI System",)
STANCES = {"yes": Stance.PRESENT, "no": Stance.ABSENT, "maybe": Stance.UNSURE}
NAMESPACE = re.compile(r"CSETv1_Annotator-([0-9]{1,4})")

__all__ = ["COLUMNS", "LICENCE_NOTE", "SCHEMES", "SOURCE", "parse"]


def parse(file: BinaryIO) -> Iterator[ImportedRating | Refusal]:
    """One rating for each row. All rows of a file are of one annotator and each of another incident."""
    rater = None
    for rating in refuse_or_yield(csv_rows(file, COLUMNS, repeated=REPEATED), _rating, "Incident ID"):
        if isinstance(rating, ImportedRating):
            rater = rater or rating.rater
            if rating.rater != rater:
                words = f"belongs to “{rating.rater}”; one file is one annotator's, “{rater}”"
                raise BadFile(rating.line, "Namespace", words)
        yield rating


def _rating(line: int, row: dict[str, str]) -> ImportedRating:
    annotator = NAMESPACE.fullmatch(row["Namespace"].strip())
    if annotator is None:
        raise Unfit("Namespace", "is not of the form CSETv1_Annotator-1")
    labels, through = dict(_answers(row)), set()
    for choice in CHOICES:
        chosen = _chosen(choice, row[choice.column])
        labels |= {(choice.scheme.slug, slug): Stance.PRESENT for slug in chosen}
        through |= {choice.scheme.slug} if chosen else set()
    return ImportedRating(
        rater=f"cset-v1-annotator-{int(annotator[1])}",
        name=f"CSET annotator {int(annotator[1])}",
        external_id=incident_number(row, "Incident ID"),
        labels=labels,
        schemes=frozenset(through),
        line=line,
    )


def _answers(row):
    for column, term in QUESTIONS.items():
        answer = row[column].strip().lower()
        if answer and answer not in STANCES:
            raise Unfit(column, f"“{answer[:60]}” is neither yes, no nor maybe")
        if answer:
            yield (QUESTION_SCHEME.slug, term.slug), STANCES[answer]


def _chosen(choice, cell):
    """The slugs of the terms a cell names. Several are joined by commas, which some terms hold themselves."""
    rest, chosen, several = cell.strip().lower(), [], choice.scheme.allows_several
    if several and rest == "unclear":
        return chosen
    while rest:
        known = [text for text in choice.cells if rest == text or (several and rest.startswith(f"{text}, "))]
        if not known:
            raise Unfit(choice.column, f"“{rest[:60]}” is no value of this column")
        longest = max(known, key=len)
        chosen.append(choice.cells[longest])
        rest = rest[len(longest) :].removeprefix(", ")
    return chosen
