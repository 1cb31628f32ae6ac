"""The style sheet, static files and templates, made small for the browser."""

import re
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import bootstrap_wrapper
import rcssmin
from django.conf import settings
from django.contrib.staticfiles.finders import BaseFinder
from django.core.checks import CheckMessage
from django.core.files.base import ContentFile, File
from django.core.files.storage import Storage
from django.template import Origin
from django.template.loaders.filesystem import Loader as FilesystemLoader
from django.utils import timezone
from whitenoise.storage import CompressedManifestStaticFilesStorage

from careerplan.core.bootstrap_used import used_rules

STYLE_SHEET = "css/careerplan.css"
BOOTSTRAP = Path(bootstrap_wrapper.__file__).parent.parent / "bootstrap" / "css" / "bootstrap.min.css"
# The cascade: later files may override earlier ones.
PARTS = (
    "tokens", "base", "shell", "page", "buttons", "forms", "states", "charts", "wizard", "rating", "goal",
    "opinion", "first_goals", "opportunities", "occupations", "tryout", "tasks", "interests", "results", "review",
    "dialog",
    "landing", "plan", "moments", "start", "rows", "today", "catch_up", "steps", "quick", "if_then", "bar", "security",
    "operator", "imports", "people", "talk", "motion", "modes",
)  # fmt: skip


DESCENDANT_PSEUDO = re.compile(r"(?<=[\w)\]*&]) :(?=[a-z-]+(?:\([^{};]*\))?[^{};]*\{)")


def build_style_sheet() -> bytes:
    """Return what we use of Bootstrap, and static/css, as one minified sheet; addresses in it are relative to css/."""
    bootstrap = mirrorable(used_rules(rcssmin.cssmin(BOOTSTRAP.read_text("utf-8"))))
    files = (settings.BASE_DIR / "static" / "css" / f"{part}.css" for part in PARTS)
    return "\n".join((bootstrap, *(minified(file.read_text("utf-8")) for file in files))).encode()


SIDES = {"left": "start", "right": "end"}
OF_A_SIDE = re.compile(r"\b(margin-|padding-|text-align:|float:|clear:)(left|right)(?=[:;!}])")


def mirrorable(css: str) -> str:
    """Return a sheet in which the sides of a text are its start and its end, whichever way it is read."""

    def of_text(found: re.Match[str]) -> str:
        inline = "" if found[1] == "text-align:" else "inline-"
        return f"{found[1]}{inline}{SIDES[found[2]]}"

    return OF_A_SIDE.sub(of_text, css)


def minified(css: str) -> str:
    """Return a sheet made small. In nested rules rcssmin takes `ul :is(a)` for a declaration and drops the space."""
    return str(rcssmin.cssmin(DESCENDANT_PSEUDO.sub(" *:", css)))


class ManifestStorage(CompressedManifestStaticFilesStorage):
    """The manifest's storage; an address is looked up once a process, since it changes only with a deployment."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.url = cache(super().url)


class StyleSheetStorage(Storage):
    """A storage that holds the style sheet alone, built when it is opened."""

    prefix = None

    def path(self, name: str) -> str:
        """Return the name that collectstatic logs."""
        return name

    def exists(self, name: str) -> bool:
        """Return whether this is the style sheet."""
        return name == STYLE_SHEET

    def get_modified_time(self, name: str) -> Any:
        """Return now: the sheet is always built from what the files are."""
        return timezone.now()

    def _open(self, name: str, mode: str = "rb") -> "File[bytes]":
        return ContentFile(build_style_sheet(), name=name)


class StyleSheetFinder(BaseFinder):
    """Adds the style sheet to what collectstatic collects."""

    def __init__(self, app_names: object = None, *args: object, **kwargs: object) -> None:
        self.storage = StyleSheetStorage()

    def check(self, **kwargs: Any) -> list[CheckMessage]:
        """Nothing to configure, nothing to check."""
        return []

    def find(self, path: str, find_all: bool = False, **kwargs: object) -> Any:  # noqa: FBT001, FBT002  (Django's)
        """Return where the static path comes from, as `findstatic` prints it; an empty list for all others."""
        if path != STYLE_SHEET:
            return []
        return [path] if find_all else path

    def list(self, ignore_patterns: Iterable[str] | None) -> Iterator[tuple[str, Storage]]:
        """Yield the style sheet."""
        yield STYLE_SHEET, self.storage


INDENTATION = re.compile(r"(?<=\n)[ \t]+")


class UnindentedLoader(FilesystemLoader):
    """Loads templates without the indentation of their lines, about a third of a page.

    Line numbers of errors stay right. No template holds text in which leading spaces count (`pre`, `textarea`).
    """

    def get_contents(self, origin: Origin) -> str:
        """Return the source of a template, each line without its leading spaces."""
        return INDENTATION.sub("", super().get_contents(origin))
