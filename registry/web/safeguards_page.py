"""The safeguards of a case beside what the published matrix says of them."""

from dataclasses import dataclass

from registry.choices import Outcome
from registry.models import Safeguard
from registry.web import layers
from taxonomy.models import ReferenceCell, Verdict


def safeguards_of(case):
    rows = Safeguard.objects.filter(case=case).select_related("technique__scheme", "technique__parent", "failure_mode")
    return list(rows.order_by("order", "technique__scheme__order", "technique__order", "pk"))


def section_context(case):
    """The section of the case page. Two queries; one where nothing is recorded."""
    rows = safeguards_of(case)
    return {
        "safeguards": rows,
        "layers": layers.picture(rows),
        "safeguards_say": summary_of(rows),
        "reference": reference_of(rows),
    }


def summary_of(rows):
    """One line below the heading."""
    if not rows:
        return "What stood between the system and harm"
    caught = sum(row.outcome == Outcome.CAUGHT for row in rows)
    unmet = [row.technique.name for row in rows if row.outcome == Outcome.NOT_EXERCISED and row.deployed != "no"]
    words = f"In the order the behaviour met them; {caught or 'none'} of {len(rows)} caught it"
    if not unmet:
        return words
    left_out = " and ".join([", ".join(unmet[:-1]), unmet[-1]] if len(unmet) > 1 else unmet)
    return f"{words}. Left out of the picture as not exercised: {left_out}"


@dataclass
class Reference:
    """The rows of the published matrix for the techniques of a case, and its sources, numbered."""

    modes: list
    rows: list
    sources: list


def reference_of(safeguards):
    """The Reference for what a case records; None where the matrix says nothing of any of it."""
    cells = list(
        ReferenceCell.objects.filter(technique__in=[row.technique_id for row in safeguards])
        .select_related("failure_mode")
        .order_by("failure_mode__order", "failure_mode_id")
        if safeguards
        else []
    )
    if not cells:
        return None
    modes = list({cell.failure_mode_id: cell.failure_mode for cell in cells}.values())
    sources = list(dict.fromkeys(cell.source for cell in cells))
    by_pair = {(cell.technique_id, cell.failure_mode_id): cell for cell in cells}
    covered = {cell.technique_id for cell in cells}
    rows = [
        {
            "safeguard": row,
            "cells": [
                {
                    "cell": by_pair.get((row.technique_id, mode.pk)),
                    "met": row.failure_mode_id == mode.pk,
                    "source": sources.index(cell.source) + 1
                    if (cell := by_pair.get((row.technique_id, mode.pk)))
                    else 0,
                }
                for mode in modes
            ],
            **agreement_of(row, by_pair.get((row.technique_id, row.failure_mode_id))),
        }
        for row in safeguards
        if row.technique_id in covered
    ]
    return Reference(modes, rows, sources)


AGREEMENT = {
    Verdict.VULNERABLE: ("ok", "check", "Agrees", "the matrix calls it vulnerable to this"),
    Verdict.RESISTANT: ("warn", "half", "Differs", "the matrix calls it resistant to this"),
    Verdict.UNCERTAIN: ("guess", "question", "Open", "the matrix is uncertain here"),
}


def agreement_of(safeguard, cell):
    """Whether the case agrees with the published verdict on the failure mode that it met."""
    if safeguard.failure_mode_id is None:
        failed = safeguard.outcome in (Outcome.MISSED, Outcome.PARTIAL)
        why = "it failed, and no failure mode is recorded" if failed else "no failure of it is recorded"
        return {"kind": "", "symbol": "dash", "word": "Not comparable", "why": why}
    if cell is None:
        return {"kind": "", "symbol": "dash", "word": "Not comparable", "why": "the matrix has no such cell"}
    kind, symbol, word, why = AGREEMENT[cell.verdict]
    return {"kind": kind, "symbol": symbol, "word": word, "why": why}


def clashes_of(techniques, current):
    """For the grid: what others made of rows while somebody was writing. `current` is {technique id: row or None}."""
    return [
        {"technique": node, "row": current[node.pk], "id": f"id_{node.pk}-deployed"}
        for node in techniques
        if node.pk in current
    ]
