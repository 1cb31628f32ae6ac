"""What every page of the wizard has in common."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from careerplan.core.edit_conflicts import in_words, posted_text, stored_text
from careerplan.core.forms import BaseForm
from careerplan.skills.forms import merge
from careerplan.skills.forms.merge import Clash, Marks
from careerplan.skills.models import Level
from careerplan.skills.pages import Answers, Page
from careerplan.skills.questions import Text
from careerplan.skills.wizard import Wizard

UNSURE = "unsure"
LEVEL_CHOICES = [(str(level.value), level.label) for level in Level]
STAY = "stay"  # the direction of a page that saves while somebody types
BLANK = ("", None, False)
CHOOSE_ONE = gettext_lazy("Choose one of the answers.")


class WizardForm(BaseForm):
    """The answers of one page.

    Leaving a page back or by "save and close" never asks for more: then `complete` is false and no field is
    required. Whatever is valid is saved in any case; what is not stays in its field with a message.
    """

    prefixes: tuple[str, ...] = ()
    """How the names of fields begin that are made for skills; another one of that kind is refused."""

    def __init__(
        self,
        data: QueryDict | None = None,
        *,
        wizard: Wizard,
        page: Page,
        now: datetime,
        go: str = "next",
        earlier: Mapping[str, Any] | None = None,
    ) -> None:
        """Takes what was posted, the wizard and the page as the rows have them, and where the person goes.

        `earlier`: what the person said elsewhere before; stands in fields that have no answer yet.
        """
        self.wizard, self.page, self.now, self.go = wizard, page, now, go
        self.clashes: list[Clash] = []
        self.taken: dict[str, str] = {}
        self.rows_say = self.stored()
        stored = {name: value for name, value in self.rows_say.items() if value not in BLANK}
        super().__init__(data, initial={**self.rows_say, **self.suggested(), **(earlier or {}), **stored})
        self.add_fields()
        if not self.complete:
            for field in self.fields.values():
                field.required = False
        if data is not None and data.get("version") != str(self.answers.assessment.version):
            self._merge(data)

    @property
    def complete(self) -> bool:
        """Whether the page must be answered as a whole."""
        return self.go == "next"

    @property
    def is_autosave(self) -> bool:
        """Whether the page saves by itself, while somebody is still at it: then only what they touched is said."""
        return self.go == STAY

    @property
    def answers(self) -> Answers:
        """What the rows say."""
        return self.wizard.answers

    @property
    def has_needs(self) -> bool:
        """Whether it is known what the target asks for."""
        return bool(self.answers.needs)

    def stored(self) -> dict[str, Any]:
        """The answers so far, by field name."""
        return {}

    def suggested(self) -> dict[str, Any]:
        """What stands in fields that have no answer at all."""
        return {}

    def marks(self) -> dict[str, Marks]:
        """Fingerprints of what a page shows that is made from the rows, to come back with its answers."""
        marks = {}
        for name, field in self.fields.items():
            shown = stored_text(field, self.initial.get(name))
            stored = stored_text(field, self.rows_say.get(name))
            marks[name] = Marks(merge.fingerprint(shown), merge.fingerprint(stored))
        return marks

    def _merge(self, data: QueryDict) -> None:
        """Hold what was posted against what other tabs stored since the page was made.

        What this tab sent itself is no other tab's, also where the reply to it was lost.
        """
        merged = data.copy()
        unheard = merge.read_unheard(data)
        marks = merge.read_marks(data.get("marks", ""))
        self._leave_unseen(data, marks)
        for name, mark in marks.items():
            field = self.fields.get(name)
            if field is None:
                continue
            mine, theirs = posted_text(field, data, name), stored_text(field, self.rows_say.get(name))
            now_stored = merge.fingerprint(theirs)
            if any(theirs == posted_text(field, sent, name) for sent in unheard):
                continue
            choice = data.get(f"{merge.CHOICE}{name}", "")
            if mine == theirs or now_stored == mark.stored or choice == f"{merge.MINE}-{now_stored}":
                continue
            if merge.fingerprint(mine) == mark.shown or choice == f"{merge.THEIRS}-{now_stored}":
                self.taken[name] = theirs
            else:
                words = in_words(field, mine), in_words(field, theirs)
                self.clashes.append(Clash(name, str(field.label), words[0], words[1], now_stored))
        for name, text in self.taken.items():
            merged[name] = text
            if not text:
                merged.pop(name, None)  # a box that is not ticked is not sent
        self.data = merged

    def _leave_unseen(self, data: QueryDict, marks: Mapping[str, Marks]) -> None:
        """Answers that the page never asked for, because they came up elsewhere meanwhile, stay as they are."""
        unseen = {name for name in self.fields if marks and name not in marks and name not in data}
        for name in unseen:
            self.taken[name] = stored_text(self.fields[name], self.rows_say.get(name))

    def add_fields(self) -> None:
        """Make the fields that depend on the rows."""

    def clean(self) -> dict[str, Any]:
        """Refuse answers about skills that are not on this page, and leave alone what was answered twice."""
        cleaned = super().clean() or {}
        for clash in self.clashes:
            if clash.name in self.cleaned_data:
                self.add_error(clash.name, _("Answered differently elsewhere meanwhile. Choose which answer holds."))
        if any(name.startswith(self.prefixes) and name not in self.fields for name in self.data):
            self.add_error(None, _("One of the answers is about a skill that is not on this page. It is not saved."))
        return cleaned

    @property
    def first_error(self) -> str:
        """What is wrong first, in words, where something but a clash is; blank where nothing is."""
        names = {clash.name for clash in self.clashes}
        return next((str(errors[0]) for name, errors in self.errors.items() if name not in names), "")

    def save(self) -> None:
        """Hand what is valid to the service."""

    def skill_fields(self, prefix: str) -> Iterator[tuple[int, Any]]:
        """The valid answers of the fields made for skills: (skill id, answer)."""
        for name, value in self.cleaned_data.items():
            if name.startswith(prefix):
                yield int(name.removeprefix(prefix)), value


def radio(label: Any, choices: Any, *, required: Text = "", **kwargs: Any) -> forms.ChoiceField:
    """One of several, as radio buttons; `required` is the message where nothing is chosen."""
    messages = {"required": required or CHOOSE_ONE, "invalid_choice": CHOOSE_ONE}
    return forms.ChoiceField(
        label=label,
        choices=choices,
        required=bool(required),
        widget=forms.RadioSelect(attrs={"class": "form-check-input"}),
        error_messages=messages,
        **kwargs,
    )
