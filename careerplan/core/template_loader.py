"""Template loader that removes indentation."""

import re

from django.template import Origin
from django.template.loaders.filesystem import Loader as FilesystemLoader

INDENTATION = re.compile(r"(?<=\n)[ \t]+")


class Loader(FilesystemLoader):
    """Loads templates without the indentation of their lines, about a third of a page.

    Line numbers of errors stay right. No template holds text in which leading spaces count (`pre`, `textarea`).
    """

    def get_contents(self, origin: Origin) -> str:
        """Return the source of a template, each line without its leading spaces."""
        return INDENTATION.sub("", super().get_contents(origin))
