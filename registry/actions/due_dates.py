"""Cases whose day has come: their owner is told, once for each day that was set."""

from datetime import UTC

from django.db import transaction
from django.db.models import DateTimeField, Exists, OuterRef
from django.db.models.functions import Cast
from django.utils import timezone

from registry.actions.notifications import tell
from registry.choices import NotificationKind
from registry.models import Case, Notification

# The next round takes the rest.
MOST_AT_ONCE = 500


def tell_owners(*, at):
    """Tell the owner of each open case that is due; returns how many were told. Safe to run twice, or at once."""
    numbers = list(due_cases(at).order_by("due_on", "pk").values_list("pk", flat=True)[:MOST_AT_ONCE])
    return sum(_tell_owner(number, at=at) for number in numbers)


def due_cases(at):
    """The open cases whose day has come and whose owner has not been told since."""
    told = Notification.objects.filter(
        case=OuterRef("pk"), kind=NotificationKind.DUE, at__gte=Cast(OuterRef("due_on"), DateTimeField())
    )
    today = timezone.localdate(at, UTC)
    return Case.objects.open().filter(~Exists(told), due_on__lte=today, owner__is_active=True)


@transaction.atomic
def _tell_owner(number, *, at):
    case = (
        due_cases(at)
        .select_for_update(skip_locked=True, of=("self",))
        .select_related("owner")
        .filter(pk=number)
        .first()
    )
    return tell(case=case, kind=NotificationKind.DUE, by=None, at=at, to=[case.owner]) if case else 0
