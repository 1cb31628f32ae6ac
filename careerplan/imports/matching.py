"""Which skill of the catalogue, or of the person's own, the name in a resume means. A proposal, never more.

In this order: a skill of that very name; one whose name or other words stand in it (as in adverts); one that is spelled
much alike (`queries.spelled_alike`); else the name becomes a skill of the person's own.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from careerplan.catalogue.models import Skill
from careerplan.imports.content import normal
from careerplan.reading.skill_finder import SearchedSkill, find_skills

NAME, WORDS, ALIKE, OWN = "name", "words", "alike", "own"


@dataclass(slots=True)
class ProposedSkill:
    """One skill to pick: `pk` of one that is there, None for a new one of the person's own.

    `how` is the surest way in which one of the `names` of the resume led to it.
    """

    pk: int | None
    name: str
    how: str
    names: list[str] = field(default_factory=list)


def match(names: Iterable[str], skills: Iterable[Skill], alike: Mapping[str, int]) -> list[ProposedSkill]:
    """The skills that names mean, what is sure first. `alike`: names that are spelled like a skill (its id)."""
    known = list(skills)
    by_name = {normal(skill.name): skill for skill in known}
    by_id = {skill.pk: skill for skill in known}
    catalogue = [SearchedSkill(skill.pk, skill.name, skill.key) for skill in known if not skill.is_own]
    found: dict[object, ProposedSkill] = {}
    for name in names:
        skill, how = by_name.get(normal(name)), NAME
        if skill is None and (worded := find_skills(name, catalogue)):
            skill, how = by_id[worded[0].skill_id], WORDS
        if skill is None and name in alike:
            skill, how = by_id.get(alike[name]), ALIKE
        if skill is None:
            found[normal(name)] = ProposedSkill(None, name, OWN, [name])
            continue
        one = found.setdefault(skill.pk, ProposedSkill(skill.pk, skill.name, how))
        one.names.append(name)
        one.how = min(one.how, how, key=ORDER.index)
    return sorted(found.values(), key=lambda one: ORDER.index(one.how))


ORDER = [NAME, WORDS, ALIKE, OWN]
