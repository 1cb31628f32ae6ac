"""Emails: each has a folder below templates/emails/, with text and HTML. All are built here.

A message `name` has three Jinja2 templates: `name/subject.txt`, `name/body.txt` and `name/body.html`. The HTML bodies
fill the slots of `layout.html`, whose style sheet is inlined once, on loading.

Every email is built as bytes by `build_message`, without the classes of the email package, which take most of the time
of an email; its bytes parse back to the same parts (tests/core/test_mime.py).
"""

import email.message
import email.policy
import re
import textwrap
from base64 import b64encode
from binascii import b2a_qp
from collections.abc import Callable, Iterator, Mapping, MutableMapping
from dataclasses import dataclass
from email.utils import formataddr, formatdate, parseaddr
from functools import lru_cache
from typing import Any, cast
from uuid import uuid4

import css_inline
import jinja2
from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template import engines
from django.utils import translation
from django.utils.formats import date_format
from django.utils.module_loading import import_string

from careerplan.core.smtp import EmailBackend, SmtpResult, envelope_sender

MACHINE_MADE = {"Auto-Submitted": "auto-generated", "X-Auto-Response-Suppress": "All"}
CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")
COMMENTED = re.compile(r"<!--(\{[{%].*?[%}]\})-->")
STYLE = re.compile(r' style="[^"]*"')
SUBJECT_LENGTH = 150  # characters; clients show about 60, and a header line must stay short


class InliningLoader(jinja2.FileSystemLoader):
    """Template loader that inlines the style sheet of `layout.html`, as mail clients need it.

    Inlining parses HTML, so the layout has its Jinja2 statements in comments where no text is allowed (between table
    rows).
    """

    def get_source(self, environment: jinja2.Environment, template: str) -> tuple[str, str, Callable[[], bool]]:
        """Return the source of a template; inline the style sheet of the layout."""
        source, filename, uptodate = super().get_source(environment, template)
        if template == "layout.html":
            source = css_inline.CSSInliner(keep_style_tags=False, load_remote_stylesheets=False).inline(source)
            # Comments around statements and indentation are a third of a long email. A dot at the start of a line would
            # have to be doubled in every email (RFC 5321 4.5.2).
            source = re.sub(r"\n\s+", "\n", COMMENTED.sub(r"\1", source))
            source = STYLE.sub(_short, source).replace("\n.", "\n .")
        return source, filename, uptodate


def _short(style: re.Match[str]) -> str:
    return style[0].replace(": ", ":").replace(';"', '"')


class _Environment(jinja2.Environment):
    """An environment whose templates have their globals in a plain dict.

    Jinja2 chains two, and copies that for each email, name by name; nothing here changes them later.
    """

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        """Return the globals of a template: those of the environment with its own."""
        return {**self.globals, **(d or {})}


def environment(**options: Any) -> jinja2.Environment:
    """Create the Jinja2 environment of all emails; Django's template backend calls it with its options."""
    options["loader"] = InliningLoader(options["loader"].searchpath)
    options["autoescape"] = jinja2.select_autoescape(enabled_extensions=("html",), default=False)
    options["trim_blocks"] = options["lstrip_blocks"] = True
    options["undefined"] = jinja2.StrictUndefined
    env = _Environment(**options, extensions=["jinja2.ext.i18n"])
    env.install_gettext_callables(  # type: ignore[attr-defined]
        translation.gettext, translation.ngettext, newstyle=True, pgettext=translation.pgettext
    )
    env.filters["date"] = date_format
    env.filters["wrapped"] = wrapped
    env.filters["quoted"] = quoted
    env.globals.update({name: import_string(function) for name, function in settings.EMAIL_FUNCTIONS.items()})
    return env


LINE_LENGTH = 75  # letters; RFC 5322 2.1.1 recommends under 78


def wrapped(text: str) -> str:
    """Wrap a paragraph of a text body at LINE_LENGTH."""
    return text if len(text) <= LINE_LENGTH else _wrapped(text)


def quoted(text: str) -> str:
    """Wrap words that a person wrote to another, each line marked as quoted."""
    lines = textwrap.wrap(" ".join(text.split()), LINE_LENGTH - 4, break_long_words=False, break_on_hyphens=False)
    return "\n".join(f"  > {line}" for line in lines)


@lru_cache(maxsize=1024)  # wrapping is slow, and most wrapped texts are in many emails
def _wrapped(text: str) -> str:
    return "\n".join(
        textwrap.fill(line, LINE_LENGTH, break_long_words=False, break_on_hyphens=False) for line in text.split("\n")
    )


def one_line(text: str) -> str:
    """Make a text safe for a header: one line, no control characters, at most SUBJECT_LENGTH."""
    line = " ".join(CONTROL.sub(" ", text).split())
    return line if len(line) <= SUBJECT_LENGTH else line[: SUBJECT_LENGTH - 1].rstrip() + "…"


