"""The tables of the page of defence in depth as files."""

import numpy as np

from registry.patterns import safeguards
from registry.patterns.arrays import finite
from registry.web import defence_cases, defence_matrix


def table(name, run, query):
    """(file name, heads, rows) of one table; None where there is no such table."""
    maker = TABLES.get(name)
    if maker is None:
        return None
    reference = defence_matrix.Reference()
    heads, rows = maker(reference, defence_cases.Recorded(run, reference), query)
    return f"defence-{name}" + (f"-run-{run.pk}" if run else ""), heads, rows


def matrix(reference, recorded, query):
    heads = ["Technique", "Failure mode", "Verdict", "Confidence", "Source"]
    cells = ((a, b, reference.cells.get((a.pk, b.node.pk))) for a in reference.techniques for b in reference.modes)
    return heads, [
        [a.name, b.node.name, cell.get_verdict_display(), cell.get_certainty_display(), cell.source]
        for a, b, cell in cells
        if cell
    ]


def outcomes(reference, recorded, query):
    """One row for each technique; empty where nothing is recorded, 0 where that is known."""
    heads = ["Technique", "Scheme", "Missed", "Outcome known", "Low", "High", "Absent though expected"]
    modes = [*(mode.node.name for mode in recorded.modes), "mode not said"]
    heads += [f"Missed: {name}" for name in modes] + [f"Of these partly stopped: {name}" for name in modes]
    rows = []
    for place, row in enumerate(defence_cases.outcome_rows(recorded, reference)):
        known = row["n"] > 0
        shown = row["n"] >= recorded.rules.min_rate_n
        low, high = (float(end[place]) if shown else None for end in (recorded.rates.low, recorded.rates.high))
        unsaid = {"row": row["unsaid"], "n": row["unsaid"].n if row["unsaid"] else 0 if known else None}
        cells = [*row["modes"], unsaid]
        rows.append(
            [row["node"].name, row["node"].scheme.name, row["k"] if known else None, row["n"], low, high]
            + [row["absent"].n if row["absent"] else None]
            + [cell["n"] for cell in cells]
            + [cell["row"].n_partial if cell["row"] else cell["n"] for cell in cells]
        )
    return heads, rows


def joint(reference, recorded, query):
    """Every pair with enough known outcomes, in the order of the techniques."""
    heads = ["First", "Second", "Both missed", "First missed", "Second missed", "Complete rows", "Low", "High"]
    heads += ["Expected share", "Ratio", "Ratio low", "Ratio high", "Phi", "p", "q", "Flagged"]
    found = safeguards.joint_misses(recorded.outcomes, recorded.rules)
    names = recorded.names(range(len(recorded.techniques)))
    rows = []
    for at in range(len(found.n)):
        counts = [int(column[at]) for column in (found.k, found.k_a, found.k_b, found.n)]
        ends = [found.low[at], found.high[at]] if counts[3] >= recorded.rules.min_rate_n else [np.nan] * 2
        shown = counts[0] >= recorded.rules.min_joint
        ratio = [column[at] if shown else np.nan for column in (found.ratio, found.ratio_low, found.ratio_high)]
        numbers = [*ends, found.expected[at], *ratio, found.phi[at], found.p[at], found.q[at]]
        pair = [names[found.a[at]], names[found.b[at]]]
        rows.append([*pair, *counts, *map(finite, numbers), bool(found.flagged[at])])
    return heads, rows


def fails(reference, recorded, query):
    """What the others did where one failed, and where it caught it."""
    heads = ["Failed", "Technique", "Missed too", "Of", "Low", "High"]
    heads += ["Missed where the first caught it", "Of", "Low", "High"]
    failed = defence_cases.fails_in(recorded, query)
    if failed is None:
        return heads, []
    found = safeguards.if_one_fails(recorded.outcomes, failed)
    least, names, rows = recorded.rules.min_rate_n, recorded.names(range(len(recorded.techniques))), []
    for place in recorded.enough:
        given = cells_of(found.k, found.n, found.low, found.high, place, least)
        otherwise = cells_of(found.k_else, found.n_else, found.low_else, found.high_else, place, least)
        if place != failed:
            rows.append([names[failed], names[place], *given, *otherwise])
    return heads, rows


def cells_of(k, n, low, high, place, least):
    ends = [low[place], high[place]] if n[place] >= least else [np.nan] * 2
    return [int(k[place]), int(n[place]), *map(finite, ends)]


def portfolio(reference, recorded, query):
    """The failure modes against the techniques chosen."""
    section = defence_matrix.what_if(reference, defence_matrix.chosen_in(reference, query))
    names = [node.name for node in section["chosen"]] if section else []
    heads = ["Failure mode", *names, "State"]
    return heads, [
        [row["mode"].node.name]
        + [entry["cell"].get_verdict_display() if entry else None for entry in row["cells"]]
        + [defence_matrix.STATES[row["state"]]]
        for row in (section["rows"] if section else [])
    ]


TABLES = {"matrix": matrix, "outcomes": outcomes, "joint": joint, "fails": fails, "portfolio": portfolio}
