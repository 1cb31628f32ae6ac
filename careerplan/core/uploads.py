"""What is sent as a file is never taken beyond a size: the rest is read past and kept nowhere."""

from typing import Any

from django.conf import settings
from django.core.files.uploadhandler import FileUploadHandler, SkipFile
from django.http import HttpRequest

TOO_BIG = "upload_too_big"
BESIDE_FILES = 100_000  # bytes of a request with files that are none: fields, names, boundaries


class CappedUpload(FileUploadHandler):
    """Stands before the handlers that keep a file. A file that is too big is left out, and the request says so."""

    def __init__(self, request: HttpRequest | None = None) -> None:
        super().__init__(request)
        self._size = self._whole = 0

    def handle_raw_input(self, input_data: Any, META: Any, content_length: int, *args: Any) -> None:  # noqa: N803  (Django)
        """Hear how long the whole request is: what is too much from the first is not even written to a file."""
        self._whole = content_length

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        """Each file counts from nothing."""
        super().new_file(*args, **kwargs)
        self._size = 0
        if self._whole > settings.UPLOAD_MOST_BYTES + BESIDE_FILES:
            self._refuse()

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        """Give the piece on to the next handler. Raises SkipFile beyond the size."""
        self._size += len(raw_data)
        if self._size > settings.UPLOAD_MOST_BYTES:
            self._refuse()
        return raw_data

    def file_complete(self, file_size: int) -> None:
        """The next handler has the file."""
        return

    def _refuse(self) -> None:
        if self.request is not None:
            setattr(self.request, TOO_BIG, True)
        raise SkipFile


def was_too_big(request: HttpRequest) -> bool:
    """Whether a file of this request was left out for its size. Ask for `request.FILES` first."""
    return bool(getattr(request, TOO_BIG, False))
