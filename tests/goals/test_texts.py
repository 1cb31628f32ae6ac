"""What is said of progress."""

from datetime import date
from decimal import Decimal

import pytest

from careerplan.goals.pace import DatedValue, Forecast, MeasureRange, Outlook, Pace
from careerplan.goals.texts import due_date_distance, forecast_text, lead_text, progress_text

DUE = date(2027, 6, 11)
RISING = MeasureRange(date(2026, 9, 21), DUE, Decimal(8), Decimal(100))
FALLING = MeasureRange(date(2026, 9, 21), DUE, Decimal(20), Decimal(5))


def test_measure_range_text_rising_and_falling():
    assert progress_text(Decimal("35.00"), RISING, "people") == "35 of 100 people"
    assert progress_text(Decimal("12.50"), FALLING, "errors") == "12.5 errors, target 5"
    assert progress_text(Decimal("1016.00"), RISING, "%") == "1,016 of 100%"
    assert progress_text(Decimal("12.50"), FALLING, " %") == "12.5%, target 5"


@pytest.mark.parametrize(
    ("day", "words"),
    [
        (date(2027, 6, 11), "The forecast is exactly the due date."),
        (date(2027, 6, 12), "The forecast is 1 day after the due date."),
        (date(2027, 6, 24), "The forecast is 13 days after the due date."),
        (date(2027, 8, 20), "The forecast is 10 weeks after the due date."),
        (date(2027, 5, 14), "The forecast is 4 weeks before the due date."),
        (date(2028, 4, 2), "The forecast is 10 months after the due date."),
        (date(2032, 6, 11), "The forecast is 5 years after the due date."),
    ],
)
def test_due_date_text(day, words):
    assert due_date_distance(day, DUE) == words


NEWEST = DatedValue(date(2027, 3, 4), Decimal(35))
BASIS = " This is based on 8 on 21 Sep 2026 and 35 on 4 Mar 2027."


@pytest.mark.parametrize(
    ("found", "sentence"),
    [
        (
            Forecast(Outlook.DATE, date(2027, 8, 20), NEWEST),
            "At this pace you will reach the target on 20 Aug 2027. The forecast is 10 weeks after the due date."
            + BASIS,
        ),
        (
            Forecast(Outlook.STALE, date(2027, 3, 5), NEWEST),
            "At this pace you would have reached the target on 5 Mar 2027. What is the number now?" + BASIS,
        ),
        (
            Forecast(Outlook.TOO_FAR, newest=NEWEST),
            "At this pace you will not reach the target within 10 years." + BASIS,
        ),
        (
            Forecast(Outlook.AWAY, newest=NEWEST),
            "No forecast: the number has moved away from the target." + BASIS,
        ),
        (Forecast(Outlook.TOO_FEW), "Record progress on 2 days to see when you will reach the target."),
        (Forecast(Outlook.REACHED, newest=NEWEST), ""),
    ],
)
def test_forecast_text_names_its_entries(found, sentence):
    assert forecast_text(found, RISING) == sentence


@pytest.mark.parametrize(
    ("states", "closed", "sentence"),
    [
        ({}, {"reached": 1}, ""),
        ({Pace.ON_TRACK: 1}, {}, "1 open goal. 1 is on track."),
        ({Pace.BEHIND: 2}, {}, "2 open goals. 2 are behind."),
        (
            {Pace.ON_TRACK: 3, Pace.SLIPPING: 1, Pace.BEHIND: 1},
            {"reached": 1},
            "5 open goals. 3 are on track. 2 are behind. 1 is reached.",
        ),
        (
            {Pace.ON_TRACK: 13, Pace.REACHED: 1},
            {"reached": 2, "let_go": 1},
            "14 open goals. 13 are on track. 1 is at the target. 2 are reached. 1 was let go.",
        ),
    ],
)
def test_summary_above_the_goal_list(states, closed, sentence):
    assert lead_text(sum(states.values()), states, closed) == sentence
