"""The day something is due, in words."""

from dataclasses import dataclass
from datetime import timedelta

from registry.wording import day

SOON = 6


@dataclass(frozen=True)
class Due:
    """A day in words, and whether it has passed."""

    words: str
    late: bool


def due(due_on, today):
    """“due Friday” within the week, “overdue by 3 days” afterwards; None for no day."""
    if due_on is None:
        return None
    over = (today - due_on).days
    if over > 0:
        return Due(f"overdue by {over} day{'s' if over > 1 else ''}", late=True)
    if over == 0:
        return Due("due today", late=False)
    if due_on == today + timedelta(days=1):
        return Due("due tomorrow", late=False)
    return Due(f"due {due_on:%A}" if -over <= SOON else f"due {day(due_on)}", late=False)
