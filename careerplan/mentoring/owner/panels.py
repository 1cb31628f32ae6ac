"""Sections that other apps add to the owner's pages about people. They append to these lists in `AppConfig.ready`."""

from collections.abc import Callable

from django.http import HttpRequest
from django.utils.safestring import SafeString

from careerplan.mentoring.models import Mentorship

PeoplePanel = Callable[[HttpRequest], SafeString]
PersonPanel = Callable[[HttpRequest, Mentorship], SafeString]

people_panels: list[PeoplePanel] = []
"""On the page of all people, below them."""
person_lines: list[PersonPanel] = []
"""A line about an active person on that page, such as "1 new comment"."""
person_panels: list[PersonPanel] = []
"""On the page of one active person."""
