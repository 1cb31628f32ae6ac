"""Build messages as bytes, without the classes of the email package, which take most of the time of an email.

Refuses line breaks in headers. The bytes parse back to the same parts (tests/core/test_mime.py).
"""

import re
from base64 import b64encode
from binascii import b2a_qp
from collections.abc import Iterator, Mapping
from email.utils import parseaddr

from django.core.mail.message import sanitize_address

PRINTABLE = re.compile(r"[\x20-\x7e]*")
PLAIN_ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9.-]+")
LINE_END = re.compile(r"\r\n|\r|\n")
ENCODED_WORD_BYTES = 42  # 56 characters of base64 and 12 around them
LONGEST_LINE = 900  # RFC 5322 2.1.1 allows 998


class UnsafeHeader(ValueError):
    """A header contains a line break or another forbidden character."""


def build_message(
    *, sender: str, to: str, subject: str, text: str, html: str, headers: Mapping[str, str], key: str
) -> bytes:
    """Build a multipart/alternative message with CRLF line ends.

    `sender` is `Name <address>`, `to` a bare address, `key` an unguessable text that separates the bodies.
    Raises UnsafeHeader.
    """
    boundary = f"=_{key}"
    fields = {"From": sender, "To": bare_address(to), "Subject": _subject(subject), **headers, "MIME-Version": "1.0"}
    head = "".join(f"{name}: {_checked(name, value)}\r\n" for name, value in fields.items())
    head += f'Content-Type: multipart/alternative; boundary="{boundary}"\r\n'
    mark = f"\r\n--{boundary}"
    parts = (mark.encode() + _part(kind, body) for kind, body in (("plain", text), ("html", html)))
    return head.encode("ascii") + b"".join(parts) + mark.encode() + b"--\r\n"


def bare_address(address: str) -> str:
    """Return an address without a name, in ASCII, with an international domain in its ASCII form."""
    if PLAIN_ADDRESS.fullmatch(address):
        return address
    return parseaddr(sanitize_address(address, "utf-8"))[1]


def _checked(name: str, value: str) -> str:
    for line in value.split("\r\n ") if name == "Subject" else [value]:
        if len(line) > LONGEST_LINE or not PRINTABLE.fullmatch(line):
            raise UnsafeHeader(f"the header {name} holds what no header may hold")
    return value


def _subject(subject: str) -> str:
    """Encode a subject as encoded words (RFC 2047) unless it is plain ASCII that does not look like one."""
    if PRINTABLE.fullmatch(subject) and "=?" not in subject:
        return subject
    if len(subject.splitlines()) > 1 or "\r" in subject or "\n" in subject:
        raise UnsafeHeader("the header Subject holds a line break")
    return "\r\n ".join(f"=?utf-8?b?{b64encode(word.encode()).decode()}?=" for word in _encodable_words(subject))


def _encodable_words(text: str) -> Iterator[str]:
    """Split a text into pieces of at most 42 bytes, so that each encoded word has at most 75 characters (RFC 2047)."""
    start = size = 0
    for place, letter in enumerate(text):
        width = len(letter.encode())
        if size + width > ENCODED_WORD_BYTES:
            yield text[start:place]
            start, size = place, 0
        size += width
    yield text[start:]


def _part(kind: str, body: str) -> bytes:
    if "\r" in body:
        body = LINE_END.sub("\n", body)
    if body.isascii() and _has_short_lines(body):
        encoding, content = "7bit", body.encode("ascii").replace(b"\n", b"\r\n")
    else:  # with LF alone: where a text has no line end of its own, b2a_qp breaks lines with LF
        encoding = "quoted-printable"
        content = b2a_qp(body.encode("utf-8", "replace"), istext=True).replace(b"\n", b"\r\n")
    head = f'\r\nContent-Type: text/{kind}; charset="utf-8"\r\nContent-Transfer-Encoding: {encoding}\r\n\r\n'
    return head.encode("ascii") + content


def _has_short_lines(body: str) -> bool:
    """Return whether no line is longer than LONGEST_LINE, by looking at one line end in that many letters."""
    start = 0
    while len(body) - start > LONGEST_LINE:
        start = body.rfind("\n", start, start + LONGEST_LINE + 1) + 1
        if not start:
            return False
    return True
