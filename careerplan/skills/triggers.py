"""Rules of the database: what belongs to a finished assessment does not change any more.

A check constraint sees one row only; these look at the assessment a row belongs to. They raise
`check_violation`, which Django gives as IntegrityError, with the rule's name in the message.
"""

import pgtrigger

FROZEN = "RAISE EXCEPTION '{rule}: a finished assessment does not change' USING ERRCODE = 'check_violation';"
WRITE = (
    "SELECT finished_at INTO finished FROM skills_assessment WHERE id = NEW.assessment_id FOR SHARE;"
    " IF finished IS NOT NULL THEN {refuse} END IF;"
    " IF TG_OP = 'UPDATE' THEN"
    " SELECT finished_at INTO finished FROM skills_assessment WHERE id = OLD.assessment_id FOR SHARE;"
    " IF finished IS NOT NULL THEN {refuse} END IF;"
    " END IF;"
    " RETURN NEW;"
)
DELETE = (
    "IF EXISTS (SELECT 1 FROM skills_assessment WHERE id = OLD.assessment_id AND finished_at IS NOT NULL)"
    " THEN {refuse} END IF;"
    " RETURN NULL;"
)


def freeze_finished_assessment() -> pgtrigger.Trigger:
    """An UPDATE of a finished assessment is refused.

    The one exception: its occupation may vanish from the catalogue (the foreign key is set to null);
    the target role in the person's own words stays.
    """
    return pgtrigger.Trigger(
        name="skills_assessment_frozen",
        operation=pgtrigger.Update,
        when=pgtrigger.Before,
        condition=pgtrigger.Condition(
            "OLD.finished_at IS NOT NULL AND ("
            "(to_jsonb(NEW) - 'target_occupation_id') IS DISTINCT FROM (to_jsonb(OLD) - 'target_occupation_id')"
            " OR (NEW.target_occupation_id IS NOT NULL"
            " AND NEW.target_occupation_id IS DISTINCT FROM OLD.target_occupation_id))"
        ),
        func=FROZEN.format(rule="skills_assessment_frozen"),
    )


def freeze_parts(part: str) -> list[pgtrigger.Trigger]:
    """The rules of what belongs to an assessment; `part` is "rating" or "education".

    An INSERT or UPDATE waits for whoever is just finishing the assessment (FOR SHARE) and is then refused.
    A DELETE is looked at when the transaction ends: with the whole assessment (an account is deleted) it is
    allowed, alone it is not.
    """
    write, delete = f"skills_{part}_frozen", f"skills_{part}_stays"
    return [
        pgtrigger.Trigger(
            name=write,
            operation=pgtrigger.Insert | pgtrigger.Update,
            when=pgtrigger.Before,
            declare=[("finished", "timestamptz")],
            func=WRITE.format(refuse=FROZEN.format(rule=write)),
        ),
        pgtrigger.Trigger(
            name=delete,
            operation=pgtrigger.Delete,
            when=pgtrigger.After,
            timing=pgtrigger.Deferred,
            func=DELETE.format(refuse=FROZEN.format(rule=delete)),
        ),
    ]
