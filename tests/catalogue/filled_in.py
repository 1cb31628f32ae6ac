"""The shipped steps that name something, as people read them: with each skill of the catalogue, and with a task."""

from careerplan.catalogue.first_steps import advanced_steps, first_steps
from careerplan.catalogue.shipped_data import read_skills
from careerplan.skills.texts import in_sentence

NAMES = {skill.key: in_sentence(skill.name) for group in read_skills() for skill in group.skills}
ADVANCED = {key: steps.fill_in(skill=NAMES[key]) for key, steps in advanced_steps().items()}
TAUGHT = {key: first_steps()["teach"].fill_in(skill=name) for key, name in NAMES.items()}
OF_A_TASK = first_steps()["task"].fill_in(task="Draw up the rota")
FILLED_IN = [
    *(step for steps in (*ADVANCED.values(), *TAUGHT.values()) for step in steps.steps),
    *OF_A_TASK.steps,
]
