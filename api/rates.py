"""How many requests one caller may send in a minute. Counted in PostgreSQL: requests never touch Redis."""

import hashlib
from dataclasses import dataclass
from datetime import timedelta
from math import ceil

from django.conf import settings
from django.db import connection

from api.errors import Problem
from api.models import RateWindow

WINDOW = timedelta(minutes=1)
# Refused tokens from one network address in a window. A token that is genuine is taken all the same.
MOST_REFUSED_TOKENS = 60
# An address is never seen again, perhaps; a row for it shall not stay.
FORGOTTEN_AFTER = timedelta(hours=1)

# The table is unlogged, so a commit of this waits for no disk. `{source}` yields the caller and the time.
COUNT = """INSERT INTO api_ratewindow AS w (caller, began_at, n_requests) {source}
ON CONFLICT (caller) DO UPDATE SET
  n_requests = CASE WHEN w.began_at > excluded.began_at - interval '60 seconds' THEN w.n_requests + 1 ELSE 1 END,
  began_at = CASE WHEN w.began_at > excluded.began_at - interval '60 seconds' THEN w.began_at ELSE excluded.began_at END
RETURNING began_at, n_requests"""
COUNT_ONE = COUNT.format(source="VALUES (%s, %s, 1)")


@dataclass(frozen=True)
class Allowance:
    """What a caller may still send: `used` of `limit` in a window that ends in `seconds`."""

    limit: int
    used: int
    seconds: int

    @property
    def remaining(self):
        return max(self.limit - self.used, 0)

    @property
    def headers(self):
        return {
            "RateLimit-Limit": str(self.limit),
            "RateLimit-Remaining": str(self.remaining),
            "RateLimit-Reset": str(self.seconds),
            "RateLimit-Policy": f"{self.limit};w={int(WINDOW.total_seconds())}",
        }


def limited():
    """Whether requests are counted at all."""
    return settings.API_REQUESTS_PER_MINUTE > 0


def allowance_of(began_at, used, *, at, limit=None):
    """What a window that began at `began_at` leaves."""
    left = (began_at + WINDOW - at).total_seconds()
    return Allowance(limit or settings.API_REQUESTS_PER_MINUTE, used, max(ceil(left), 1))


def require_some_left(allowance):
    if allowance.used > allowance.limit:
        detail = f"At most {allowance.limit:,} in {int(WINDOW.total_seconds())} seconds are taken."
        raise Problem("too-many-requests", detail, headers={"Retry-After": str(allowance.seconds)})


def counted(caller, *, at, limit=None):
    """Count one request of `caller`; the allowance after it."""
    with connection.cursor() as cursor:
        cursor.execute(COUNT_ONE, [caller, at])
        return allowance_of(*cursor.fetchone(), at=at, limit=limit)


def count_refused_token(address, *, at):
    """Count a sign-in that failed; Problem once there were too many from that network address."""
    if limited():
        caller = f"i{hashlib.sha256(address.encode()).hexdigest()[:19]}"
        require_some_left(counted(caller, at=at, limit=MOST_REFUSED_TOKENS))


def forget_windows(*, at):
    RateWindow.objects.filter(began_at__lt=at - FORGOTTEN_AFTER).delete()
