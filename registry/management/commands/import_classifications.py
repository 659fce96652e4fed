from pathlib import Path

from django.core.management.base import CommandError
from django.utils import timezone

from registry.exchange.classified_columns import FORMATS
from registry.exchange.importing_classifications import import_classification_file
from registry.management.import_command import ImportCommand, administrator, opened

LEFT_OUT = {
    "elsewhere": "{n} rows are of cases that were not imported here; left out.",
    "settled": "{n} rows are of closed or withdrawn cases; left out.",
    "doubled": "{n} rows are of a case of which another row speaks; left out.",
    "decided": "{n} labels were decided on by a reviewer here; the decision stands.",
    "retired": "{n} labels are out of use here; left out.",
}
DRAFTS_TAKEN = "{n} rows are not published there; taken all the same."
DRAFTS_LEFT_OUT = "{n} rows are not published there; left out; --with-drafts takes them."


class Command(ImportCommand):
    help = "Import how the AI Incident Database classified cases that were imported from it: the whole file or nothing."

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path)
        parser.add_argument("--format", dest="kind", choices=sorted(FORMATS), required=True, help="what it is")
        parser.add_argument("--with-drafts", action="store_true", help="also what is not published there")
        super().add_arguments(parser)

    def handle(self, *, file, kind, with_drafts, dry_run, username, **options):
        by = administrator(username)
        if by is None:
            raise CommandError("Only an administrator imports classifications; name one with --as USER.")
        with opened(file) as (content,):
            report = import_classification_file(
                kind=kind, file=content, by=by, at=timezone.now(), with_drafts=with_drafts, dry_run=dry_run
            )
        refused = [(file, refusal) for refusal in report.refusals]
        told = LEFT_OUT | {"drafts": DRAFTS_TAKEN if with_drafts else DRAFTS_LEFT_OUT}
        self.conclude(report.counts, refused, told=told, dry_run=dry_run)
