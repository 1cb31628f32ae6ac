"""A worker that is killed while it sends costs no reminder."""

import signal
from collections import Counter

import pytest

from tests.stack.conftest import wait_for
from tests.stack.people import make_people

pytestmark = pytest.mark.stack

COUNT = 60


def test_every_reminder_arrives_although_the_worker_is_killed_while_it_sends(stack, product, mail_server):
    product.call(make_people, count=COUNT)
    expected = {f"person-{n}@example.org" for n in range(COUNT)}
    stack.start("worker", "beat")

    wait_for(lambda: len(mail_server.recipients()) >= 10)
    stack.kill("worker", signal.SIGKILL)
    at_the_kill = len(mail_server.recipients())
    assert at_the_kill < COUNT, "the worker was through before it was killed: the test shows nothing"
    stack.start("worker")

    wait_for(lambda: set(mail_server.recipients()) == expected)
    stack.manage("send_reminders")  # and nothing more is owed
    times = Counter(mail_server.recipients())
    doubles = {address: number for address, number in times.items() if number > 1}
    # One mail was on its way when the worker died: it may come twice, and is then recognisably the same.
    assert sum(number - 1 for number in doubles.values()) <= 1
    ids = {(message["To"], message["Message-ID"], message["Date"]) for message in mail_server.accepted}
    assert len(ids) == COUNT


def test_rounds_side_by_side_send_nothing_twice(stack, product, mail_server):
    product.call(make_people, count=COUNT)
    stack.start("worker", "beat")
    wait_for(lambda: len(mail_server.recipients()) >= 5)
    # Rounds by hand, in processes of their own, while the worker sends.
    stack.manage("send_reminders")
    stack.manage("send_reminders")
    wait_for(lambda: len(set(mail_server.recipients())) == COUNT)
    assert max(Counter(mail_server.recipients()).values()) == 1
