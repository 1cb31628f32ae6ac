"""Read the text files of a release from a zip or a folder, trusting neither.

Nothing is unpacked to disk, so a path in an archive cannot escape; archives with such paths are refused anyway. Limits
apply to the bytes read, not to the sizes that the archive claims.
"""

from __future__ import annotations

import re
import struct
import zipfile
import zlib
from collections.abc import Container, Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import IO

from django.utils.translation import gettext as _

MAX_FILE_BYTES = 64 * 1024 * 1024
"""Limit of one unpacked file; the largest that we read in O*NET 29.3 has 8 MB."""
MAX_LINE_BYTES = 64 * 1024
MAX_MEMBERS = 2000
PACKED = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
"""Compression methods that we accept, as in every zip of O*NET. Some Pythons lack the others."""
ENCRYPTED = 0x1
UNREADABLE = (
    zipfile.BadZipFile, zlib.error, struct.error, UnicodeDecodeError,
    EOFError, OSError, NotImplementedError, RuntimeError,
)  # fmt: skip
"""Errors of zipfile for a damaged, truncated, encrypted or oddly compressed member, or an invalid name."""


CONTROL = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]")


class ReleaseError(Exception):
    """The release cannot be loaded; the message tells the operator why."""


class Release:
    """The files of one release by their base name in lower case. Made by `open_release`."""

    def __init__(self, name: str, files: dict[str, str | Path], archive: zipfile.ZipFile | None) -> None:
        self.name = name
        self._files = files
        self._archive = archive

    def __contains__(self, name: str) -> bool:
        return name.lower() in self._files

    @contextmanager
    def _open(self, name: str) -> Iterator[IO[bytes]]:
        place = self._files[name.lower()]
        if isinstance(place, Path):
            with place.open("rb") as stream:
                yield stream
        else:
            assert self._archive is not None  # noqa: S101 (a file without a path of its own is in the archive)
            with self._archive.open(place) as stream:
                yield stream

    def lines(self, name: str) -> Iterator[tuple[int, str]]:
        """Yield the lines of a file with numbers from 1, without line ends. Raises ReleaseError if unreadable."""
        read = 0
        try:
            with self._open(name) as stream:
                number = 0
                while raw := stream.readline(MAX_LINE_BYTES + 1):
                    number += 1
                    read += len(raw)
                    if len(raw) > MAX_LINE_BYTES or read > MAX_FILE_BYTES:
                        raise ReleaseError(_("“%(file)s” is far larger than it should be.") % {"file": name})
                    yield number, _text(raw, name, number)
        except UNREADABLE as error:
            raise ReleaseError(
                _("“%(file)s” is damaged or cut short (%(error)s).") % {"file": name, "error": error}
            ) from error


def _text(raw: bytes, name: str, number: int) -> str:
    try:
        text = raw.decode("utf-8-sig" if number == 1 else "utf-8").rstrip("\r\n")
    except UnicodeDecodeError:
        text = "\0"
    if CONTROL.search(text):
        raise ReleaseError(_("“%(file)s” is not a text file (line %(line)s).") % {"file": name, "line": number})
    return text


@contextmanager
def open_release(path: Path) -> Iterator[Release]:
    """Open the release at `path`, a zip or a folder. Raises ReleaseError if it is neither, or unsafe."""
    if path.is_dir():
        yield Release(path.name, _folder_files(path), None)
        return
    if not path.is_file():
        raise ReleaseError(_("There is no file or folder “%(path)s”.") % {"path": path})
    try:
        archive = zipfile.ZipFile(path)
    except UNREADABLE as error:
        raise ReleaseError(
            _("“%(path)s” is not a zip archive, or it is incomplete (%(error)s).") % {"path": path.name, "error": error}
        ) from error
    with archive:
        yield Release(path.stem, archive_files(archive), archive)


def _folder_files(folder: Path) -> dict[str, str | Path]:
    """Return the text files of the folder, or of the only folder inside it. Links that lead outside are refused."""
    files: dict[str, str | Path] = {}
    root = folder.resolve()
    for place in sorted([*folder.glob("*.txt"), *folder.glob("*/*.txt")]):
        if not _leads_to(place).is_relative_to(root):
            raise ReleaseError(_("“%(file)s” is a link that leads out of the folder.") % {"file": place.name})
        _add(files, place.name, place)
    return files


def _leads_to(place: Path) -> Path:
    """Return the target of a link; a circular link has no target in the archive."""
    try:
        return place.resolve(strict=True)
    except (OSError, RuntimeError):
        return Path("/")


def archive_files(
    archive: zipfile.ZipFile, *, ending: str = ".txt", only: Container[str] | None = None, most: int = MAX_FILE_BYTES
) -> dict[str, str | Path]:
    """Return the members with this ending, or with the names in `only`, by base name in lower case.

    None may claim to unpack to more than `most` bytes. Raises ReleaseError.
    """
    members = archive.infolist()
    if len(members) > MAX_MEMBERS:
        raise ReleaseError(_("The archive holds %(count)s files, far too many.") % {"count": len(members)})
    files: dict[str, str | Path] = {}
    for member in members:
        parts = PurePosixPath(member.filename.replace("\\", "/")).parts
        if not parts or ".." in parts or parts[0].startswith("/") or ":" in parts[0]:
            raise ReleaseError(
                _("The archive holds a path that leads outside: “%(file)s”.") % {"file": member.filename}
            )
        if member.is_dir() or not parts[-1].lower().endswith(ending) or parts[0] == "__MACOSX":
            continue
        if only is not None and parts[-1].lower() not in only:
            continue
        if member.flag_bits & ENCRYPTED:
            raise ReleaseError(_("“%(file)s” has a password. Pack it again without one.") % {"file": parts[-1]})
        if member.file_size > most:
            raise ReleaseError(_("“%(file)s” is far larger than it should be.") % {"file": parts[-1]})
        if member.compress_type not in PACKED:
            raise ReleaseError(_("“%(file)s” is not packed as a plain zip. Pack it again.") % {"file": parts[-1]})
        _add(files, parts[-1], member.filename)
    return files


def _add(files: dict[str, str | Path], name: str, place: str | Path) -> None:
    if name.lower() in files:
        raise ReleaseError(_("“%(file)s” appears twice. Remove one of the copies.") % {"file": name})
    files[name.lower()] = place
