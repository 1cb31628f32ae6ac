"""Fields of occupations, the major groups of O*NET-SOC with plain names; addresses and training of an occupation."""

from dataclasses import dataclass
from functools import lru_cache

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.text import slugify
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

UNLISTED_DETAIL = ".00"
"""End of the codes without a finer division; addresses leave it out."""


@dataclass(frozen=True, slots=True)
class OccupationField:
    """A field. `major_group`: two digits; `examples`: titles of some of its shipped occupations, for the index."""

    major_group: str
    slug: str
    name: str | Promise
    examples: str | Promise


FIELDS: tuple[OccupationField, ...] = (
    OccupationField("29", "health", _("Health"), _("Registered nurse, pharmacist, paramedic")),
    OccupationField("31", "care", _("Care and support"), _("Home care worker, dental nurse")),
    OccupationField("25", "education", _("Education"), _("Primary school teacher, tutor, librarian")),
    OccupationField("21", "community", _("Community and social work"), _("Support worker, mental health counsellor")),
    OccupationField("47", "building", _("Building and installation"), _("Electrician, carpenter, plumber")),
    OccupationField("49", "repair", _("Repair and maintenance"), _("Car mechanic, wind turbine technician")),
    OccupationField("51", "making-things", _("Making things"), _("Baker, welder, cabinet maker")),
    OccupationField("53", "transport", _("Transport and logistics"), _("Lorry driver, airline pilot, train driver")),
    OccupationField("45", "farming", _("Farming, forestry and fishing"), _("Livestock worker, fisher")),
    OccupationField("43", "office", _("Office and administration"), _("Receptionist, bookkeeper, payroll clerk")),
    OccupationField("13", "business", _("Money and business"), _("Accountant or auditor, buyer, event planner")),
    OccupationField(
        "11", "managing", _("Managing people and organisations"), _("Health services manager, head teacher")
    ),
    OccupationField("41", "selling", _("Selling"), _("Shop assistant, estate agent, travel agent")),
    OccupationField("35", "food", _("Food and drink"), _("Head chef, barista, waiter or waitress")),
    OccupationField("15", "computers", _("Computers and data"), _("Software developer, data scientist")),
    OccupationField("17", "engineering", _("Engineering and architecture"), _("Civil engineer, architect, surveyor")),
    OccupationField("19", "science", _("Science"), _("Chemist, economist, town planner")),
    OccupationField("23", "law", _("Law"), _("Lawyer, mediator, paralegal")),
    OccupationField("27", "arts", _("Arts, media and sport"), _("Graphic designer, journalist, sports coach")),
    OccupationField("33", "protection", _("Protection and rescue"), _("Firefighter, police officer, lifeguard")),
    OccupationField("39", "personal-services", _("Beauty, leisure and childcare"), _("Hairdresser, childcare worker")),
    OccupationField("37", "cleaning", _("Cleaning and grounds"), _("Cleaner or caretaker, gardener")),
    OccupationField("55", "armed-forces", _("Armed forces"), _("Army officer, soldier")),
)
FIELD_OF_GROUP = {field.major_group: field for field in FIELDS}
FIELD_OF_SLUG = {field.slug: field for field in FIELDS}


def occupation_key(code: str, title: str) -> str:
    """Return the last part of the address of an occupation: its title and code, "registered-nurse-29-1141".

    The code makes it unique and findable; the title is for people to read.
    """
    number = code.removesuffix(UNLISTED_DETAIL).replace(".", "-")
    return "-".join(part for part in (slugify(title), number) if part)


@lru_cache(maxsize=2048)  # lists name the same occupations again and again
def occupation_path(code: str, title: str) -> str:
    """Return the address of an occupation's public page; blank for a code of no known major group."""
    field = FIELD_OF_GROUP.get(code[:2])
    return reverse("explore:occupation", args=[field.slug, occupation_key(code, title)]) if field else ""


def training_words(job_zone: int | None) -> str:
    """Return how much training an occupation of a job zone (1 to 5) takes; blank if unknown.

    Source: "Job Zone Reference.txt" of O*NET, SVP ranges.
    """
    return {
        1: gettext("Days or a few months of training"),
        2: gettext("A few months to a year of training"),
        3: gettext("1 or 2 years of training"),
        4: gettext("Several years of training, often a degree"),
        5: gettext("A degree and years of further study"),
    }.get(job_zone or 0, "")
