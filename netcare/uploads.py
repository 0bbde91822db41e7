"""How much of an upload is read: files beyond the limit are not, whatever page they are sent to.

Works before any view and before the form's token is looked at, so that nobody makes the process read a file of a
gigabyte. The view finds the flag and says the sentence. Listed first in FILE_UPLOAD_HANDLERS.
"""

from typing import Any

from django.core.files.uploadhandler import FileUploadHandler, StopUpload
from django.http import HttpRequest

MOST_BYTES = 10 * 1024 * 1024
# What a form carries besides its file.
REST_OF_FORM = 64 * 1024


class LimitedUpload(FileUploadHandler):
    """Stops reading at the file that is too large; what stood before it in the form stays."""

    def __init__(self, request: HttpRequest | None = None) -> None:
        super().__init__(request)
        self.announced = 0
        self.read = 0

    def handle_raw_input(
        self, input_data: Any, META: Any, content_length: int, boundary: Any, encoding: str | None = None
    ) -> None:
        self.announced = content_length or 0

    def new_file(self, *args: Any, **options: Any) -> None:
        super().new_file(*args, **options)
        if self.announced > MOST_BYTES + REST_OF_FORM:
            self._stop()

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        self.read += len(raw_data)
        if self.read > MOST_BYTES:
            self._stop()
        return raw_data

    def file_complete(self, file_size: int) -> None:
        return None

    def _stop(self) -> None:
        self.request.netcare_upload_too_large = True
        raise StopUpload(connection_reset=True)


def was_too_large(request: HttpRequest) -> bool:
    """Whether a file of this request was larger than is read."""
    return bool(getattr(request, "netcare_upload_too_large", False))
