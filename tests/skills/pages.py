"""The pages of the wizard, as tests speak of them."""

import re

from django.urls import reverse

from careerplan.catalogue.models import Skill

FIRST, WHERE_TO, EDUCATION, WORK = "where-you-are", "where-you-want-to-be", "education", "work-t-thinking"


def at(key: str) -> str:
    """The address of a page."""
    return reverse("skills:page", args=[key])


def shown_on(client, key: str) -> dict[str, str]:
    """What a page sends along of what it shows, so that a change of it is no conflict."""
    return {"shown": client.get(at(key)).context["form"]["shown"].value()}


def text_of(response) -> str:
    """The HTML of a page without the white space of its templates."""
    return without_space(response.content.decode())


def without_space(html: str) -> str:
    """HTML with one space at most, and none beside a tag's brackets."""
    return re.sub(r" ?([<>]) ?", r"\1", " ".join(html.split()))


def numbers_in(sentence: str) -> list[int]:
    """The numbers that a sentence says, in order."""
    return [int(number) for number in re.findall(r"\d+", sentence)]


def errors_of(response) -> set[tuple[str, str]]:
    """The errors of the form on a page: (field, code); the field is blank where the form as a whole is wrong."""
    found = response.context["form"].errors.as_data()
    return {("" if name == "__all__" else name, error.code) for name, errors in found.items() for error in errors}


def fields_of(skills: list[Skill], value: str = "3") -> dict[str, str]:
    """One answer for all of some skills."""
    return {f"skill-{skill.pk}": value for skill in skills}


def work_skills() -> list[Skill]:
    """What the page WORK asks about."""
    return list(Skill.objects.filter(group__key="t-thinking"))
