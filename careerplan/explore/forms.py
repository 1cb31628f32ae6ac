"""Form of the questions about an occupation."""

from collections.abc import Iterator, Mapping

from django import forms

from careerplan.explore.tryout import LEVEL_OF_ANSWER, PREFIX, Tryout
from careerplan.skills.forms.base import UNSURE, radio
from careerplan.skills.forms.ratings import CHOICES, RatingRow, level_options


class TryoutForm(forms.Form):
    """A level, or "not sure", for each skill. It is sent by GET and shows what was answered; `Tryout` reads it."""

    def __init__(self, tryout: Tryout, levels: Mapping[int, int | None]) -> None:
        answers = {level: answer for answer, level in LEVEL_OF_ANSWER.items()}
        super().__init__(initial={f"{PREFIX}{pk}": answers[level] for pk, level in levels.items()})
        self.tryout = tryout
        for skill in tryout.skills:
            self.fields[f"{PREFIX}{skill.pk}"] = radio(skill.name, CHOICES)

    def rows(self) -> Iterator[RatingRow]:
        """Return the skills as the wizard shows them."""
        for skill in self.tryout.skills:
            field = self[f"{PREFIX}{skill.pk}"]
            yield RatingRow(skill, field, level_options(skill, field.value()), is_unsure=field.value() == UNSURE)
