"""Independent annotations of the AI Incident Database by CSET (taxonomy version 1): one file is one rater."""

import re
from collections.abc import Iterator
from typing import BinaryIO

from registry.choices import Stance

from .cset_columns import CHOICES, QUESTION_SCHEME, QUESTIONS, SCHEMES
from .reading import csv_rows
from .records import BadFile, ImportedRating, Refusal, Unfit

SOURCE = "aiid"
LICENCE_NOTE = "CC BY-SA 4.0 (share alike): import for your own use; nothing of it ships with the registry."
COLUMNS = ("Namespace", "Incident ID", *QUESTIONS, *(choice.column for choice in CHOICES))
# The export names some columns twice, with the same values; the first stands.
REPEATED = ("AI System",)
STANCES = {"yes": Stance.PRESENT, "no": Stance.ABSENT, "maybe": Stance.UNSURE}
NAMESPACE = re.compile(r"CSETv1_Annotator-([0-9]{1,4})")
LONGEST_NUMBER = 10

__all__ = ["COLUMNS", "LICENCE_NOTE", "SCHEMES", "SOURCE", "parse"]


def parse(file: BinaryIO) -> Iterator[ImportedRating | Refusal]:
    """One rating for each row. All rows of a file are of one annotator and each of another incident."""
    rater, seen = None, {}
    for entry in csv_rows(file, COLUMNS, repeated=REPEATED):
        if isinstance(entry, Refusal):
            yield entry
            continue
        line, row = entry
        try:
            rating = _rating(line, row)
        except Unfit as unfit:
            yield Refusal(line, unfit.field, unfit.message)
            continue
        rater = rater or rating.rater
        if rating.rater != rater:
            raise BadFile(line, "Namespace", f"belongs to “{rating.rater}”; one file is one annotator's, “{rater}”")
        if rating.external_id in seen:
            yield Refusal(line, "Incident ID", f"was annotated on line {seen[rating.external_id]} already")
        seen.setdefault(rating.external_id, line)
        yield rating


def _rating(line: int, row: dict[str, str]) -> ImportedRating:
    annotator = NAMESPACE.fullmatch(row["Namespace"].strip())
    if annotator is None:
        raise Unfit("Namespace", "is not of the form CSETv1_Annotator-1")
    number = row["Incident ID"].strip()
    if not (number.isascii() and number.isdigit() and len(number) <= LONGEST_NUMBER):
        raise Unfit("Incident ID", "is not a number")
    labels, through = dict(_answers(row)), set()
    for choice in CHOICES:
        chosen = _chosen(choice, row[choice.column])
        labels |= {(choice.scheme.slug, slug): Stance.PRESENT for slug in chosen}
        through |= {choice.scheme.slug} if chosen else set()
    return ImportedRating(
        rater=f"cset-v1-annotator-{int(annotator[1])}",
        name=f"CSET annotator {int(annotator[1])}",
        external_id=str(int(number)),
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
