"""What an advert proposes for an opportunity: facts that differ from what it says already."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.formats import date_format

from careerplan.opportunities.models import Opportunity
from careerplan.reading.advert_facts import AdvertFact, read_facts

LABELS = {one.name: one.verbose_name for one in Opportunity._meta.fields}


@dataclass(frozen=True, slots=True)
class ProposedFact:
    """A value for a field of the opportunity, and the words of the advert. Only a sure one is ticked."""

    field: str
    value: Any
    words: str
    is_sure: bool

    @property
    def label(self) -> str:
        """Return the name of the field."""
        name = str(LABELS[self.field])
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
    others = [fact for fact in (facts.place, facts.pay) if fact]
    if others and not opportunity.summary:
        proposed.append(
            ProposedFact("summary", ", ".join(fact.value for fact in others), others[0].words, is_sure=False)
        )
    return proposed
