"""Emails: each has a folder below templates/emails/, with text and HTML. All are built here.

A message `name` has three Jinja2 templates: `name/subject.txt`, `name/body.txt` and `name/body.html`. The HTML bodies
fill the slots of `layout.html`, whose style sheet is inlined once, on loading.
"""

import re
import textwrap
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import css_inline
import jinja2
from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template import engines
from django.utils import translation
from django.utils.formats import date_format

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


def environment(**options: Any) -> jinja2.Environment:
    """Create the Jinja2 environment of all emails; Django's template backend calls it with its options."""
    options["loader"] = InliningLoader(options["loader"].searchpath)
    options["autoescape"] = jinja2.select_autoescape(enabled_extensions=("html",), default=False)
    options["trim_blocks"] = options["lstrip_blocks"] = True
    options["undefined"] = jinja2.StrictUndefined
    env = jinja2.Environment(**options, extensions=["jinja2.ext.i18n"])  # noqa: S701  (set above, by file type)
    env.install_gettext_callables(  # type: ignore[attr-defined]
        translation.gettext, translation.ngettext, newstyle=True, pgettext=translation.pgettext
    )
    env.filters["date"] = date_format
    env.filters["wrapped"] = wrapped
    return env


LINE_LENGTH = 75  # letters; RFC 5322 2.1.1 recommends under 78


def wrapped(text: str) -> str:
    """Wrap a paragraph of a text body at LINE_LENGTH."""
    return text if len(text) <= LINE_LENGTH else _wrapped(text)


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


def build_email(
    name: str, *, to: str, context: Mapping[str, Any], headers: Mapping[str, str] | None = None
) -> EmailMultiAlternatives:
    """Build an email, ready to send: text first, HTML as the alternative, both from one context.

    `name` is the folder of its templates. `headers` may hold Message-ID and Date, which are then used.
    Raises TemplateDoesNotExist for an unknown name.
    """
    content = render(name, context)
    message = EmailMultiAlternatives(
        subject=one_line(content.subject), body=content.text, to=[to], headers={**MACHINE_MADE, **(headers or {})}
    )
    message.attach_alternative(content.html, "text/html")
    return message
