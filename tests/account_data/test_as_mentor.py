"""What somebody wrote as a mentor is in their own file: their words, and nothing else of the owner's."""

import json
from datetime import timedelta

import pytest

from careerplan.account_data.exporter import count_rows
from careerplan.account_data.sections import SECTIONS
from careerplan.catalogue.models import Skill
from careerplan.conversation.models import Side
from careerplan.mentoring.services.ending import clear_up, stop_sharing
from tests.account_data.test_round_trip import brought, exported
from tests.factories.accounts import UserFactory
from tests.factories.conversation import propose, say, share_with_mentor
from tests.factories.goals import NOW, make_goal
from tests.factories.second_opinions import answer_opinion, make_opinion
from tests.factories.skills import make_catalogue

pytestmark = pytest.mark.django_db
OF_MENTORS = [section.name for section in SECTIONS if section.is_as_mentor]


@pytest.fixture
def mentorship(user, other_user):
    """What `other_user` wrote in the plan of `user`, who wrote in it, too."""
    make_catalogue()
    goal = make_goal(user, title="Secret goal", why="Secret why")
    row = share_with_mentor(user, goal, mentor=other_user, line="Secret line", shows_vision=True)
    theirs = say(row, goal, "Ask Ada first.")
    say(row, goal, "Secret answer", by=Side.OWNER, reply_to=theirs)
    propose(row, goal, "Rehearse twice")
    row.suggestions.update(answer="declined", answered_at=NOW, answer_line="Secret refusal")
    answer_opinion(make_opinion(row, [Skill.objects.get(key="t-money-0")]), [3], "I saw the budget.")
    row.visits.create(started_at=NOW, last_at=NOW, places=["plan", f"goal-{goal.pk}"])
    return row


def test_mentors_own_words_are_in_their_file(mentorship, user, other_user):
    data = exported(other_user)
    assert [data[name] == [] for name in OF_MENTORS] == [False] * len(OF_MENTORS)
    [plan], [comment], [suggestion], [rating], [visit] = (data[name] for name in OF_MENTORS)
    assert plan["owner_name"] == user.name
    assert {comment["mentorship"], suggestion["mentorship"], rating["mentorship"], visit["mentorship"]} == {plan["id"]}
    assert (comment["text"], suggestion["title"], suggestion["answer"]) == (
        "Ask Ada first.",
        "Rehearse twice",
        "declined",
    )
    assert (rating["skill"], rating["level"], rating["evidence"], rating["sent_at"]) == (
        Skill.objects.get(key="t-money-0").name,
        3,
        "I saw the budget.",
        None,
    )
    assert "Secret" not in json.dumps(data)
    assert user.email not in json.dumps(data)
    assert "goal" not in json.dumps([data[name] for name in OF_MENTORS])
    assert count_rows(other_user) == sum(len(rows) for rows in data.values() if isinstance(rows, list))
    assert brought(UserFactory(), data).unknown_names == []
    # The owner's file has what was said, and no part of a mentor's; answers that were not opened are not in it.
    assert [exported(user)[name] for name in OF_MENTORS] == [[]] * len(OF_MENTORS)
    assert "I saw the budget." not in json.dumps(exported(user))


def test_nothing_of_it_is_left_a_month_after_the_end(mentorship, user, other_user):
    stop_sharing(mentorship=mentorship, now=NOW)
    assert [row["text"] for row in exported(other_user)["comments_you_wrote"]] == ["Ask Ada first."]
    clear_up(now=NOW + timedelta(days=31))
    assert [exported(other_user)[name] for name in OF_MENTORS] == [[]] * len(OF_MENTORS)
    assert "Ask Ada first." in json.dumps(exported(user))


def test_the_owner_keeps_what_a_deleted_mentor_wrote(mentorship, user, other_user):
    other_user.delete()
    assert "Ask Ada first." in json.dumps(exported(user))
