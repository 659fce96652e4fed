"""The incidents table of an AI Incident Database snapshot, as CSV with one incident a row."""

from collections.abc import Iterator
from typing import BinaryIO

from .reading import csv_rows, json_value
from .records import ImportedCase, ImportedSource, Refusal, Unfit, refuse_or_yield
from .wording import clean_line, clean_name, clean_text, distinct, fit_title, full_title, paragraphs, period

SOURCE = "aiid"
NAME = "AI Incident Database"
LICENCE_NOTE = "CC BY-SA 4.0 (share alike): import for your own use; nothing of it ships with the registry."

DEPLOYER = "Alleged deployer of AI system"
DEVELOPER = "Alleged developer of AI system"
AFFECTED = "Alleged harmed or nearly harmed parties"
COLUMNS = ("incident_id", "date", "reports", DEPLOYER, DEVELOPER, AFFECTED, "description", "title")

# Names that capital letters at the start of each word would misspell.
SPELLINGS = {
    "openai": "OpenAI",
    "xai": "xAI",
    "youtube": "YouTube",
    "tiktok": "TikTok",
    "linkedin": "LinkedIn",
    "deepmind": "DeepMind",
    "google-deepmind": "Google DeepMind",
    "deepseek": "DeepSeek",
    "github": "GitHub",
    "whatsapp": "WhatsApp",
    "paypal": "PayPal",
    "doordash": "DoorDash",
    "ibm": "IBM",
    "nvidia": "NVIDIA",
    "character.ai": "Character.AI",
    "chatgpt": "ChatGPT",
    "eleutherai": "EleutherAI",
    "laion": "LAION",
    "pimeyes": "PimEyes",
    "u.s.": "U.S.",
    "u.k.": "U.K.",
}
SMALL_WORDS = {"a", "and", "at", "by", "for", "from", "in", "of", "on", "the", "to", "with"}
CAPITALS = {"ai", "aws", "uk", "us", "usa", "eu", "nyc", "dmv", "bbc", "cnn", "lapd", "nypd"}


def parse(file: BinaryIO) -> Iterator[ImportedCase | Refusal]:
    """Incidents of a snapshot, under their incident numbers.

    A number that was merged into another stays in the table with `reports` empty. It is imported like any other
    and its context says so: the table does not say which number took it over.
    """
    return refuse_or_yield(csv_rows(file, COLUMNS), _case, "incident_id")


def _case(line: int, row: dict[str, str]) -> ImportedCase:
    number = incident_number(row, "incident_id")
    title = clean_line(row["title"], "title")
    behaviour = clean_text(row["description"], "description") or title
    if not behaviour:
        raise Unfit("description", "is empty, and so is the title")
    first, last, precision = period(row["date"], "date")
    url = f"https://incidentdatabase.ai/cite/{number}"
    return ImportedCase(
        external_id=number,
        url=url,
        title=fit_title(title, behaviour),
        context=paragraphs(full_title(title), _reports(row)),
        observed_behaviour=behaviour,
        kind="incident",
        occurred_from=first,
        occurred_to=last,
        occurred_precision=precision,
        developers=_names(row, DEVELOPER),
        deployers=_names(row, DEPLOYER),
        affected=_names(row, AFFECTED),
        sources=(ImportedSource(url=url, title=f"{NAME}, incident {number}", publisher=NAME, kind="database"),),
        line=line,
    )


def incident_number(row: dict[str, str], column: str) -> str:
    text = row[column].strip()
    if not (text.isascii() and text.isdigit() and len(text) <= 9 and int(text) > 0):
        raise Unfit(column, "must be a number above zero")
    return str(int(text))


def _reports(row: dict[str, str]) -> str:
    numbers = _list(row, "reports")
    if any(not isinstance(number, int) or isinstance(number, bool) for number in numbers):
        raise Unfit("reports", "must be a list of numbers")
    if not numbers:
        return f"The {NAME} lists no report under this number; such a number has usually been merged into another."
    return f"Reports in the {NAME}: {', '.join(map(str, numbers))}."


def _names(row: dict[str, str], column: str) -> tuple[str, ...]:
    slugs = _list(row, column)
    if any(not isinstance(slug, str) for slug in slugs):
        raise Unfit(column, "must be a list of names")
    return distinct([clean_name(_spelt_out(slug), column) for slug in slugs])


def _list(row: dict[str, str], column: str) -> list:
    text = row[column].strip()
    value = json_value(text, column) if text else []
    if not isinstance(value, list):
        raise Unfit(column, "must be a list")
    return value


def _spelt_out(slug: str) -> str:
    slug = slug.strip()
    if slug in SPELLINGS:
        return SPELLINGS[slug]
    words = [word for word in slug.split("-") if word]
    return " ".join(_capitalised(word, opening=index == 0) for index, word in enumerate(words))


def _capitalised(word: str, *, opening: bool) -> str:
    if word.strip("()") in CAPITALS:
        return word.upper()
    if word in SPELLINGS:
        return SPELLINGS[word]
    if word in SMALL_WORDS and not opening:
        return word
    start = 1 if word[0] in "(\"'" else 0
    return word[:start] + word[start : start + 1].upper() + word[start + 1 :]
