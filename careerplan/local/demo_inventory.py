"""The two assessments of the demo user, answered through the services of the wizard."""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Any

from accounts.models import User
from careerplan.catalogue.interests import interests
from careerplan.catalogue.models import Occupation, OccupationTask, Skill
from careerplan.plans.models import Horizon
from careerplan.skills.models import Assessment, Rating
from careerplan.skills.services.answers import TaskChange, save_interests, save_ratings, save_task_answers
from careerplan.skills.services.direction import DirectionChanges, save_direction, save_education
from careerplan.skills.services.drafts import start_assessment
from careerplan.skills.services.finish import finish_assessment
from careerplan.skills.services.sorting import CategoryChange, choose_skills_to_learn, save_categories


def make_inventory(user: User, data: dict[str, Any], shift: timedelta) -> None:
    """Create the older assessment, then the newer one; dates are moved by `shift`."""
    inventory = data["inventory"]
    before = inventory["levels"] | inventory["levels_before"]
    _assess(user, data, before, inventory["assessed_before_on"] + shift, shift)
    _assess(user, data, inventory["levels"], inventory["assessed_on"] + shift, shift)


def _assess(user: User, data: dict[str, Any], levels: Mapping[str, int], day: date, shift: timedelta) -> None:
    inventory, now = data["inventory"], datetime.combine(day, time(12), tzinfo=user.zone)
    draft = start_assessment(user=user, mode=Assessment.Mode.FULL, now=now)
    save_direction(assessment=draft, changes=_direction(data["direction"], shift), now=now)
    tasks = OccupationTask.objects.filter(occupation__code=data["direction"]["target_occupation"])
    said = {row["text"]: TaskChange(row["experience"], row.get("evidence", "")) for row in inventory["tasks"]}
    changes = {task: said.get(task.text, TaskChange()) for task in tasks}
    save_task_answers(assessment=draft, changes=changes, now=now)
    save_education(assessment=draft, changes=inventory["education"], now=now)
    save_interests(assessment=draft, likings=_likings(inventory["likings"]), now=now)
    ids = dict(Skill.objects.catalogue().filter(key__in=levels).values_list("key", "pk"))
    save_ratings(assessment=draft, levels={ids[key]: level for key, level in levels.items()}, now=now)
    save_categories(assessment=draft, changes=_categories(inventory, ids), now=now)
    wanted = {ids[key] for key in inventory["choices"]["to_learn"]}
    choose_skills_to_learn(assessment=draft, wanted=wanted, now=now)
    finish_assessment(assessment=draft, now=now + timedelta(minutes=20), today=day)


def _likings(by_interest: Mapping[str, list[int]]) -> dict[str, int]:
    """Return the likings by activity."""
    return {
        activity.key: liking
        for one in interests()
        for activity, liking in zip(one.activities, by_interest[one.key], strict=True)
    }


def _direction(data: dict[str, Any], shift: timedelta) -> DirectionChanges:
    return {
        "career_stage": data["career_stage"],
        "current_role": data["current_role"],
        "target_role": data["target_role"],
        "target_occupation": Occupation.objects.filter(code=data["target_occupation"]).first(),
        "vision": data["vision"],
        "horizon": Horizon.DATE,
        "horizon_on": data["horizon_on"] + shift,
    }


def _categories(inventory: dict[str, Any], ids: Mapping[str, int]) -> dict[int, CategoryChange]:
    strengths, weaknesses = inventory["strengths"], inventory["choices"]["weaknesses"]
    category = dict.fromkeys(ids, Rating.Category.NEITHER)
    category |= dict.fromkeys(strengths, Rating.Category.STRENGTH) | dict.fromkeys(weaknesses, Rating.Category.WEAKNESS)
    return {ids[key]: CategoryChange(category[key], strengths.get(key, "")) for key in ids}
