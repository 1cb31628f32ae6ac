"""What goes out comes in again as it was: in an account of everything, and in whatever hypothesis thinks of."""

import io
import json
from collections import defaultdict
from datetime import timedelta

import pytest
from django.db import transaction

from careerplan.documents.data.incoming import bring_in
from careerplan.documents.data.outgoing import write_export
from careerplan.documents.data.sections import BY_MODEL, BY_NAME, SECTIONS
from careerplan.catalogue.models import Skill
from tests.factories.accounts import UserFactory
from tests.factories.whole import LATER, make_whole_account

NOW = LATER + timedelta(days=1)


def exported(user, now=NOW):
    """The file of somebody, read."""
    out = io.BytesIO()
    write_export(user, out, now=now)
    return json.loads(out.getvalue())


def brought(user, data, **kwargs):
    """Bring data in, all or nothing."""
    text = data if isinstance(data, bytes) else json.dumps(data).encode()
    with transaction.atomic():
        return bring_in(user=user, file=io.BytesIO(text), now=NOW, **kwargs)


def comparable(data):
    """A file without what is its account's own, and with ids that count from one in each section."""
    numbers = {name: {row["id"]: place for place, row in enumerate(data.get(name, []), 1) if "id" in row} for name in BY_NAME}
    found = defaultdict(list)
    for section in SECTIONS:
        if section.not_taken:
            continue
        for row in data.get(section.name, []):
            row = dict(row)
            for column in section.columns:
                value = row[column.name]
                if column.name == "id" and not column.refers_to:
                    row["id"] = numbers[section.name][value]
                elif column.refers_to is Skill:
                    row[column.name] = skill(value, numbers)
                elif column.is_skill_list and value is not None:
                    row[column.name] = [skill(one, numbers) for one in value]
                elif column.is_context and value and "grew_from" in value:
                    row[column.name] = {**value, "grew_from": skill(value["grew_from"], numbers)}
                elif column.refers_to in BY_MODEL and value is not None:
                    row[column.name] = numbers[BY_MODEL[column.refers_to].name][value]
            for name in SET_ANEW.get(section.name, ()):
                del row[name]
            found[section.name].append(row)
    return dict(found)


# When something came here, and when its date was set: anew with each import, so that nothing past is reminded of.
SET_ANEW = {"plans": ["created_at"], "goals": ["due_set_at"], "steps": ["due_set_at"], "pauses": ["made_at"]}


def skill(value, numbers):
    return value and {**value, "own": value["own"] and numbers["own_skills"][value["own"]]}


@pytest.mark.django_db
def test_an_account_of_everything_comes_back_as_it_was(user):
    before = exported(make_whole_account(user))
    empty = {section.name for section in SECTIONS if not before[section.name]}
    assert empty == set()
    newcomer = UserFactory(time_zone="Europe/London")
    brought(newcomer, before)
    after = exported(newcomer)
    for name, rows in comparable(before).items():
        assert comparable(after)[name] == rows, name
    assert exported(user) == before
