"""Whether two runs can be compared: what was computed by other rules may have moved because of that."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol


class Run(Protocol):
    """What is read of a kept run."""

    code_version: str
    rules: Mapping[str, Any]

    @property
    def compared_with(self) -> Run | None: ...


def by_other_rules(run: Run) -> bool:
    """Whether the run compared with was computed by other statistics, or with other thresholds.

    >>> from types import SimpleNamespace as Kept
    >>> before = Kept(code_version="1", rules={"max_q": 0.1, "sentences": ["In these words."]}, compared_with=None)
    >>> same = Kept(code_version="1", rules={"max_q": 0.1, "sentences": ["In others."]}, compared_with=before)
    >>> stricter = Kept(code_version="1", rules={"max_q": 0.05, "sentences": []}, compared_with=before)
    >>> by_other_rules(before), by_other_rules(same), by_other_rules(stricter)
    (False, False, True)
    """
    before = run.compared_with
    return before is not None and (before.code_version, _thresholds(before)) != (run.code_version, _thresholds(run))


def _thresholds(run: Run) -> dict[str, Any]:
    """The rules of a run but for the words that print them."""
    return {name: value for name, value in run.rules.items() if name != "sentences"}
