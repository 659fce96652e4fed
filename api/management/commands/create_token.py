"""`manage.py create_token USER NAME --scope cases:read`: make a token and print it, alone, once."""

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from api.models import Scope
from api.tokens import DEFAULT_DAYS, create_token
from registry.models import Person


class Command(BaseCommand):
    help = "Make an API token of a person. It is printed once and cannot be had again."

    def add_arguments(self, parser):
        parser.add_argument("username", metavar="USER")
        parser.add_argument("name", metavar="NAME", help="what uses it")
        parser.add_argument(
            "--scope", action="append", required=True, choices=Scope.values, help="may be given several times"
        )
        parser.add_argument(
            "--days", type=int, default=DEFAULT_DAYS, help=f"how long it lives, {DEFAULT_DAYS} unless given"
        )

    def handle(self, *, username, name, scope, days, **options):
        person = Person.objects.active().filter(username__iexact=username).first()
        if person is None:
            raise CommandError(f"Nobody called “{username}” may sign in.")
        try:
            _, text = create_token(by=None, at=timezone.now(), person=person, name=name, scopes=scope, days=days)
        except ValidationError as refused:
            raise CommandError(" ".join(refused.messages)) from None
        self.stdout.write(text)
