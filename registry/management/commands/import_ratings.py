from contextlib import ExitStack
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from registry.choices import Role
from registry.exchange.importing_ratings import FORMATS, import_rating_files
from registry.models import Person


class Command(BaseCommand):
    help = "Import what raters elsewhere said of imported cases, one file a rater: all files or nothing."

    def add_arguments(self, parser):
        parser.add_argument("files", type=Path, nargs="+", metavar="FILE")
        parser.add_argument("--format", dest="kind", choices=sorted(FORMATS), required=True, help="what they are")
        parser.add_argument("--dry-run", action="store_true", help="do everything, then take it back")
        parser.add_argument("--as", dest="username", metavar="USER", help="who imports; the first administrator")

    def handle(self, *, files, kind, dry_run, username, **options):
        by = self._person(username)
        with ExitStack() as stack:
            try:
                opened = [stack.enter_context(path.open("rb")) for path in files]
            except OSError as error:
                raise CommandError(f"{error.filename}: {error.strerror}") from error
            report = import_rating_files(kind=kind, files=opened, by=by, at=timezone.now(), dry_run=dry_run)
        self._say(files, report, dry_run)

    def _person(self, username):
        people = Person.objects.active().filter(role=Role.ADMINISTRATOR).order_by("pk")
        if username is not None:
            people = people.filter(username__iexact=username)
        person = people.first()
        if person is None:
            raise CommandError("Only an administrator imports ratings; name one who may sign in with --as USER.")
        return person

    def _say(self, files, report, dry_run):
        for number, refusal in report.refusals:
            column = f", {refusal.field}" if refusal.field else ""
            self.stderr.write(f"{files[number]}: line {refusal.line}{column}: {refusal.message}")
        counts = report.counts
        if counts.elsewhere:
            self.stdout.write(f"{counts.elsewhere} ratings are of cases that were not imported here; left out.")
        if counts.settled:
            self.stdout.write(f"{counts.settled} ratings are of closed or withdrawn cases; left out.")
        if dry_run:
            self.stdout.write("A dry run: nothing was kept.")
        self.stdout.write(
            f"created {counts.created}, changed {counts.changed}, unchanged {counts.unchanged},"
            f" refused {len(report.refusals)}"
        )
        if report.refusals:
            raise CommandError("Nothing was imported: mend the lines above and try again.")
