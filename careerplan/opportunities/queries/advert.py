"""What an advert proposes for an opportunity: facts that differ from what it says already."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from careerplan.catalogue.models import Occupation
from careerplan.catalogue.queries import occupation_named
from careerplan.opportunities.models import Opportunity
from careerplan.reading.advert_facts import AdvertFact, read_facts
from careerplan.reading.advert_papers import read_degree, read_registrations
from careerplan.reading.task_finder import FoundTask, find_tasks

SUMMARY = "summary"
SUMMARY_LENGTH = 300
LABELS: dict[str, str | Promise] = {
    **{one.name: one.verbose_name for one in Opportunity._meta.fields},
    "place": pgettext_lazy("advert", "Place"),
    "pay": _("Pay"),
    "registration": _("Registration or licence"),
    "degree": _("Degree or certificate"),
}
"""Of the fields of an opportunity, and of the facts that go into its summary."""


@dataclass(frozen=True, slots=True)
class ProposedFact:
    """A value for a field of the opportunity, and the words of the advert. Only a sure one is ticked.

    `number` tells facts of one name apart: an advert may ask for two registrations.
    """

    name: str
    value: Any
    words: str
    is_sure: bool
    number: int = 0

    @property
    def field(self) -> str:
        """Return the name of its field in a form."""
        return f"{self.name}_{self.number}" if self.number else self.name

    @property
    def is_for_summary(self) -> bool:
        """Return whether the opportunity has no field of its own for it."""
        return self.name in {"place", "pay", "registration", "degree"}

    @property
    def label(self) -> str:
        """Return what it is."""
        name = str(LABELS[self.name])
        return name[:1].upper() + name[1:]

    @property
    def shown(self) -> str:
        """Return the value for people to read."""
        return date_format(self.value, "j M Y") if isinstance(self.value, date) else str(self.value)


def propose_facts(opportunity: Opportunity, text: str, *, today: date) -> list[ProposedFact]:
    """Return the facts that the opportunity does not have yet. One that would replace another is a guess."""
    facts = read_facts(text)
    proposed = []
    for name in ("title", "organisation", "closes_on"):
        fact: AdvertFact | None = getattr(facts, name)
        before = getattr(opportunity, name)
        if fact is None:
            continue
        value: Any = date.fromisoformat(fact.value) if name == "closes_on" else fact.value
        if value != before and not (name == "closes_on" and value < today):
            proposed.append(ProposedFact(name, value, fact.words, fact.is_sure and not before))
    said = opportunity.summary.casefold()
    others = [("place", facts.place), ("pay", facts.pay), ("degree", read_degree(text))]
    found = [ProposedFact(name, fact.value, fact.words, fact.is_sure) for name, fact in others if fact]
    found += list(_registrations(text))
    return [*proposed, *(fact for fact in found if not _has_words(said, fact.value.casefold()))]


def _has_words(text: str, words: str) -> bool:
    """Return whether words are in a text, not as a part of others: "bath" is not in "bathroom"."""
    return re.search(rf"(?<!\w){re.escape(words)}(?!\w)", text) is not None


def without_facts(sentences: Iterable[str], facts: Iterable[ProposedFact]) -> list[str]:
    """Return the sentences of an advert that are not the words of a proposed fact."""
    told = [fact.words for fact in facts]
    return [one for one in sentences if not any(one in words for words in told)]


def _registrations(text: str) -> Iterator[ProposedFact]:
    for number, fact in enumerate(read_registrations(text)):
        yield ProposedFact("registration", fact.value, fact.words, fact.is_sure, number)


def changes_of(opportunity: Opportunity, taken: Iterable[ProposedFact]) -> tuple[dict[str, Any], list[ProposedFact]]:
    """Return new values by field of the opportunity, and the facts for which its summary has no room.

    Facts for its summary follow what it says already.
    """
    changes: dict[str, Any] = {}
    left_out = []
    summary = opportunity.summary
    for fact in taken:
        longer = f"{summary}, {fact.value}" if summary else str(fact.value)
        if not fact.is_for_summary:
            changes[fact.name] = fact.value
        elif len(longer) <= SUMMARY_LENGTH:
            summary = longer
        else:
            left_out.append(fact)
    return changes | ({SUMMARY: summary} if summary != opportunity.summary else {}), left_out


@dataclass(frozen=True, slots=True)
class AdvertTasks:
    """The tasks of an occupation that an advert probably asks for. `count`: how many tasks the occupation has."""

    occupation: Occupation
    tasks: list[FoundTask]
    count: int


def tasks_in(opportunity: Opportunity, text: str) -> AdvertTasks | None:
    """Return the tasks of the occupation that the opportunity is called like, or else of the target of its plan.

    None without such an occupation, without tasks of it, or if none of them is in the text. Two or three queries.
    """
    occupation = occupation_named(opportunity.title) or opportunity.plan.target_occupation
    listed = list(occupation.tasks.values_list("text", flat=True)) if occupation else []
    found = find_tasks(text, listed)
    return AdvertTasks(occupation, found, len(listed)) if occupation and found else None
