"""The axis of the timeline of goals: on a phone no label runs into the next, and the year is never in doubt."""

from datetime import date, timedelta
from itertools import pairwise

import pytest

from careerplan.planning.timeline import Axis

# Per cent of the axis on the narrowest drawing (a phone's document, 210 px): "Mar 2027" takes 60 px, "Mar" 30.
WITH_YEAR, WITHOUT = 29, 15


@pytest.mark.parametrize("months", range(1, 61))
def test_labels_have_room_on_a_phone(months):
    for month in range(1, 13):
        first = date(2026, month, 1)
        day = first + timedelta(days=round((months - 1) * 30.44) + 10)
        ticks = Axis(first, day).ticks
        shown = [tick for tick in ticks if not tick.is_tight]
        assert shown[0].label.endswith("2026")
        for tick, following in pairwise(shown):
            room = WITH_YEAR if " " in tick.label else WITHOUT
            assert following.at - tick.at >= room, (first, day, ticks)
        years = [int(tick.label.split()[1]) for tick in shown if " " in tick.label]
        assert years == sorted(set(years))
