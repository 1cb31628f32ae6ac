"""What is sent as a file is never taken beyond a size: the rest is read past and kept nowhere."""

from typing import Any

from django.conf import settings
from django.core.files.uploadhandler import FileUploadHandler, SkipFile
from django.http import HttpRequest

TOO_BIG = "upload_too_big"


class CappedUpload(FileUploadHandler):
    """Stands before the handlers that keep a file. A file that is too big is left out, and the request says so."""

    def __init__(self, request: HttpRequest | None = None) -> None:
        super().__init__(request)
        self._size = 0

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        """Each file counts from nothing."""
        super().new_file(*args, **kwargs)
        self._size = 0
        if (self.content_length or 0) > settings.UPLOAD_MOST_BYTES:
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
