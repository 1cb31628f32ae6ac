"""Sections that other apps add to the page of a finished review. They append to the list in `AppConfig.ready`."""

from collections.abc import Callable

from django.http import HttpRequest
from django.utils.safestring import SafeString

from careerplan.reviews.models import Review

ReviewPanel = Callable[[HttpRequest, Review], SafeString]

review_panels: list[ReviewPanel] = []
