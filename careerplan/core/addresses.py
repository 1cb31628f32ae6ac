"""What stands in an address, as it may be used."""

LONGEST_ID = 18  # digits; any more would not fit into a bigint


def id_in(text: str) -> int | None:
    """The id of a row that a parameter of an address names; None for anything that cannot be one."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= LONGEST_ID else None
