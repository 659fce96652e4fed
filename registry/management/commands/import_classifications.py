from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from registry.choices import Role
from registry.exchange.classified_columns import FORMATS
from registry.exchange.importing_classifications import import_classification_file
from registry.models import Person

LEFT_OUT = {
    "elsewhere": "{n} rows are of cases that were not imported here; left out.",
    "settled": "{n} rows are of closed or withdrawn cases; left out.",
    "doubled": "{n} rows are of a case of which another row speaks; left out.",
    "decided": "{n} labels were decided on by a reviewer here; the decision stands.",
    "retired": "{n} labels are out of use here; left out.",
}


class Command(BaseCommand):
    help = "Import how the AI Incident Database classified cases that were imported from it: the whole file or nothing."

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path)
        parser.add_argument("--format", dest="kind", choices=sorted(FORMATS), required=True, help="what it is")
        parser.add_argument("--with-drafts", action="store_true", help="also what is not published there")
        parser.add_argument("--dry-run", action="store_true", help="do everything, then take it back")
        parser.add_argument("--as", dest="username", metavar="USER", help="who imports; the first administrator")

    def handle(self, *, file, kind, with_drafts, dry_run, username, **options):
        by = self._person(username)
        try:
            opened = file.open("rb")
        except OSError as error:
            raise CommandError(f"{file}: {error.strerror}") from error
        with opened:
            report = import_classification_file(
                kind=kind, file=opened, by=by, at=timezone.now(), with_drafts=with_drafts, dry_run=dry_run
            )
        self._say(file, report, with_drafts, dry_run)

    def _person(self, username):
        people = Person.objects.active().filter(role=Role.ADMINISTRATOR).order_by("pk")
        if username is not None:
            people = people.filter(username__iexact=username)
        person = people.first()
        if person is None:
            raise CommandError("Only an administrator imports classifications; name one with --as USER.")
        return person

    def _say(self, file, report, with_drafts, dry_run):
        for refusal in report.refusals:
            column = f", {refusal.field}" if refusal.field else ""
            self.stderr.write(f"{file}: line {refusal.line}{column}: {refusal.message}")
        counts = report.counts
        for name, words in LEFT_OUT.items():
            if n := getattr(counts, name):
                self.stdout.write(words.format(n=n))
        if counts.drafts:
            kept = "taken all the same" if with_drafts else "left out; --with-drafts takes them"
            self.stdout.write(f"{counts.drafts} rows are not published there; {kept}.")
        if dry_run:
            self.stdout.write("A dry run: nothing was kept.")
        self.stdout.write(
            f"created {counts.created}, changed {counts.changed}, unchanged {counts.unchanged},"
            f" refused {len(report.refusals)}"
        )
        if report.refusals:
            raise CommandError("Nothing was imported: mend the lines above and try again.")
