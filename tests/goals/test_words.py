"""What is said of progress."""

from datetime import date
from decimal import Decimal

import pytest

from careerplan.goals.pace import DatedValue, Forecast, MeasureRange, Outlook, Pace
from careerplan.goals.texts import due_date_distance, forecast_text, lead_words, progress_text

DUE = date(2027, 6, 11)
RISING = MeasureRange(date(2026, 9, 21), DUE, Decimal(8), Decimal(100))
FALLING = MeasureRange(date(2026, 9, 21), DUE, Decimal(20), Decimal(5))


def test_figures_rising_and_falling():
    assert progress_text(Decimal("35.00"), RISING, "people") == "35 of 100 people"
    assert progress_text(Decimal("12.50"), FALLING, "errors") == "12.5 errors, target 5"


@pytest.mark.parametrize(
    ("day", "words"),
    [
        (date(2027, 6, 11), "on the due date"),
        (date(2027, 6, 12), "one day after the due date"),
        (date(2027, 6, 24), "13 days after the due date"),
        (date(2027, 8, 20), "ten weeks after the due date"),
        (date(2027, 5, 14), "four weeks before the due date"),
        (date(2028, 4, 2), "ten months after the due date"),
        (date(2032, 6, 11), "five years after the due date"),
    ],
)
def test_how_a_day_lies_to_the_due_date(day, words):
    assert due_date_distance(day, DUE) == words


NEWEST = DatedValue(date(2027, 3, 4), Decimal(35))


@pytest.mark.parametrize(
    ("found", "sentence"),
    [
        (
            Forecast(Outlook.DATE, date(2027, 8, 20), NEWEST),
            "At the pace so far (from 8 on 21 Sep 2026 to 35 on 4 Mar 2027): 20 Aug 2027,"
            " ten weeks after the due date.",
        ),
        (
            Forecast(Outlook.STALE, date(2027, 3, 5), NEWEST),
            "At the pace so far (from 8 on 21 Sep 2026 to 35 on 4 Mar 2027) it would have been there on 5 Mar 2027."
            " Where is it now?",
        ),
        (
            Forecast(Outlook.TOO_FAR, newest=NEWEST),
            "Not within ten years at the pace so far (from 8 on 21 Sep 2026 to 35 on 4 Mar 2027).",
        ),
        (
            Forecast(Outlook.AWAY, newest=NEWEST),
            "No forecast: it has moved away from the target (from 8 on 21 Sep 2026 to 35 on 4 Mar 2027).",
        ),
        (Forecast(Outlook.TOO_FEW), "Once it is recorded on two days, this says when you will be there at this pace."),
        (Forecast(Outlook.REACHED, newest=NEWEST), ""),
    ],
)
def test_the_forecast_says_from_which_readings(found, sentence):
    assert forecast_text(found, RISING) == sentence


@pytest.mark.parametrize(
    ("states", "closed", "sentence"),
    [
        ({}, {"achieved": 1}, ""),
        ({Pace.ON_TRACK: 1}, {}, "One is open and on track."),
        ({Pace.BEHIND: 2}, {}, "Two are open, all behind."),
        (
            {Pace.ON_TRACK: 3, Pace.SLIPPING: 1, Pace.BEHIND: 1},
            {"achieved": 1},
            "Five are open: three on track, two behind. One is reached.",
        ),
        (
            {Pace.ON_TRACK: 13, Pace.REACHED: 1},
            {"achieved": 2, "let_go": 1},
            "14 are open: 13 on track, one at the target. Two are reached, one was let go.",
        ),
    ],
)
def test_the_sentence_above_the_goals(states, closed, sentence):
    assert lead_words(states, closed) == sentence
