"""What the commands that import a file share: who imports, opening the files, and what is said at the end."""

from contextlib import ExitStack, contextmanager

from django.core.management.base import BaseCommand, CommandError

from registry.choices import Role
from registry.models import Person


class ImportCommand(BaseCommand):
    def add_arguments(self, parser):
        parser.add_argument("--dry-run", action="store_true", help="do everything, then take it back")
        parser.add_argument("--as", dest="username", metavar="USER", help="who imports; the first administrator")

    def conclude(self, counts, refused, *, told, dry_run):
        """Say what came of it; CommandError where something was `refused`, as [(file, Refusal)].

        `told` is {name of a count: its sentence, in which {n} stands for the number}; none is said of nothing.
        """
        for file, refusal in refused:
            field = f", {refusal.field}" if refusal.field else ""
            self.stderr.write(f"{file}: line {refusal.line}{field}: {refusal.message}")
        for name, words in told.items():
            if n := getattr(counts, name):
                self.stdout.write(words.format(n=n))
        done = f"created {counts.created}, changed {counts.changed}, unchanged {counts.unchanged}"
        self.say_done(f"{done}, refused {len(refused)}", dry_run=dry_run)
        if refused:
            raise CommandError("Nothing was imported: mend the lines above and try again.")

    def say_done(self, words, *, dry_run):
        if dry_run:
            self.stdout.write("A dry run: nothing was kept.")
        self.stdout.write(words)


def administrator(username):
    """The administrator of this user name, or the first for None; None where there is nobody."""
    people = Person.objects.active().filter(role=Role.ADMINISTRATOR).order_by("pk")
    return people.first() if username is None else people.filter(username__iexact=username).first()


@contextmanager
def opened(*paths):
    """The files at `paths`, to be read as bytes; CommandError where one cannot be opened."""
    with ExitStack() as stack:
        try:
            files = [stack.enter_context(path.open("rb")) for path in paths]
        except OSError as error:
            raise CommandError(f"{error.filename}: {error.strerror}") from error
        yield files
