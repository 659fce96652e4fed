"""How long before a case its warning came, in words."""

from registry.choices import Precision
from registry.web.forms.when import rounded


def lead_time(case):
    """One sentence; empty where the day of the warning or of the case is not known."""
    if case.warned_on is None or case.occurred_from is None:
        return ""
    precision = case.occurred_precision
    first, last = (rounded(case.occurred_from, precision, to_end=end) for end in (False, True))
    if case.warned_on < first:
        about = "" if precision == Precision.DAY else "at least "
        return f"The warning came {about}{days((first - case.warned_on).days)} before."
    if case.warned_on > last:
        about = "" if precision == Precision.DAY else "at least "
        return f"The warning came {about}{days((case.warned_on - last).days)} after: nobody could have heeded it."
    if precision == Precision.DAY:
        return "The warning came on the day it happened."
    return f"The warning came in the {precision} it happened; which of the two came first is not known."


def days(n):
    return f"{n:,} day{'' if n == 1 else 's'}"


def came_after(case):
    """Whether the warning is younger than what it is said to have warned of."""
    return " after: " in lead_time(case)
