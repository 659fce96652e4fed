import os
import secrets

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from registry.actions import people
from registry.choices import Role


class Command(BaseCommand):
    help = "Make a person. The password comes from AIR_NEW_PASSWORD; without it one is made and shown once."

    def add_arguments(self, parser):
        parser.add_argument("username")
        parser.add_argument("email")
        parser.add_argument("--role", choices=Role.values, default=Role.REPORTER)
        parser.add_argument("--name", default="", help="as others see it; the user name by default")

    def handle(self, *, username, email, role, name, **options):
        given = os.environ.get("AIR_NEW_PASSWORD", "")
        password = given or secrets.token_urlsafe(15)
        values = {"username": username, "email": email, "name": name, "role": role, "password": password}
        try:
            person = people.create_person(by=None, at=timezone.now(), **values)
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        self.stdout.write(f"{person.username} may sign in as {person.get_role_display().lower()}.")
        if not given:
            self.stdout.write(f"Password, shown this once: {password}")
