"""Turns a source's text into text the registry can hold: clean characters, lengths, titles, dates, addresses."""

import re
from calendar import monthrange
from datetime import date

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator

from .records import Unfit

MAX_TEXT = 50_000
MAX_NAME = 200
MIN_TITLE, MAX_TITLE = 6, 200
MAX_SOURCE_TITLE = 500
MAX_URL = 1000

_LINE_ENDS = re.compile("\r\n|[\r\v\f\x85\u2028\u2029]")
# Zero-width spaces, byte-order marks, bidirectional controls, tag characters and the C0 and C1 controls.
_UNSEEN = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e"
    "\u2060-\u206f\ufeff\ufff9-\ufffb\U000e0000-\U000e007f]"
)
# A joiner means something between two characters beyond the Latin ranges (emoji, Persian, Indic), nowhere else.
_BEYOND_LATIN = "[^\x00-\u036f\u2000-\u206f]"
_STRAY_JOINER = re.compile(f"[\u200c\u200d](?:(?<!{_BEYOND_LATIN}[\u200c\u200d])|(?!{_BEYOND_LATIN}))")
_NOTHING = {"", "-", "n/a", "na", "none", "null", "unknown"}
_is_web_address = URLValidator(schemes=["http", "https"])


def clean_text(text: str, field: str) -> str:
    """Line ends as \\n, invisible characters dropped, outer blanks stripped; refused over 50,000 characters."""
    # Most texts are plain; the three passes below take ten times as long or more.
    if not (text.isascii() and text.isprintable()):
        text = _STRAY_JOINER.sub("", _UNSEEN.sub("", _LINE_ENDS.sub("\n", text)))
    text = text.strip()
    if len(text) > MAX_TEXT:
        raise Unfit(field, f"has {len(text):,} characters; the limit is {MAX_TEXT:,}")
    return text


def clean_line(text: str, field: str) -> str:
    """As `clean_text`, with every run of blanks and line ends as one blank."""
    return " ".join(clean_text(text, field).split())


def clean_name(text: str, field: str) -> str:
    """The name of a system or organisation; empty for the ways in which sources write that they know none."""
    name = clean_line(text, field)
    if len(name) > MAX_NAME:
        raise Unfit(field, f"has {len(name):,} characters; a name is limited to {MAX_NAME}")
    return "" if name.casefold() in _NOTHING else name


def shorten(text: str, limit: int) -> str:
    """`text` if it fits, else its beginning up to a word's end and an ellipsis, `limit` characters at most."""
    if len(text) <= limit:
        return text
    head = text[: limit - 1]
    # A word longer than half the limit is cut inside: better than a title that is almost empty.
    word_end = head.rfind(" ") if text[limit - 1] != " " else limit - 1
    return (head[:word_end] if word_end > limit // 2 else head).rstrip(" ,;:–-") + "…"


def fit_title(title: str, behaviour: str) -> str:
    """A title of 6 to 200 characters; one that is too short is continued with what was observed."""
    if len(title) < MIN_TITLE:
        title = ": ".join(text for text in (title, " ".join(behaviour.split())) if text)
    return shorten(title, MAX_TITLE) if len(title) >= MIN_TITLE else f"Untitled: {title}"


def full_title(title: str) -> str:
    """A sentence for the context that keeps a title which `fit_title` has to cut, else an empty text."""
    return f"Full title: {title}" if len(title) > MAX_TITLE else ""


def period(text: str, field: str) -> tuple[date | None, date | None, str]:
    """First day, last day and precision of `2016`, `2016-05` or `2016-05-19`; an empty text is unknown."""
    text = text.strip()
    if not text:
        return None, None, "unknown"
    match = re.fullmatch(r"([0-9]{4})(?:-([0-9]{2}))?(?:-([0-9]{2}))?", text)
    if not match:
        raise Unfit(field, "must be a date such as 2016-05-19, 2016-05 or 2016")
    year, month, day = (int(part) if part else None for part in match.groups())
    try:
        first = date(year, month or 1, day or 1)
    except ValueError:
        raise Unfit(field, f"{text} is no date of the calendar") from None
    if day:
        return first, first, "day"
    if month:
        return first, first.replace(day=monthrange(year, month)[1]), "month"
    return first, date(year, 12, 31), "year"


def web_address(text: str) -> str:
    """`text` if it is an http(s) address the registry can hold, else an empty text."""
    if len(text) > MAX_URL:
        return ""
    text = clean_line(text, "")
    try:
        _is_web_address(text)
    except ValidationError:
        return ""
    return text


def paragraphs(*texts: str) -> str:
    """The texts that say something, a blank line between them."""
    return "\n\n".join(text for text in texts if text)


def distinct(names: list[str]) -> tuple[str, ...]:
    """The names that are not empty, in order, each once whatever its case."""
    first: dict[str, str] = {}
    for name in filter(None, names):
        first.setdefault(name.casefold(), name)
    return tuple(first.values())
