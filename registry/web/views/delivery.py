"""How digests are delivered, for administrators, and the few things they decide there."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from registry.digests import clock, ledger
from registry.models import Digest
from registry.web.delivery_page import delivery_page


def _require_administrator(person):
    if not person.is_administrator:
        raise PermissionDenied("Only administrators look after the delivery of digests.")


@require_safe
@never_cache
def delivery(request):
    _require_administrator(request.user)
    return render(request, "digests/delivery.html", delivery_page(at=clock.database_now()))


@require_POST
def again(request, pk):
    """Let one digest be sent again."""
    _require_administrator(request.user)
    digest = get_object_or_404(Digest, pk=pk)
    try:
        ledger.send_again(digest=digest, by=request.user, at=clock.database_now())
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, "It is due again, and goes out within a minute.")
    return redirect("digest-delivery")
