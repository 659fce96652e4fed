"""Numbers, lists and texts of a digest in words."""

import unicodedata
from datetime import timedelta

from markdown_it import MarkdownIt

NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
MARKDOWN = MarkdownIt("commonmark")
# Controls, invisible and direction-changing characters: a title must not rearrange a mail.
UNSEEN = frozenset({"Cc", "Cf", "Co", "Cs", "Zl", "Zp"})


def counted(n, noun):
    """“3 new cases”, “1 new case”; the plural takes an s."""
    return f"{n:,} {noun}" if n == 1 else f"{n:,} {noun}s"


def in_words(n):
    """Up to twelve as a word, “no” for none; above as figures."""
    return NUMBERS[n] if n < len(NUMBERS) else f"{n:,}"


def amount(value):
    """A debt as the pages round it, without a nought behind the point: “34”, “5.6”, “1,200”."""
    return f"{value:,.1f}".removesuffix(".0")


def span(length):
    """How long, in the largest unit that fits: “two weeks”, “nine days”, “one month”, “five hours”."""
    hours = round(length / timedelta(hours=1))
    days = round(hours / 24)
    if hours < 20:
        n, unit = max(hours, 1), "hour"
    elif 28 < days <= 31:
        n, unit = 1, "month"
    else:
        n, unit = (days // 7, "week") if days and days % 7 == 0 else (max(days, 1), "day")
    return f"{in_words(n)} {unit}{'' if n == 1 else 's'}"


def listed(words, *, last="and"):
    """“a”, “a and b”, “a, b and c”."""
    words = [str(word) for word in words]
    return f" {last} ".join(filter(None, [", ".join(words[:-1]), words[-1]])) if words else ""


def sentence(text):
    """`text` with a capital and a full stop."""
    return f"{text[:1].upper()}{text[1:]}."


def one_line(text, *, at_most):
    """`text` on one line of visible characters, cut at a word where it is longer than `at_most`."""
    seen = "".join(" " if unicodedata.category(sign) in UNSEEN else sign for sign in text)
    line = " ".join(seen.split())
    if len(line) <= at_most:
        return line
    cut = line[: at_most - 1]
    return f"{cut.rpartition(' ')[0] or cut}…"


def opening(markdown, *, at_most):
    """The first paragraph of a Markdown text, without its marks, on one line."""
    for token in MARKDOWN.parse(markdown[:4000]):
        if token.type == "inline" and token.content.strip():
            parts = (" " if child.type.endswith("break") else child.content for child in token.children)
            return one_line("".join(parts), at_most=at_most)
    return ""
