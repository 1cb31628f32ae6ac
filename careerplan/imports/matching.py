"""Match names in a CV with skills of the catalogue or the user's own. Matches are suggestions.

In this order: a skill of exactly that name; one whose name or other words appear in it (as in adverts); one with very
similar spelling (`queries.spelled_alike`); else the name becomes a skill of the user's own.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from careerplan.catalogue.models import Skill
from careerplan.imports.content import normal
from careerplan.reading.skill_finder import SearchedSkill, find_skills

NAME, WORDS, ALIKE, OWN = "name", "words", "alike", "own"


@dataclass(slots=True)
class ProposedSkill:
    """A skill to choose: `pk` of an existing one, None for a new one.

    `how` is the surest kind of match among its `names` in the CV.
    """

    pk: int | None
    name: str
    how: str
    names: list[str] = field(default_factory=list)


def match(names: Iterable[str], skills: Iterable[Skill], alike: Mapping[str, int]) -> list[ProposedSkill]:
    """Return the skills that names match, surest first. `alike`: names with spelling similar to a skill (its id)."""
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
