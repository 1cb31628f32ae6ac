"""Five people at five career stages with what they would answer, from what such people can do, not from any figures."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from accounts.models import User
from careerplan.catalogue.models import Occupation, Skill
from careerplan.skills.models import Assessment
from careerplan.skills.services.answers import save_ratings
from careerplan.skills.services.direction import save_direction, save_education
from careerplan.skills.services.drafts import start_assessment
from careerplan.skills.services.finish import finish_assessment
from careerplan.skills.services.sorting import CategoryChange, choose_skills_to_learn, save_categories
from tests.factories.skills import answer_tasks


@dataclass(frozen=True, slots=True)
class CareerPerson:
    """`levels` by key of a skill, `target` the title of an occupation; strengths have an example or none."""

    stage: str
    current_role: str
    education: str
    levels: Mapping[str, int]
    target: str = ""
    horizon_on: date | None = None
    enough: str = "yes"
    missing: str = ""
    strengths: Mapping[str, str] = field(default_factory=dict)
    weaknesses: tuple[str, ...] = ()
    to_learn: tuple[str, ...] = ()
    unsure: tuple[str, ...] = ()


NURSE = CareerPerson(
    "promotion",
    "Senior staff nurse, respiratory ward",
    "bachelor",
    {
        "medicine": 4, "therapy": 3, "psychology": 3, "biology": 3, "customer-service": 3, "reading-people": 5,
        "listening": 4, "speaking-clearly": 4, "critical-thinking": 4, "solving-problems": 3, "making-decisions": 4,
        "checking-progress": 4, "leading-a-team": 3, "managing-time": 4, "convincing-others": 3, "negotiating": 3,
        "teaching-others": 4, "writing": 3, "finding-out-needs": 3, "managing-money": 1, "managing-materials": 2,
        "management": 2, "accounts": 0, "staff-and-hiring": 2, "office-work": 3, "measuring-results": 2,
        "education": 4, "helping-people": 4,
    },
    target="Health services manager",
    strengths={"reading-people": "I see that a patient is getting worse before the numbers do.", "managing-time": ""},
    weaknesses=("managing-money",),
    to_learn=("managing-money", "accounts"),
)  # fmt: skip
ELECTRICIAN = CareerPerson(
    "retiring",
    "Electrician",
    "vocational",
    {
        "finding-faults": 5, "repairing": 4, "installing": 4, "choosing-tools": 3, "checking-quality": 4,
        "looking-after-equipment": 3, "teaching-others": 4, "construction": 4, "design": 2, "mechanics": 3,
        "computers": 1, "mathematics": 3, "physics": 3, "listening": 3, "speaking-clearly": 3, "writing": 2,
        "critical-thinking": 4, "solving-problems": 4, "managing-time": 3, "leading-a-team": 3, "public-safety": 4,
        "customer-service": 3, "watching-displays": 3, "engineering": 2, "telecoms": 1,
    },
    target="Building inspector",
    horizon_on=date(2032, 6, 30),
    enough="no",
    missing="The last part of my inspector's qualification",
    strengths={"finding-faults": "They call me when nobody else finds it.", "teaching-others": ""},
    weaknesses=("computers",),
)  # fmt: skip
GRADUATE = CareerPerson(
    "starting",
    "",
    "bachelor",
    {
        "history": 4, "english": 4, "societies": 3, "reading": 5, "writing": 4, "critical-thinking": 4,
        "speaking-to-groups": 3, "speaking-clearly": 3, "listening": 3, "learning-new-things": 4, "digital-skills": 3,
        "customer-service": 3, "working-with-numbers": 1, "mathematics": 1, "managing-time": 3, "teaching-others": 2,
        "geography": 3, "media": 2, "law": 2, "beliefs-and-ethics": 3, "psychology": 2, "office-work": 2,
        "repairing": 0, "mechanics": 0, "medicine": 0, "using-science": 1, "leading-a-team": 1, "negotiating": 1,
        "other-languages": 3, "fine-arts": 2,
    },
    strengths={"reading": "", "writing": "My dissertation on dock workers got a first."},
)  # fmt: skip
PARENT = CareerPerson(
    "returning",
    "Bookkeeper",
    "vocational",
    {
        "accounts": 3, "mathematics": 3, "office-work": 3, "computers": 2, "working-with-numbers": 4, "reading": 3,
        "writing": 3, "listening": 4, "speaking-clearly": 3, "managing-time": 4, "managing-money": 3,
        "handling-conflict": 4, "negotiating": 3, "critical-thinking": 3, "solving-problems": 3, "reading-people": 4,
        "teaching-others": 3, "customer-service": 3, "law": 1, "checking-quality": 3, "helping-people": 4,
        "adapting-to-change": 4, "digital-skills": 1, "learning-new-things": 3, "english": 3, "management": 2,
    },
    target="Bookkeeper",
    strengths={"managing-time": "Three children, four clubs, nobody late."},
    to_learn=("digital-skills",),
    unsure=("programming",),
)  # fmt: skip
FACTORY_MANAGER = CareerPerson(
    "promotion",
    "Factory manager",
    "vocational",
    {
        "production": 5, "management": 3, "staff-and-hiring": 3, "mechanics": 4, "engineering": 3, "accounts": 2,
        "sales-and-marketing": 1, "customer-service": 2, "checking-quality": 4, "checking-progress": 4,
        "leading-a-team": 4, "managing-time": 4, "managing-materials": 4, "managing-money": 3, "making-decisions": 4,
        "solving-problems": 4, "negotiating": 3, "convincing-others": 3, "speaking-clearly": 3, "speaking-to-groups": 2,
        "writing": 2, "reading": 3, "seeing-the-whole": 3, "finding-faults": 4, "repairing": 3, "law": 2,
        "running-machines": 4, "critical-thinking": 3,
    },
    target="Chief executive",
    enough="unsure",
    strengths={"production": "Scrap down by a third in two years.", "leading-a-team": ""},
    weaknesses=("writing",),
    to_learn=("sales-and-marketing",),
)  # fmt: skip
TEACHER = CareerPerson(
    "changing",
    "Primary school teacher",
    "bachelor",
    {
        "education": 5, "english": 4, "psychology": 4, "mathematics": 3, "societies": 3, "computers": 2, "history": 3,
        "teaching-others": 5, "speaking-to-groups": 4, "speaking-clearly": 4, "listening": 4, "reading-people": 4,
        "writing": 4, "reading": 4, "choosing-how-to-learn": 4, "learning-new-things": 4, "managing-time": 3,
        "critical-thinking": 3, "measuring-results": 3, "programming": 1, "working-with-numbers": 3,
        "management": 2, "staff-and-hiring": 2, "office-work": 2, "negotiating": 2, "convincing-others": 3,
    },
    target="Human resources specialist",
    strengths={"teaching-others": "Thirty children, five levels, one lesson."},
)  # fmt: skip
PEOPLE = {
    "nurse": NURSE,
    "electrician": ELECTRICIAN,
    "graduate": GRADUATE,
    "parent": PARENT,
    "manager": FACTORY_MANAGER,
    "teacher": TEACHER,
}


def make_career_results(user: User, person: CareerPerson, *, now: datetime) -> Assessment:
    """Finish an assessment with the answers of a person, through the services of the wizard."""
    keys = {*person.levels, *person.unsure}
    ids = dict(Skill.objects.catalogue().filter(key__in=keys).values_list("key", "pk"))
    draft = start_assessment(user=user, mode=Assessment.Mode.QUICK, now=now, limited_to=list(ids.values()))
    save_direction(
        assessment=draft,
        changes={
            "career_stage": person.stage,
            "current_role": person.current_role,
            "target_role": person.target,
            "target_occupation": Occupation.objects.filter(title=person.target).first(),
            "target_undecided": not person.target,
            "horizon": "date" if person.horizon_on else "retirement",
            "horizon_on": person.horizon_on,
        },
        now=now,
    )
    education = {"level": person.education, "enough": person.enough, "missing": person.missing}
    save_education(assessment=draft, changes=education, now=now)
    answer_tasks(draft, now=now)
    levels = {ids[key]: level for key, level in person.levels.items()} | {ids[key]: None for key in person.unsure}
    save_ratings(assessment=draft, levels=levels, now=now)
    save_categories(
        assessment=draft,
        changes={
            ids[key]: CategoryChange("strength", person.strengths[key])
            if key in person.strengths
            else CategoryChange("weakness" if key in person.weaknesses else "neither", "")
            for key in person.levels
        },
        now=now,
    )
    choose_skills_to_learn(assessment=draft, wanted={ids[key] for key in person.to_learn}, now=now)
    return finish_assessment(assessment=draft, now=now, today=now.date())
