"""Render a page of a mentor: the frame around it, and nothing of an account."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from careerplan.mentoring.mentor.queries import mentor_frame
from careerplan.mentoring.models import Mentorship


def render_mentor(
    request: HttpRequest, mentorship: Mentorship, template: str, context: Mapping[str, Any], *, status: int = 200
) -> HttpResponse:
    """Render a template that extends mentor/base.html, with `frame`."""
    return render(request, template, {"frame": mentor_frame(mentorship), **context}, status=status)
