from pathlib import Path

from django.conf import settings
from django.core.management.base import CommandError
from django.db import transaction
from django.utils import timezone

from registry.actions import schemes
from registry.management.import_command import ImportCommand, administrator, opened
from taxonomy import exchanging
from taxonomy.formats import LONGEST_FILE, Unreadable


class Command(ImportCommand):
    help = "Bring a vocabulary in from a file (MISP machinetag JSON, SKOS in Turtle or JSON-LD): the whole or nothing."

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path)
        formats = sorted(exchanging.READERS)
        parser.add_argument("--format", dest="syntax", choices=formats, help="if the ending does not tell")
        super().add_arguments(parser)

    def handle(self, *, file, syntax, dry_run, username, **options):
        by = administrator(username)
        if by is None:
            raise CommandError(
                f"There is no administrator called {username}." if username else "There is no administrator."
            )
        syntax = syntax or exchanging.format_of(file.name)
        if syntax is None:
            raise CommandError(f"{file}: the ending does not tell the format; say it with --format.")
        with opened(file) as (vocabulary_file,):
            content = vocabulary_file.read(LONGEST_FILE + 1)
        try:
            # machinetag.json is what MISP calls all its files: the folder has the name.
            name = file.parent.name if file.stem == "machinetag" else file.stem
            vocabulary = exchanging.read(content, syntax=syntax, base=settings.BASE_URL, file=name)
            with transaction.atomic():
                found = schemes.import_scheme(vocabulary=vocabulary, by=by, at=timezone.now())
                transaction.set_rollback(dry_run)
        except Unreadable as error:
            raise CommandError("\n".join(f"{file}: {fault}" for fault in error.faults)) from error
        self._say(found, dry_run)

    def _say(self, found, dry_run):
        for note in found.notes:
            self.stdout.write(f"left out: {note}")
        for term in found.gone:
            self.stdout.write(f"not in the file, stays: {term.slug}")
        self.say_done(
            f"{found.vocabulary.slug}: new {len(found.new)}, changed {len(found.changed)},"
            f" unchanged {len(found.unchanged)}, not in the file {len(found.gone)}",
            dry_run=dry_run,
        )
