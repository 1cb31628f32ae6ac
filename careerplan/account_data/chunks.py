"""Files in the database, a piece at a time."""

import io
from collections.abc import Callable, Iterator
from typing import BinaryIO

from careerplan.account_data.models import DataChunk, DataFile

PIECE = 256 * 1024  # bytes


def put(file: DataFile, content: BinaryIO) -> int:
    """Keep what `content` holds as the file's; gives its size. Inside a transaction of the caller's."""
    file.chunks.all().delete()
    content.seek(0)
    number = size = 0
    while piece := content.read(PIECE):
        DataChunk.objects.create(file=file, number=number, content=piece)
        number, size = number + 1, size + len(piece)
    return size


def pieces(file: DataFile) -> Iterator[bytes]:
    """The content, one query a piece: no cursor stays open while somebody downloads slowly."""
    number = 0
    while True:
        found = DataChunk.objects.filter(file=file, number=number).values_list("content", flat=True).first()
        if found is None:
            return
        yield bytes(found)
        number += 1


class KeptFile(io.RawIOBase):
    """The content to be read from its beginning, as ijson reads."""

    def __init__(self, file: DataFile, note: Callable[[int], None] = lambda size: None) -> None:
        """`note` hears how many bytes were read so far, a piece at a time."""
        super().__init__()
        self._file, self._note, self._read = file, note, 0
        self._pieces = pieces(file)
        self._left = b""

    def readable(self) -> bool:
        """It is."""
        return True

    def seek(self, offset: int, whence: int = 0) -> int:
        """Back to the beginning and nowhere else."""
        if (offset, whence) != (0, 0):
            raise io.UnsupportedOperation("only the beginning can be gone back to")
        self._pieces, self._left, self._read = pieces(self._file), b"", 0
        return 0

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        """The next bytes; 0 at the end."""
        if not self._left:
            self._left = next(self._pieces, b"")
            self._read += len(self._left)
            self._note(self._read)
        taken = self._left[: len(buffer)]
        buffer[: len(taken)] = taken
        self._left = self._left[len(taken) :]
        return len(taken)
