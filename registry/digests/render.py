"""From content to a mail: subject, plain text, HTML with its styles in place, and the chart."""

import re
import textwrap
from dataclasses import dataclass

import css_inline
from django.template.loader import render_to_string

from registry.digests.chart import HEIGHT, WIDTH, weekly_png, weekly_words
from registry.digests.wording import one_line

LONGEST_SUBJECT = 200
TEXT_WIDTH = 76


@dataclass(frozen=True)
class Rendered:
    """The parts of one mail; the HTML shows the chart as `cid:` and its name."""

    subject: str
    text: str
    html: str
    chart: bytes


def render(content, *, chart_name):
    """Write `content` out. `chart_name` is the Content-ID under which the mail carries the chart."""
    words = {
        "content": content,
        "chart": {"name": chart_name, "width": WIDTH, "height": HEIGHT, "words": weekly_words(content.weeks)},
    }
    subject = one_line(render_to_string("digests/weekly.subject.txt", words), at_most=LONGEST_SUBJECT)
    html = css_inline.inline(
        render_to_string("digests/weekly.html", words), keep_at_rules=True, load_remote_stylesheets=False
    )
    return Rendered(
        subject=subject,
        text=_wrapped(render_to_string("digests/weekly.txt", words)),
        html=re.sub(r"\n\s*", "\n", html),
        chart=weekly_png(content.weeks),
    )


def _wrapped(text):
    """Lines of at most 76 characters, continued under their own indent; an address is never broken."""
    lines = []
    for line in text.strip().splitlines():
        indent = " " * (len(line) - len(line.lstrip("* ")))
        lines += textwrap.wrap(
            line, TEXT_WIDTH, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False
        ) or [""]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)) + "\n"
