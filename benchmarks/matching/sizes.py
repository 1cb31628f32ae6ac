"""How many simulated people, and with which seeds."""

PEOPLE = 100_000  # at most so many of each setting and seed; the release has 879
OTHER_SEEDS = (7, 2027)
HOLLOW = 600  # people of each kind whose answers say nothing
CALLS = 50  # of which the median is the time
