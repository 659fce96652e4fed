"""Who wants to hear of a case."""

from registry import access
from registry.actions.notifications import hearing_of, is_involved
from registry.actions.signing import lock, signed
from registry.models import CaseWatch


@signed
def hear_of_case(*, case, by, at, watching):
    """Hear of what happens in `case` from now on, or not, though involved in it. Returns whether `by` does."""
    case = lock(case)
    rows = CaseWatch.objects.filter(case=case, person=by)
    if not watching and not is_involved(by, case):
        rows.delete()
        return False
    CaseWatch.objects.update_or_create(case=case, person=by, defaults={"watching": watching})
    return watching


def hearers(case):
    """The people who hear of `case`, by name. One query."""
    return hearing_of(case, access.people_who_see(case))
