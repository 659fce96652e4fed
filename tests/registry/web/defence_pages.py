"""The page of defence in depth in tests: safeguards recorded, a run of them, and what the page says."""

import csv
import io
import re

from registry import access
from registry.patterns.safeguard_rows import read_safeguards
from taxonomy.models import Node
from tests.analysed import safeguard
from tests.factories import make_case, make_run
from tests.registry.patterns.safeguards import ROWS

TECHNIQUES = ("rlhf", "rlaif", "red-team", "monitoring")
OUTCOMES = {"1": "missed", "0": "caught", "-": "unknown"}


def record(rows=ROWS, *, times=1, mode="eval-diff"):
    """The worked example as safeguards of cases; RLHF misses by `mode`."""
    nodes = [Node.objects.get(slug=slug) for slug in TECHNIQUES]
    how = Node.objects.get(slug=mode)
    cases = []
    for row in rows * times:
        cases.append(make_case())
        for node, sign in zip(nodes, row, strict=True):
            named = how if (sign, node.slug) == ("1", "rlhf") else None
            values = {"deployed": "yes", "outcome": OUTCOMES[sign], "failure_mode": named}
            safeguard(case=cases[-1], technique=node, **values)
    return cases


def kept_run(**values):
    """A run with the safeguards as they are recorded now."""
    run = make_run(n_groups=access.counted_cases().count(), **values)
    read_safeguards(access.counted_cases()).keep(run)
    return run


def section(response, name):
    """The text of one section of the page."""
    found = re.search(rf'<section[^>]* id="{name}".*?</section>', response.content.decode(), re.S)
    return " ".join(re.sub(r"<[^>]+>", " ", found[0]).split()).replace("\u202f", " ").replace("&nbsp;", " ")


def row_of(response, name):
    """The text of the row of the first table that a technique heads."""
    table = re.search(r'<table class="depth">.*?</table>', response.content.decode(), re.S)[0]
    row = next(row for row in re.findall(r"<tr>.*?</tr>", table, re.S) if f">{name}</a>" in row)
    return " ".join(re.sub(r"<[^>]+>", " ", row).split()).replace("\u202f", " ")


def read_file(response):
    text = b"".join(response.streaming_content).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


def listed(client, address):
    """The numbers of the cases behind an address of the page."""
    return sorted(case.pk for case in client.get(address.replace("&amp;", "&")).context["rows"])


def chosen(*slugs):
    return "&".join(["portfolio=1", *(f"t=technique:{slug}" for slug in slugs)])
