"""Read a number and what it counts from one line: "12 shifts", "65%", "£400"."""

import re

# A sign of money, a number with what may be between its digits (core/numbers.py), words; not the exponent of a number
# such as 1e5. Reading it is linear.
AMOUNT = re.compile(
    r"\s*(?P<money>[£$€¥₹]?)\s*(?P<number>[+-]?\d+(?:[.,]\d+|['\u2019 \u00a0\u202f]\d{3}(?!\d))*)"
    r"(?P<words>\s*(?!e[+-]?\d)[^\d.,].*)?\s*",
    re.DOTALL | re.I,
)


def split_amount(text: str) -> tuple[str, str]:
    """Return the number as it was typed and what it counts, which may be blank. A text that does not start with a
    number comes back whole, as the number.
    """
    found = AMOUNT.fullmatch(text)
    if found is None:
        return text, ""
    return found["number"], (found["words"] or "").strip() or found["money"]
