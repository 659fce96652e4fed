"""Numbers, lists and texts of a digest in words."""

import unicodedata

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


def listed(words, *, last="and"):
    """“a”, “a and b”, “a, b and c”."""
    words = list(words)
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
