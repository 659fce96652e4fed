from pathlib import Path

from django.core.management.base import CommandError
from django.utils import timezone

from registry.exchange.importing_ratings import FORMATS, import_rating_files
from registry.management.import_command import ImportCommand, administrator, opened

TOLD = {
    "elsewhere": "{n} ratings are of cases that were not imported here; left out.",
    "settled": "{n} ratings are of closed or withdrawn cases; left out.",
}


class Command(ImportCommand):
    help = "Import what raters elsewhere said of imported cases, one file a rater: all files or nothing."

    def add_arguments(self, parser):
        parser.add_argument("files", type=Path, nargs="+", metavar="FILE")
        parser.add_argument("--format", dest="kind", choices=sorted(FORMATS), required=True, help="what they are")
        super().add_arguments(parser)

    def handle(self, *, files, kind, dry_run, username, **options):
        by = administrator(username)
        if by is None:
            raise CommandError("Only an administrator imports ratings; name one who may sign in with --as USER.")
        with opened(*files) as contents:
            report = import_rating_files(kind=kind, files=contents, by=by, at=timezone.now(), dry_run=dry_run)
        refused = [(files[number], refusal) for number, refusal in report.refusals]
        self.conclude(report.counts, refused, told=TOLD, dry_run=dry_run)
