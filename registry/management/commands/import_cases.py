import sys
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from registry.choices import Role
from registry.exchange.importing import SOURCES, import_file
from registry.models import Person


class Command(BaseCommand):
    help = "Import cases from a file of another database: the whole file or nothing."

    def add_arguments(self, parser):
        parser.add_argument("source", choices=sorted(SOURCES), help="what kind of file it is")
        parser.add_argument("file", type=Path)
        parser.add_argument("--dry-run", action="store_true", help="do everything, then take it back")
        parser.add_argument("--as", dest="username", metavar="USER", help="who imports; the first administrator")

    def handle(self, *, source, file, dry_run, username, **options):
        by = self._person(username)
        try:
            opened = file.open("rb")
        except OSError as error:
            raise CommandError(f"{file}: {error.strerror}") from error
        with opened:
            report = import_file(
                source=source, file=opened, by=by, at=timezone.now(), dry_run=dry_run, progress=self._show_progress
            )
        self._say(file, report, dry_run)

    def _person(self, username):
        if username is None:
            administrators = Person.objects.active().filter(role=Role.ADMINISTRATOR).order_by("pk")
            if person := administrators.first():
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

    def _say(self, file, report, dry_run):
        for refusal in report.refusals:
            field = f", {refusal.field}" if refusal.field else ""
            self.stderr.write(f"{file}: line {refusal.line}{field}: {refusal.message}")
        counts = report.counts
        if counts.kept:
            self.stdout.write(f"{counts.kept} fields were left as people here had changed them.")
        if counts.settled:
            self.stdout.write(f"{counts.settled} closed or withdrawn cases were left as they are.")
        if dry_run:
            self.stdout.write("A dry run: nothing was kept.")
        self.stdout.write(
            f"created {counts.created}, changed {counts.changed}, unchanged {counts.unchanged},"
            f" refused {len(report.refusals)}"
        )
        if report.refusals:
            raise CommandError("Nothing was imported: mend the lines above and try again.")
