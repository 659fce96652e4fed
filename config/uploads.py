"""What happens to a file on its way in."""

from django.conf import settings
from django.core.files.uploadhandler import FileUploadHandler


class CappedUploadHandler(FileUploadHandler):
    """Stop keeping a file once it is over the cap, but read on, so that the form can answer with the typed text kept.

    The chunk that crosses the cap is still kept: such a file is too large by its own size.
    """

    received = 0

    def new_file(self, *args, **kwargs):
        super().new_file(*args, **kwargs)
        self.received = 0

    def receive_data_chunk(self, raw_data, start):
        over = self.received > settings.MAX_FILE_BYTES
        self.received += len(raw_data)
        return None if over else raw_data

    def file_complete(self, file_size):
        return None
