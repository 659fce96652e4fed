from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from registry.choices import DigestState
from registry.digests import clock, ledger, send

OUTCOMES = (
    (DigestState.SENT, "sent"),
    (DigestState.QUIET, "quiet"),
    (DigestState.DUE, "put off"),
    (DigestState.REFUSED, "refused"),
    (DigestState.UNCERTAIN, "uncertain"),
    (DigestState.FAILED, "given up"),
)


class Command(BaseCommand):
    help = "Plan and send the digests that are due, without waiting for the worker. Safe to repeat."

    def add_arguments(self, parser):
        parser.add_argument("--at", metavar="ISO-TIME", help="as if it were this time, for example 2026-11-23T07:00Z")

    def handle(self, *, at, **options):
        at = moment(at) if at else clock.database_now()
        planned = ledger.plan(at=at)
        states = send.send_due(at=at)
        counts = ", ".join(f"{word} {states[state]}" for state, word in OUTCOMES if states[state] or word == "sent")
        self.stdout.write(f"planned {len(planned)}, {counts}")


def moment(text):
    try:
        at = parse_datetime(text)
    except ValueError:
        at = None
    if at is None:
        raise CommandError(f"“{text}” is no time; write it like 2026-11-23T07:00Z.")
    return at if timezone.is_aware(at) else timezone.make_aware(at)
