"""What the tests read out of a page."""

import html
import re

from django.http import HttpResponse
from django.urls import reverse

from careerplan.catalogue.fields import occupation_path
from careerplan.catalogue.models import Occupation

INDEX = "/occupations/"
NURSE = "/occupations/health/registered-nurse-29-1141/"
TARGET = reverse("skills:target")


def main_of(response: HttpResponse) -> str:
    """The markup of the main part of a page, on one line."""
    text = html.unescape(response.content.decode())
    return re.sub(r"\s+", " ", text[text.index("<main") : text.index("</main>")])


def text_of(response: HttpResponse) -> str:
    """The words of the main part of a page."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", main_of(response)))


def path_of(occupation: Occupation) -> str:
    return occupation_path(occupation.code, occupation.title)
