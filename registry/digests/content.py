"""What one digest says to one reader, as plain values: composing fills them, rendering reads them."""

from dataclasses import dataclass, field
from datetime import date

from registry.models import PatternRun


@dataclass(frozen=True)
class MovedPattern:
    """One pair of labels whose standing changed. `before` and `now` are cases that carry both, `n` those counted."""

    name: str
    schemes: tuple[str, ...]
    url: str
    movement: str
    sentence: str
    before: int
    now: int
    n: int


@dataclass(frozen=True)
class Patterns:
    """What moved between two runs. `passive` crossed the threshold without a new case; `more` are not listed."""

    moved: tuple[MovedPattern, ...] = ()
    passive: tuple[MovedPattern, ...] = ()
    passive_words: str = ""
    more: int = 0
    n_tests: int = 0
    url: str = ""
    quiet: str = ""
    limits: str = ""

    @property
    def total(self):
        return len(self.moved) + len(self.passive) + self.more


@dataclass(frozen=True)
class Difference:
    """One change of a case: a short value before and after, or a sentence where there is no value to show."""

    field: str = ""
    before: str = ""
    after: str = ""
    said: str = ""


@dataclass(frozen=True)
class CaseLine:
    """One case of a digest. A restricted one has neither title nor text: `restricted` says what to do instead."""

    reference: str
    url: str
    title: str = ""
    summary: str = ""
    facts: tuple[str, ...] = ()
    severity: str = ""
    colour: str = ""
    differences: tuple[Difference, ...] = ()
    restricted: str = ""


@dataclass(frozen=True)
class CaseList:
    """The cases that are listed, and how many there are in all."""

    lines: tuple[CaseLine, ...] = ()
    total: int = 0
    url: str = ""

    @property
    def more(self):
        return self.total - len(self.lines)


@dataclass(frozen=True)
class Weeks:
    """Cases logged per week, in order of time.

    n_unknown    leading weeks before the first case was logged
    n_recent     trailing weeks set against those before
    incomplete   the last week is not over
    mean         of the weeks in between; None where they are too few
    """

    first: date
    last: date
    counts: tuple[int, ...]
    n_unknown: int
    n_recent: int
    incomplete: bool
    mean: float | None

    @property
    def n_baseline(self):
        return max(len(self.counts) - self.n_recent - self.n_unknown, 0)


@dataclass(frozen=True)
class Debt:
    """What one's own cases owe, as a sentence; of the case that is cheapest to clear its number, address and step."""

    said: str
    reference: str = ""
    url: str = ""
    step: str = ""


NO_CASES, NO_PATTERNS = CaseList(), Patterns()


@dataclass(frozen=True)
class Content:
    """A whole digest. Sentences are complete; addresses are absolute.

    scope      what it follows, in words; `urls["cases"]` opens the same cases
    why        one sentence: when it comes, to whom, and because of what
    run        the pattern run it tells of, or None
    reasons    the conditions of its reader that are met
    gone       why there is nothing to follow any more; then only this is said, and nothing below is set
    queue      what waits for its reader; empty for a team, which has none
    """

    subject: str
    period: str
    bottom_line: str
    scope: str
    why: str
    run: PatternRun | None = None
    covers: str = ""
    context: str = ""
    reasons: tuple[str, ...] = ()
    gone: str = ""
    weeks: Weeks | None = None
    patterns: Patterns = NO_PATTERNS
    new: CaseList = NO_CASES
    changed: CaseList = NO_CASES
    closed: CaseList = NO_CASES
    merged: CaseList = NO_CASES
    queue: tuple[str, ...] = ()
    debt: Debt | None = None
    quiet: tuple[str, ...] = ()
    urls: dict[str, str] = field(default_factory=dict)
