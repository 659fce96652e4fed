import sys
from pathlib import Path

from django.core.management.base import CommandError
from django.utils import timezone

from registry.exchange.importing import SOURCES, import_file
from registry.management.import_command import ImportCommand, administrator, opened
from registry.models import Person

TOLD = {
    "kept": "{n} fields were left as people here had changed them.",
    "settled": "{n} closed or withdrawn cases were left as they are.",
}


class Command(ImportCommand):
    help = "Import cases from a file of another database: the whole file or nothing."

    def add_arguments(self, parser):
        parser.add_argument("source", choices=sorted(SOURCES), help="what kind of file it is")
        parser.add_argument("file", type=Path)
        super().add_arguments(parser)

    def handle(self, *, source, file, dry_run, username, **options):
        by = self._person(username)
        with opened(file) as (content,):
            report = import_file(
                source=source, file=content, by=by, at=timezone.now(), dry_run=dry_run, progress=self._show_progress
            )
        refused = [(file, refusal) for refusal in report.refusals]
        self.conclude(report.counts, refused, told=TOLD, dry_run=dry_run)

    def _person(self, username):
        if username is None:
            if person := administrator(username):
                return person
            raise CommandError("There is no administrator yet; name somebody with --as USER.")
        person = Person.objects.active().filter(username__iexact=username).first()
        if person is None:
            raise CommandError(f"There is nobody called {username} who may sign in.")
        if not person.may_log:
            raise CommandError(f"{person} is a reader, and readers do not log cases.")
        return person

    def _show_progress(self, done, total):
        if not sys.stderr.isatty() or (done % 50 and done != total):
            return
        filled = done * 30 // total
        end = "\n" if done == total else ""
        self.stderr.write(f"\r[{'█' * filled}{' ' * (30 - filled)}] {done} of {total}", ending=end)
