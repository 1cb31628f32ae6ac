"""A form of several rows, held against what they are now."""

from collections.abc import Mapping
from typing import Any, cast
from urllib.parse import parse_qsl, urlencode

from django import forms
from django.http import QueryDict

from careerplan.core.edit_conflicts import CHOICE, CLASHED, THEIRS, MergingForm, merge, stored_text


class SeenForm(MergingForm):
    """A form of several rows at once. It carries the answers that it showed, for want of a history of them together."""

    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    def hold_against(self, now: Mapping[str, Any]) -> None:
        """Hold what was posted against the answers as they are now, by the names of the form's fields."""
        now = dict(now)  # it may be the very answers that the form starts with
        texts = {name: stored_text(self.fields[name], answer) for name, answer in now.items()}
        self.initial["seen"] = urlencode(texts)
        if not self.is_bound:
            return
        data = cast("QueryDict", self.data).copy()
        if data.get(CHOICE) == THEIRS:
            for name in set(data.getlist(CLASHED)) & set(texts):
                data[name] = texts[name]
        if data.get("seen", "") != self.initial["seen"]:
            shown = dict(parse_qsl(data.get("seen", ""), keep_blank_values=True))
            self.meanwhile = merge(self, data, base={**texts, **shown}, now=now)
            data["seen"] = self.initial["seen"]
        self.data = data
