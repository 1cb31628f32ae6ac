"""Names in earlier versions of the file (docs/adr/0013): every published version stays readable.

The names in a file follow the models, so renaming a column is a new version unless `Section.file_names` retains the
published name. Older names are listed here once, and `translate` maps them to today's.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

VERSION = 2
Names = Mapping[str, str]


@dataclass(frozen=True, kw_only=True)
class VersionNames:
    """Names that one earlier version used.

    `sections`: its name of a section -> today's. `columns`: by today's section, its name of a column -> today's.
    `values`: by today's column, wherever it is, its value -> today's.
    """

    sections: Names = field(default_factory=dict)
    columns: Mapping[str, Names] = field(default_factory=dict)
    values: Mapping[str, Names] = field(default_factory=dict)

    def translate(self, section: str, row: dict[str, Any]) -> dict[str, Any]:
        """Return a row of a section (by today's name) with today's names and values. Unknown names do not change."""
        names = self.columns.get(section, {})
        return {(name := names.get(old, old)): self._value(name, value) for old, value in row.items()}

    def _value(self, column: str, value: Any) -> Any:
        values = self.values.get(column, {})
        if isinstance(value, list):
            return [values.get(one, one) if isinstance(one, str) else one for one in value]
        return values.get(value, value) if isinstance(value, str) else value


V1_PLAN = {"closing_words": "closing_notes"}
V1_PAUSE = {"triaged_at": "caught_up_at"}
V1_GOAL = {"stop_unless": "stop_condition"}
V1_EVALUATION = {"again": "would_repeat"}
V1_OPPORTUNITY = {
    "judgement": "outcome_review",
    "judgement_note": "outcome_review_note",
    "judged_at": "outcome_reviewed_at",
}

V1_STATES = {"achieved": "reached", "requested": "asked_for", "secured": "arranged"}  # of goals, of resources
V1_KINDS = {"assessment_left": "assessment_abandoned", "opportunity_judged": "opportunity_outcome_review"}

# Renamed within version 2, with the same meaning.
RENAMED_STATES = {"state": {"owed": "pending"}, "answer": {"slipping": "a_little_behind"}}

VERSIONS: Mapping[int, VersionNames] = {
    1: VersionNames(
        sections={
            "presence": "activity",
            "begun_evaluations": "evaluation_drafts",
            "mails": "emails",
            "review_rhythms": "review_schedules",
            "readings": "progress_entries",
        },
        columns={
            "activity": {"asked_at": "feedback_asked_at"},
            "refused_addresses": {"answer": "smtp_response"},
            "emails": {
                "unsure": "uncertain_attempts",
                "answer": "smtp_response",
                "is_asking": "asks_for_feedback",
            },
            "own_skills": {"put_away_at": "archived_at"},
            "plans": V1_PLAN,
            "plan_history": V1_PLAN,
            "pauses": V1_PAUSE,
            "pause_history": V1_PAUSE,
            "goals": V1_GOAL,
            "goal_history": V1_GOAL,
            "progress_entries": {"read_on": "measured_on", "withdrawn_at": "removed_at"},
            "evaluations": V1_EVALUATION,
            "evaluation_history": V1_EVALUATION,
            "evaluation_drafts": {**V1_EVALUATION, "kept_at": "saved_at"},
            "reviews": {"got_in_the_way": "obstacles"},
            "review_goals": {"verdict": "answer", "reading": "progress_entry"},
            "opportunities": V1_OPPORTUNITY,
            "opportunity_history": V1_OPPORTUNITY,
        },
        values={
            "effect": {"serves": "helps", "delays": "slows_down"},
            "kind": V1_KINDS,
            "state": V1_STATES,
            "muted_kinds": V1_KINDS,
            **RENAMED_STATES,
        },
    ),
    VERSION: VersionNames(values=RENAMED_STATES),
}
