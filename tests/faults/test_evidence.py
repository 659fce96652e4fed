"""A process dies while it keeps a file: no row is ever without its file, and the case takes the next one."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction

from registry.actions import evidence
from registry.models import Case, Evidence
from tests.factories import NOW, make_case, make_person
from tests.workers import ROOT, database_url, wait_until

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.faults]
ADD = """
import sys, django
django.setup()
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from registry.actions import evidence
from registry.models import Case, Person
evidence.add_file(
    by=Person.objects.get(pk=sys.argv[1]), case=Case.objects.get(pk=sys.argv[2]), at=timezone.now(),
    upload=SimpleUploadedFile("runs.csv", b"a;b\\n" * 1000),
)
"""


def stored():
    return [path for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file()]


def test_a_kill_between_the_file_and_its_row_leaves_no_row_without_a_file(shipped_taxonomy):
    person, case, before = make_person(), make_case(), set(stored())
    environment = os.environ | {"DATABASE_URL": database_url(), "DJANGO_SETTINGS_MODULE": "config.settings"}

    with transaction.atomic():
        # Whoever adds evidence waits for the case's row, with the bytes on the disk already.
        Case.objects.select_for_update().get(pk=case.pk)
        child = subprocess.Popen([sys.executable, "-c", ADD, str(person.pk), str(case.pk)], cwd=ROOT, env=environment)
        wait_until(lambda: set(stored()) - before, seconds=60)
        child.send_signal(signal.SIGKILL)
        assert child.wait(20) == -signal.SIGKILL

    assert (Evidence.objects.count(), len(set(stored()) - before)) == (0, 1)
    row = evidence.add_file(by=person, at=NOW, case=case, upload=SimpleUploadedFile("runs.csv", b"a;b\n"))
    with row.file.open() as kept:
        assert kept.read() == b"a;b\n"
