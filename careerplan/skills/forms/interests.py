"""Form for what the user would like to do."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.utils.timezone import localdate

from careerplan.catalogue.interests import Activity, activities
from careerplan.skills.forms.base import WizardForm, radio
from careerplan.skills.models import Liking
from careerplan.skills.services.answers import save_interests

PREFIX = "like-"
CHOICES = [(str(liking.value), liking.label) for liking in Liking]


@dataclass(frozen=True, slots=True)
class ActivityRow:
    """An activity as its row shows it."""

    activity: Activity
    field: forms.BoundField


def posted_activities(data: Mapping[str, str]) -> list[Activity]:
    """Return the activities in posted data that are in the catalogue."""
    known = activities()
    return [known[key] for name in data if name.startswith(PREFIX) and (key := name.removeprefix(PREFIX)) in known]


class InterestsForm(WizardForm):
    """Form with five radio buttons for each activity of the page; each may be left without an answer."""

    prefixes = (PREFIX,)

    def stored(self) -> dict[str, Any]:
        known = [answer for one in self.page.activities if (answer := self.answers.interests.get(one.key))]
        return {f"{PREFIX}{answer.activity}": str(answer.liking or "") for answer in known}

    def add_fields(self) -> None:
        """Add a field for each activity."""
        for activity in self.page.activities:
            field = radio(activity.text, CHOICES)
            field.widget.attrs = {}
            self.fields[f"{PREFIX}{activity.key}"] = field

    def rows(self) -> Iterator[ActivityRow]:
        """Return the activities for the template."""
        for activity in self.page.activities:
            yield ActivityRow(activity, self[f"{PREFIX}{activity.key}"])

    @property
    def last_on(self) -> date | None:
        """Return the newest date of unconfirmed answers from the last assessment; None without any."""
        answers = [answer for one in self.page.activities if (answer := self.answers.interests.get(one.key))]
        earlier = [one.confirmed_at for one in answers if one.liking is not None and self.answers.is_carried_over(one)]
        return localdate(max(earlier)) if earlier else None

    def save(self) -> None:
        """Save the answers. Only continuing confirms an unchanged answer, or none, for the whole page."""
        said = {key.removeprefix(PREFIX): int(value) if value else None for key, value in self._valid().items()}
        save_interests(assessment=self.answers.assessment, likings=said, now=self.now)

    def _valid(self) -> dict[str, str]:
        """Return the valid answers to save, by field: all of them when continuing, else those that differ."""
        found = {name: value for name, value in self.cleaned_data.items() if name.startswith(PREFIX)}
        if self.complete:
            return found
        return {name: value for name, value in found.items() if value and value != self.rows_say.get(name)}
