"""Single values as the file has them: words in any script, days, instants, figures."""

import unicodedata
from datetime import UTC, date, datetime
from decimal import Decimal

from hypothesis import strategies as st

from careerplan.account_data.file_format import write_datetime, write_decimal
from careerplan.plans.models import CareerStage

no_control = st.characters(exclude_categories=["Cc", "Cs"], include_characters="\n\t")


def texts(most, least=0):
    """What people type: any script, in NFC."""
    made = st.text(no_control, min_size=least, max_size=min(most, 30)).map(
        lambda text: unicodedata.normalize("NFC", text)
    )
    return made.filter(lambda text: len(text) <= most and (not least or text.strip()))


titles = texts(120, 1).filter(lambda text: any(not one.isspace() and one.isalnum() for one in text))
days = st.dates(date(2000, 1, 1), date(2040, 12, 31))
instants = st.datetimes(datetime(2000, 1, 1), datetime(2027, 2, 12)).map(
    lambda one: write_datetime(one.replace(tzinfo=UTC))
)
past_days = st.dates(date(2000, 1, 1), date(2027, 2, 12))
keys = st.uuids().map(str)


def figures(digits, places, least=0):
    """Decimals as the file has them."""
    top = 10 ** min(digits, 9) - 1
    return st.integers(least, top).map(lambda n: write_decimal(Decimal(n).scaleb(-places)))


def direction(draw):
    """The present job of a user and their target."""
    horizon = draw(st.sampled_from(["", "date", "retirement"]))
    return {
        "career_stage": draw(st.sampled_from(["", *CareerStage.values])),
        "current_role": draw(texts(100)),
        "target_role": draw(texts(100)),
        "target_occupation": None,
        "vision": draw(texts(100)),
        "horizon": horizon,
        "horizon_on": draw(days).isoformat() if horizon == "date" else None,
    }
