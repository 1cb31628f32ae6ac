"""The content of files in the database, a chunk at a time."""

import hashlib
import io
from collections.abc import Callable, Iterator
from typing import BinaryIO

from careerplan.account_data.models import DataChunk, DataFile

CHUNK_BYTES = 256 * 1024  # bytes


def store_content(file: DataFile, content: BinaryIO) -> tuple[int, str]:
    """Store the content of a file and return its size in bytes and its SHA-256. Runs in a transaction of the caller."""
    file.chunks.all().delete()
    content.seek(0)
    number, size, digest = 0, 0, hashlib.sha256()
    while chunk := content.read(CHUNK_BYTES):
        DataChunk.objects.create(file=file, number=number, content=chunk)
        number, size = number + 1, size + len(chunk)
        digest.update(chunk)
    return size, digest.hexdigest()


def read_chunks(file: DataFile) -> Iterator[bytes]:
    """Yield the content with one query per chunk, so that no cursor stays open during a slow download."""
    number = 0
    while True:
        found = DataChunk.objects.filter(file=file, number=number).values_list("content", flat=True).first()
        if found is None:
            return
        yield bytes(found)
        number += 1


class StoredFile(io.RawIOBase):
    """The content of a file as a binary file, which can only be read from its start."""

    def __init__(self, file: DataFile, progress: Callable[[int], None] = lambda size: None) -> None:
        """Create a reader; `progress` is called with the bytes read so far, for each chunk."""
        super().__init__()
        self._file, self._progress, self._read = file, progress, 0
        self._chunks = read_chunks(file)
        self._left = b""

    def readable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = 0) -> int:
        """Go back to the start, and nowhere else."""
        if (offset, whence) != (0, 0):
            raise io.UnsupportedOperation("a stored file can only be read from its start")
        self._chunks, self._left, self._read = read_chunks(self._file), b"", 0
        return 0

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        """Read the next bytes; 0 at the end."""
        if not self._left:
            self._left = next(self._chunks, b"")
            self._read += len(self._left)
            self._progress(self._read)
        data = self._left[: len(buffer)]
        buffer[: len(data)] = data
        self._left = self._left[len(data) :]
        return len(data)
