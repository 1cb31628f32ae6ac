"""How large a run is."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Size:
    """How much of it: so many people, faults of each kind, and seconds to wait for the last mail."""

    people: int = 10_000
    kills: int = 150
    times: int = 5
    terminations: int = 20
    races: int = 1000
    patience: float = 300.0
    workers: int = 2
    away: float = 60.0
    freeze: float = 15.0
    share: float = 0.02  # of messages to which each fault of SMTP happens
    refused_people: int = 300
    refusals: tuple[str, ...] = ("relay", "helo", "blocklist", "bare", "full")
    silences: int = 2


SHORT = Size(
    people=150, kills=6, times=2, terminations=3, races=25, patience=60.0, workers=1, away=5.0, share=0.06, freeze=5.0,
    refused_people=60, silences=1, refusals=("relay", "full"),
)  # fmt: skip
