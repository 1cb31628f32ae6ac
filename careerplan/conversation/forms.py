"""Forms of both people: the words of a comment. A hidden key keeps a double click from writing twice."""

from typing import Any
from uuid import uuid4

from django import forms
from django.utils.translation import gettext_lazy as _

from careerplan.conversation.models.comment import TEXT_LENGTH
from careerplan.core.forms import BaseForm, LongTextField


class WordsForm(BaseForm):
    """The words of a comment, a reply, or an edited one."""

    text = LongTextField(
        label=_("Your comment"),
        max_length=TEXT_LENGTH,
        error_messages={"required": _("Enter a comment.")},
    )
    form_key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, label: str = "", **kwargs: Any) -> None:
        kwargs["initial"] = {"form_key": uuid4(), **(kwargs.get("initial") or {})}
        super().__init__(*args, **kwargs)
        if label:
            self.fields["text"].label = label


class CommentForm(WordsForm):
    """A comment about a goal, or one of its steps."""

    about = forms.TypedChoiceField(
        label=_("About"),
        required=False,
        coerce=int,
        empty_value=None,
        error_messages={"invalid_choice": _("This step is no longer open. Choose what you write about.")},
    )

    def __init__(self, *args: Any, steps: list[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        about = self.fields["about"]
        about.choices = [("", _("The goal")), *steps]  # type: ignore[attr-defined]
        about.widget.attrs["dir"] = "auto"
        self.unmark_optional("about")
        if not steps and not self.data.get("about"):
            del self.fields["about"]

    def step(self) -> int | None:
        """Return the id of the chosen step."""
        found: int | None = self.cleaned_data.get("about") or None
        return found
