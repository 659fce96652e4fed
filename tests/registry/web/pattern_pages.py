"""Opening a pattern page and reading it as it was sent, and rows of a run that only these pages need."""

import csv
import io

from registry.models import PatternForesight, PatternMiss, PatternSplit, Population
from tests.factories import NOW


def opened(client, person, address="/patterns/"):
    client.force_login(person)
    return client.get(address)


def html_of(response):
    return response.content.decode()


def csv_lines(response):
    """The lines of a file as lists of texts."""
    text = b"".join(response.streaming_content).decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text)))


def make_split(pair, dimension="setting", **strata):
    """One pair by one dimension; each stratum as (joint, k_a, k_b, n), `unknown` for the one without a name."""
    names = ["" if name == "unknown" else name.removeprefix("_") for name in strata]
    columns = zip(*strata.values(), strict=True)
    counts = dict(zip(("joint", "k_a", "k_b", "n"), map(list, columns), strict=True))
    return PatternSplit.objects.create(pair=pair, dimension=dimension, strata=names, **counts)


def make_foresight(run, node=None, *, warned=12, foreseeable=9, not_foreseeable=13, unknown=20, lead_days=()):
    return PatternForesight.objects.create(
        run=run,
        node=node,
        warned=warned,
        foreseeable=foreseeable,
        not_foreseeable=not_foreseeable,
        unknown=unknown,
        lead_days=list(lead_days),
    )


def make_absence(run, technique, case_ids, *, n=None):
    """A technique that was expected to catch these cases and was not in place."""
    n = len(case_ids) if n is None else n
    return PatternMiss.objects.create(run=run, technique=technique, absent=True, n=n, case_ids=case_ids)


def make_population(person, *, label_rule="adjudicated", query=""):
    """Other labels than those agreed, or some of the cases."""
    return Population.objects.create(label_rule=label_rule, query=query, asked_by=person, created_at=NOW)
