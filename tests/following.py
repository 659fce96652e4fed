"""A reader and a writer of the change feed, each a process of its own: `python -m tests.following read|write …`."""

import os
import sys
from pathlib import Path

import django
import psycopg

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")


def read(username, file):
    """Follow the feed for ever, from the last line that is whole; each line is a position, a case and a version."""
    django.setup()
    from registry import changes
    from registry.models import Person

    person, path = Person.objects.named(username), Path(file)
    whole, _, _ = path.read_text().rpartition("\n") if path.exists() else ("", "", "")
    position = int(whole.splitlines()[-1].split()[0]) if whole else 0
    path.write_text(whole + "\n" if whole else "")
    with path.open("a") as kept:
        while True:
            changes.place()
            page = changes.page_for(person, since=position, limit=100)
            for told in page.rows:
                kept.write(f"{told.row.position} {told.row.case_number} {told.row.version}\n")
                kept.flush()
            position = page.position


def write(n, *numbers):
    """Change these cases in turn, `n` times in all, each change committed by itself."""
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as connection:
        for turn in range(int(n)):
            number = numbers[turn % len(numbers)]
            connection.execute("UPDATE registry_case SET version = version + 1 WHERE id = %s", [number])


if __name__ == "__main__":
    {"read": read, "write": write}[sys.argv[1]](*sys.argv[2:])
