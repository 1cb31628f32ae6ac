"""The pages of the wizard, as tests speak of them."""

from django.urls import reverse

from careerplan.catalogue.models import Skill

FIRST, WHERE_TO, EDUCATION, WORK = "where-you-are", "where-you-want-to-be", "education", "work-t-thinking"


def at(key: str) -> str:
    """The address of a page."""
    return reverse("skills:page", args=[key])


def text_of(response) -> str:
    """What came back."""
    return response.content.decode()


def fields_of(skills: list[Skill], value: str = "3") -> dict[str, str]:
    """One answer for all of some skills."""
    return {f"skill-{skill.pk}": value for skill in skills}


def work_skills() -> list[Skill]:
    """What the page WORK asks about."""
    return list(Skill.objects.filter(group__key="t-thinking"))
