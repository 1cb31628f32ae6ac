"""A page with a role in own words, tied to the occupation that it names."""

from typing import Any

from django import forms
from django.http import QueryDict
from django.urls import reverse

from careerplan.catalogue.models import Occupation
from careerplan.catalogue.queries import occupation_named
from careerplan.plans.forms import LooksUpOccupations
from careerplan.skills.forms.base import WizardForm
from careerplan.skills.queries.draft import has_kept_own_words


class RoleForm(WizardForm, LooksUpOccupations):
    """Form with a role. An exact title ties it to an occupation at once; a near one is asked about on Continue.

    `unlisted_field`: the field of the assessment that says that the user kept their own words. They are asked once for
    the same words.
    """

    unlisted_field = ""

    def __init__(self, data: QueryDict | None = None, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        chosen = self.initial.get(self.occupation_field)
        if chosen is None and not getattr(self.answers.assessment, self.unlisted_field):
            chosen = self.initial[self.occupation_field] = self.named_occupation
        offered: forms.ModelChoiceField[Occupation] = self.fields[self.occupation_field]  # type: ignore[assignment]
        offered.queryset = Occupation.objects.current_or(chosen and chosen.pk)
        self.fields[self.words_field].widget.attrs |= {
            "autocomplete": "off",
            "data-occupations": reverse("skills:occupations"),
        }

    def tie(self, cleaned: dict[str, Any]) -> None:
        """Set the occupation that the words name, and ask for the nearest one if that is needed."""
        if self.words_field not in cleaned or self.occupation_field not in cleaned:
            return
        words = cleaned[self.words_field]
        if self.has_chosen(words, self.rows_say[self.occupation_field]):
            cleaned[self.unlisted_field] = bool(words) and cleaned[self.occupation_field] is None
            return
        cleaned[self.occupation_field] = occupation = occupation_named(words)
        is_open = bool(words) and occupation is None
        cleaned[self.unlisted_field] = is_open and self._has_kept(words)
        if is_open and self.complete and not cleaned[self.unlisted_field]:
            self.ask_for_nearest(words)
            cleaned[self.unlisted_field] = not self.is_asking  # own words that are near to none are kept

    def _has_kept(self, words: str) -> bool:
        """Return whether the user was asked about these words before, and kept them."""
        assessment = self.answers.assessment
        if getattr(assessment, self.words_field) == words and getattr(assessment, self.unlisted_field):
            return True
        return self.complete and has_kept_own_words(assessment.user, self.words_field, words)
