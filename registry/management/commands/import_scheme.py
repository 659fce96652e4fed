from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from registry.actions import schemes
from registry.choices import Role
from registry.models import Person
from taxonomy import exchanging
from taxonomy.formats import LONGEST_FILE, Unreadable


class Command(BaseCommand):
    help = "Bring a vocabulary in from a file (MISP machinetag JSON, SKOS in Turtle or JSON-LD): the whole or nothing."

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path)
        formats = sorted(exchanging.READERS)
        parser.add_argument("--format", dest="syntax", choices=formats, help="if the ending does not tell")
        parser.add_argument("--dry-run", action="store_true", help="say what would change, and change nothing")
        parser.add_argument("--as", dest="username", metavar="USER", help="who imports; the first administrator")

    def handle(self, *, file, syntax, dry_run, username, **options):
        by = self._administrator(username)
        syntax = syntax or exchanging.format_of(file.name)
        if syntax is None:
            raise CommandError(f"{file}: the ending does not tell the format; say it with --format.")
        try:
            with file.open("rb") as opened:
                content = opened.read(LONGEST_FILE + 1)
            # machinetag.json is what MISP calls all its files: the folder has the name.
            name = file.parent.name if file.stem == "machinetag" else file.stem
            vocabulary = exchanging.read(content, syntax=syntax, base=settings.BASE_URL, file=name)
            with transaction.atomic():
                found = schemes.import_scheme(vocabulary=vocabulary, by=by, at=timezone.now())
                transaction.set_rollback(dry_run)
        except OSError as error:
            raise CommandError(f"{file}: {error.strerror}") from error
        except Unreadable as error:
            raise CommandError("\n".join(f"{file}: {fault}" for fault in error.faults)) from error
        self._say(found, dry_run)

    def _administrator(self, username):
        administrators = Person.objects.active().filter(role=Role.ADMINISTRATOR).order_by("pk")
        if username:
            administrators = administrators.filter(username__iexact=username)
        if person := administrators.first():
            return person
        raise CommandError(
            f"There is no administrator called {username}." if username else "There is no administrator."
        )

    def _say(self, found, dry_run):
        for note in found.notes:
            self.stdout.write(f"left out: {note}")
        for term in found.gone:
            self.stdout.write(f"not in the file, stays: {term.slug}")
        if dry_run:
            self.stdout.write("A dry run: nothing was kept.")
        self.stdout.write(
            f"{found.vocabulary.slug}: new {len(found.new)}, changed {len(found.changed)},"
            f" unchanged {len(found.unchanged)}, not in the file {len(found.gone)}"
        )
