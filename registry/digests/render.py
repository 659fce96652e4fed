"""From content to a mail: subject, plain text, HTML with its styles in place, and the chart."""

import re
import textwrap
from dataclasses import dataclass, replace

import css_inline
from django.template.loader import render_to_string

from registry.digests.chart import HEIGHT, WIDTH, weekly_caption, weekly_png, weekly_words
from registry.digests.wording import one_line

LONGEST_SUBJECT = 200
TEXT_WIDTH = 76
MOST_BYTES = 99_000
# How many lines a list may have; the next where the mail grows too large.
LINES = (12, 8, 5, 3)


@dataclass(frozen=True)
class Rendered:
    """The parts of one mail; the HTML shows the chart as `cid:` and its name. Without a chart its bytes are empty."""

    subject: str
    text: str
    html: str
    chart: bytes


def render(content, *, chart_name):
    """Write `content` out. `chart_name` is the Content-ID under which the mail carries the chart.

    Where texts are so long that the mail would be cut by mail programs, its lists end sooner and say how many more.
    """
    chart = weekly_png(content.weeks) if content.weeks else b""
    for most in LINES:
        written = _written(_shortened(content, most), chart, chart_name)
        if _size(written) <= MOST_BYTES:
            break
    return written


def _shortened(content, most):
    lists = {name: getattr(content, name) for name in ("new", "changed", "closed", "merged")}
    return replace(content, **{name: replace(cases, lines=cases.lines[:most]) for name, cases in lists.items()})


def _size(written):
    """Of the mail; the picture travels in Base64, and headers take some."""
    return len(written.html.encode()) + len(written.text.encode()) + len(written.chart) * 3 // 2 + 4_000


def _written(content, chart, chart_name):
    words = {"content": content, "chart": _chart(content.weeks, chart_name)}
    subject = one_line(render_to_string("digests/weekly.subject.txt", words), at_most=LONGEST_SUBJECT)
    html = css_inline.inline(
        render_to_string("digests/weekly.html", words), keep_at_rules=True, load_remote_stylesheets=False
    )
    text = _wrapped(render_to_string("digests/weekly.txt", words))
    return Rendered(subject=subject, text=text, html=_in_short_lines(html), chart=chart)


def _chart(weeks, name):
    if weeks is None:
        return None
    words, caption = weekly_words(weeks), weekly_caption(weeks)
    return {"name": name, "width": WIDTH, "height": HEIGHT, "words": words, "caption": caption}


def _in_short_lines(html):
    """A line of more than 998 bytes would have to be encoded, which triples what is not ASCII."""
    return re.sub(r"\n\s*", "\n", re.sub(r"(?=<(?:table|tr|td|p|h2)\b)", "\n", html))


def _wrapped(text):
    """Lines of at most 76 characters, continued under their own indent; an address is never broken."""
    lines = []
    for line in text.strip().splitlines():
        indent = " " * (len(line) - len(line.lstrip("* ")))
        lines += textwrap.wrap(
            line, TEXT_WIDTH, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False
        ) or [""]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)) + "\n"
