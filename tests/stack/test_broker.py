"""The broker may go away at any moment: the worker survives it, and nothing that was owed is lost."""

import os

import pytest

from tests.stack.conftest import wait_for
from tests.stack.people import make_people

pytestmark = pytest.mark.stack


def is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def test_the_worker_outlives_a_broker_that_dies_under_an_unacknowledged_message(sending, product, mail_server):
    """Celery 5.7.0 exits here, 5.6.3 does not (docs/adr/0003)."""
    worker = sending.pid("worker")
    product.call(make_people, count=60, name="broker")
    wait_for(lambda: len(mail_server.recipients("broker")) >= 3)  # the task runs, its message is unacknowledged
    sending.kill("valkey")
    wait_for(lambda: len(set(mail_server.recipients("broker"))) == 60)  # sending needs no broker
    sending.start("valkey")
    product.call(make_people, count=1, name="late")
    wait_for(lambda: "late-0@example.org" in mail_server.recipients("late"))
    assert is_alive(worker)
    assert sending.pid("worker") == worker