def absolute_url(path: str) -> str:
    """Return the absolute URL of a path on the configured origin."""
    return f"{settings.BASE_URL}{path}"


@dataclass(frozen=True, slots=True)
class EmailContent:
    """The rendered parts of an email."""

    subject: str
    text: str
    html: str


def render(name: str, context: Mapping[str, Any]) -> EmailContent:
    """Render the subject and both bodies of an email from one context. Raises TemplateDoesNotExist."""
    emails = engines["emails"]
    context = {"site_url": absolute_url("/"), **context}
    subject, text, html = (
        emails.get_template(f"{name}/{part}").render(dict(context)) for part in ("subject.txt", "body.txt", "body.html")
    )
    return EmailContent(subject, text.strip() + "\n", html)


def layout(kind: str) -> jinja2.Template:
    """Return the layout of all emails: "txt" or "html"."""
    env: jinja2.Environment = engines["emails"].env  # type: ignore[attr-defined]  # Jinja2's, as configured
    return env.get_template(f"layout.{kind}")


class BuiltMessage(email.message.EmailMessage):
    """A message that was built by `build_message`; its bytes are what was built."""

    def as_bytes(self, unixfrom: bool = False, policy: Any = None, linesep: str = "\r\n") -> bytes:  # noqa: FBT001, FBT002
        """Return what was built; it has CRLF line ends, whatever Django asks for."""
        return super().as_bytes(unixfrom, policy)


class Email(EmailMultiAlternatives):
    """An email to one address for Django's backends; its bytes are those of `build_message`.

    `kind` is the folder of its templates, by which it is counted.
    """

    kind = "other"

    def message(self) -> BuiltMessage:  # type: ignore[override]  # of the same package, by another policy
        """Return the built message; `as_bytes` gives what was built. Raises UnsafeHeader."""
        [to], [(html, _kind)] = self.to, self.alternatives
        built = build_message(
            sender=self.from_email,
            to=to,
            subject=str(self.subject),
            text=str(self.body),
            html=str(html),
            headers=self.extra_headers,
            key=uuid4().hex,
        )
        return cast("BuiltMessage", email.message_from_bytes(built, _class=BuiltMessage, policy=AS_IT_IS))


def build_email(name: str, *, to: str, context: Mapping[str, Any], headers: Mapping[str, str] | None = None) -> Email:
    """Build an email, ready to send: text first, HTML as the alternative, both from one context.

    `name` is the folder of its templates. `headers` may hold Message-ID and Date, which are then used.
    Raises TemplateDoesNotExist for an unknown name.
    """
    content = render(name, context)
    always = {"Message-ID": f"<{uuid4()}@{settings.BASE_HOST}>", "Date": formatdate(), **MACHINE_MADE}
    message = Email(
        subject=one_line(content.subject), body=content.text, to=[to], headers={**always, **(headers or {})}
    )
    message.kind = name
    message.attach_alternative(content.html, "text/html")
    return message


def deliver_email(message: Email) -> SmtpResult:
    """Hand an email over now, and return what became of it. Raises UnsafeHeader."""
    smtp = EmailBackend()
    smtp.kind = message.kind
    try:
        failure = smtp.ensure_open()
        return failure or smtp.deliver(envelope_sender(uuid4().hex), message.to[0], message.message().as_bytes())
    finally:
        smtp.close()


AS_IT_IS = email.policy.SMTP.clone(refold_source="none")
PRINTABLE = re.compile(r"[\x20-\x7e]*")
PLAIN_ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9.-]{1,253}")  # octets: RFC 5321, 4.5.3.1
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
    fields = {
        "From": _named_address(sender),
        "To": bare_address(to),
        "Subject": _subject(subject),
        **headers,
        "MIME-Version": "1.0",
    }
    head = "".join(f"{name}: {_checked(name, value)}\r\n" for name, value in fields.items())
    head += f'Content-Type: multipart/alternative; boundary="{boundary}"\r\n'
    mark = f"\r\n--{boundary}"
    parts = (mark.encode() + _part(kind, body) for kind, body in (("plain", text), ("html", html)))
    return head.encode("ascii") + b"".join(parts) + mark.encode() + b"--\r\n"


def is_plain_address(address: str) -> bool:
    """Return whether an email can be sent to an address: ASCII, unquoted, and not too long."""
    return bool(PLAIN_ADDRESS.fullmatch(address))


def bare_address(address: str) -> str:
    """Return an address without a name. Raises UnsafeHeader if it is not plain: it is never encoded or changed."""
    bare = address if is_plain_address(address) else parseaddr(address)[1]
    if len(address.splitlines()) != 1 or not is_plain_address(bare):
        raise UnsafeHeader("an address holds what no email may be sent to")
    return bare


@lru_cache(maxsize=8)
def _named_address(sender: str) -> str:
    """Return the sender for its header: a name beyond ASCII is encoded (RFC 2047), the address never."""
    return formataddr((parseaddr(sender)[0], bare_address(sender)))


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
