"""Where attachments are kept: on a disk, on the disk before a row may name them, for the registry's account alone."""

import os
from pathlib import Path

from django.core.files.storage import FileSystemStorage


class DurableStorage(FileSystemStorage):
    """A file is whole and synced when `save` returns; one that could not be written leaves nothing behind."""

    def _save(self, name, content):
        try:
            name = super()._save(name, content)
        except OSError:
            Path(self.path(name)).unlink(missing_ok=True)
            raise
        path = Path(self.path(name))
        for place in (path, path.parent, path.parent.parent):
            sync(place)
        return name


def sync(path):
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
