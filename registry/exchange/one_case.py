"""One case as a Markdown file. What people wrote is fenced, so that no text in it can pass for the file's own."""

import re

PUNCTUATION = re.compile(r"([\\`*_\[\]<>|~&#])")
# What would begin a list or an underline at the start of a line.
START = re.compile(r"^([-+=]|\d+(?=[.)]))")
TICKS = re.compile(r"`+")
PLAIN_ADDRESS = re.compile(r"https?://[^\s<>\\`]+")


def as_markdown(*, title, lines, sections):
    """The file. `lines` are (name, value) below the title; `sections` are (heading, blocks).

    A block is made by one of `written`, `listed`, `paired` and `tabled`.
    """
    parts = [f"# {inline(title)}", paired(lines)]
    for heading, blocks in sections:
        parts += [f"## {inline(heading)}", *(blocks or ["Nothing."])]
    return "\n\n".join(part for part in parts if part) + "\n"


def written(name, text):
    """A text with the name of its field, fenced longer than anything in it."""
    longest = max((len(run) for run in TICKS.findall(text)), default=0)
    fence = "`" * max(3, longest + 1)
    body = text.replace("\r\n", "\n").replace("\r", "\n").strip("\n")
    return f"### {inline(name)}\n\n{fence}markdown\n{body}\n{fence}"


def listed(items):
    return "\n".join(f"- {item}" for item in items)


def paired(pairs):
    return listed(f"**{inline(name)}:** {value if value else 'not known'}" for name, value in pairs)


def tabled(heads, rows):
    """A table of inline values; None in a row reads “not rated”."""
    lines = [heads, ["---"] * len(heads), *rows]
    return "\n".join(f"| {' | '.join(str(cell) for cell in line)} |" for line in lines)


def inline(text):
    """A text on one line in which nothing is markup."""
    line = PUNCTUATION.sub(r"\\\1", " ".join(str(text).split()))
    return START.sub(lambda found: f"\\{found[0]}" if found[0] in "-+=" else f"{found[0]}\\", line)


def address(url):
    """A web address as a link to itself; as text where it could be anything else."""
    return f"<{url}>" if PLAIN_ADDRESS.fullmatch(url) else inline(url)
