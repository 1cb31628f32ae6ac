"""A worker that is killed while it sends costs no reminder."""

import signal
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.stack.conftest import wait_for
from tests.stack.people import make_people, run_command

pytestmark = pytest.mark.stack

COUNT = 60


def test_every_reminder_arrives_although_the_worker_is_killed_while_it_sends(sending, product, mail_server):
    expected = {f"killed-{n}@example.org" for n in range(COUNT)}
    product.call(make_people, count=COUNT, name="killed")

    wait_for(lambda: len(mail_server.recipients("killed")) >= 10)
    sending.kill("worker", signal.SIGKILL)
    at_the_kill = len(mail_server.recipients("killed"))
    assert at_the_kill < COUNT, "the worker was through before it was killed: the test shows nothing"
    sending.start("worker")

    wait_for(lambda: set(mail_server.recipients("killed")) == expected)
    product.call(run_command, arguments=["send_reminders"])  # and nothing more is owed
    times = Counter(mail_server.recipients("killed"))
    doubles = {address: number for address, number in times.items() if number > 1}
    # One mail was on its way when the worker died: it may come twice, and is then recognisably the same.
    assert sum(number - 1 for number in doubles.values()) <= 1
    mine = [message for message in mail_server.accepted if message["To"] in expected]
    assert len({(message["To"], message["Message-ID"], message["Date"]) for message in mine}) == COUNT


def test_rounds_side_by_side_send_nothing_twice(sending, product, mail_server):
    product.call(make_people, count=COUNT, name="rounds")
    wait_for(lambda: len(mail_server.recipients("rounds")) >= 5)
    # Rounds by hand, while the worker sends: one at once, one in a process that starts meanwhile.
    with ThreadPoolExecutor(1) as pool:
        by_itself = pool.submit(sending.manage, "send_reminders")
        product.call(run_command, arguments=["send_reminders"])
        by_itself.result()
    wait_for(lambda: len(set(mail_server.recipients("rounds"))) == COUNT)
    assert max(Counter(mail_server.recipients("rounds")).values()) == 1
