"""Every export, feed, import and document is "not found" for other users: this walks all of their routes by name.

A route of these four apps that is not in one of the lists below fails the test that counts them.
"""

import io
import re
import zipfile
from dataclasses import dataclass, replace
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from careerplan.account_data import services
from careerplan.account_data.models import DataFile
from careerplan.calendar_feed import queries as calendars
from careerplan.calendar_feed import services as calendar
from careerplan.plan_document.models import PlanFile
from careerplan.plans.models import Plan
from tests.architecture.routes import POST_ONLY, all_routes
from tests.database import fingerprint, undone
from tests.factories.accounts import UserFactory, confirm_password
from tests.factories.data import make_data_file, make_data_import, make_ready_plan_file
from tests.factories.goals import NOW, make_goal
from tests.factories.whole import LATER, make_whole_account
from tests.imports.files import json_of

pytestmark = pytest.mark.django_db
MARK = "Kwaheri-7191"
SPACES = ("plan_document", "account_data", "calendar_feed", "imports")
# With the id of an object of a user in the address.
NUMBERED = {"plan_document:page", "plan_document:pdf", "plan_document:word", "account_data:file"}
# Of files that a worker makes: test_routes.py.
OF_PLAN_FILE = {"plan_document:file-request", "plan_document:file-download"}
# With the number of an import.
OF_IMPORT = {"account_data:import-record", "account_data:import-undo"}
# Opened with a secret key instead of a session.
BY_KEY = {"calendar_feed:feed"}
# Public, without personal data.
FOR_ALL = {"account_data:schema"}
# Always one's own, whatever is sent: nothing in the address says whose.
READS_OWN = {
    "plan_document:own", "plan_document:file", "account_data:home", "account_data:download", "account_data:csv-tables",
    "account_data:json-resume", "account_data:import", "calendar_feed:home", "calendar_feed:download", "imports:choose",
    "imports:cv-select", "imports:list",
}  # fmt: skip
FIRST_PAGES = {
    "plan_document:own", "account_data:home", "calendar_feed:home", "imports:choose", "imports:cv-select",
    "imports:list",
}  # fmt: skip
CHANGES_OWN = {
    "account_data:export", "account_data:file-request", "account_data:import-finish", "account_data:import-discard",
    "calendar_feed:address-new", "calendar_feed:address-stop", "plan_document:file-cancel",
}  # fmt: skip


@dataclass(frozen=True)
class Theirs:
    """The objects of a user, and the stranger who asks for them."""

    owner: User
    plans: list[int]
    file: int
    brought: int
    feed: str
    proposals: str
    stranger: Any


@pytest.fixture(scope="module")
def their_account(django_db_setup, django_db_blocker):
    """The account of `theirs`, made once for all tests, in a transaction around theirs."""
    with django_db_blocker.unblock(), undone():
        yield make_theirs()


@pytest.fixture
def theirs(their_account):
    """An account of everything with a file made, one brought in, a feed and proposals; a stranger just signed in."""
    stranger = Client()
    stranger.force_login(their_account.stranger)
    return replace(their_account, stranger=stranger)


def make_theirs() -> Theirs:
    """Make all that is the same in each test; the stranger is signed in there."""
    owner = make_whole_account(UserFactory(name=MARK, email="kwaheri-7191@example.org"), MARK)
    token = calendar.make_address(feed=calendars.feed_for(owner), now=NOW)
    at_home = Client()
    at_home.force_login(owner)
    found = at_home.post(
        reverse("imports:choose"), {"file": SimpleUploadedFile("r.json", json_of(skills=[{"name": MARK}]))}
    )
    content = services.export_now(user=owner, now=LATER)
    brought = services.preview_import(user=owner, content=content, now=LATER)
    file = services.store_import(user=owner, content=content, summary=brought, now=timezone.now())
    make_ready_plan_file(owner.plans.get(state="active"))
    other = UserFactory()
    make_goal(other, title="The stranger's own")
    return Theirs(
        owner=owner,
        plans=list(Plan.objects.for_user(owner).values_list("pk", flat=True)),
        file=make_data_file(owner).pk,
        brought=file.pk,
        feed=reverse("calendar_feed:feed", args=[token]),
        proposals=re.search(r'name="proposals" value="([^"]+)"', found.text)[1],
        stranger=other,
    )


def told(response):
    """All that an answer says, with its headers; what is packed is unpacked."""
    body = b"".join(response.streaming_content) if response.streaming else response.content
    if body.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(body)) as archive:
            body = b"".join(archive.read(name) for name in archive.namelist())
    return f"{dict(response.headers)} {body.decode('utf-8', 'replace')}".lower()


def test_every_route_is_listed():
    known = NUMBERED | OF_PLAN_FILE | OF_IMPORT | BY_KEY | FOR_ALL | READS_OWN | CHANGES_OWN
    assert {route.name for route in all_routes() if route.name.split(":")[0] in SPACES} == known
    lists = (NUMBERED, OF_PLAN_FILE, OF_IMPORT, BY_KEY, FOR_ALL, READS_OWN, CHANGES_OWN)
    assert sum(map(len, lists)) == len(known)


def test_owner_finds_everything(theirs):
    """Else a stranger's "not found" would prove nothing."""
    owner = Client()
    owner.force_login(theirs.owner)
    confirm_password(owner).post(reverse("account_data:export"))
    for path in numbered(theirs):
        assert owner.get(path).status_code == 200
    assert all(MARK.lower() in told(owner.get(reverse(name))) for name in READS_OWN - FIRST_PAGES)
    assert MARK.lower() in told(owner.post(reverse("imports:cv-select"), {"proposals": theirs.proposals}))
    assert MARK.lower() in told(Client().get(theirs.feed))


def numbered(theirs):
    """The addresses with a number in them, of every plan and file."""
    return [reverse("account_data:file", args=[theirs.file])] + [
        reverse(name, args=[pk]) for name in sorted(NUMBERED - {"account_data:file"}) for pk in theirs.plans
    ]


def test_objects_of_others_are_not_found(theirs, subtests):
    before = fingerprint()
    missing = told(theirs.stranger.get(reverse("plan_document:page", args=[10**9])))
    paths = [*numbered(theirs), reverse("account_data:file", args=[theirs.brought])]
    for path in (path + query for path in paths for query in ("", "?for=manager", "?part=vision")):
        with subtests.test(path):
            for method in (theirs.stranger.get, theirs.stranger.head, theirs.stranger.post):
                response = method(path)
                assert response.status_code == (405 if method == theirs.stranger.post else 404)
                assert MARK.lower() not in told(response)
            response = theirs.stranger.get(path)
            assert len(told(response)) == pytest.approx(len(missing), abs=30)  # the same page as of what never was
            assert Client().get(path).status_code == 302
    assert fingerprint() == before


def test_own_pages_ignore_ids_of_others(theirs, subtests):
    reach = {"user": theirs.owner.pk, "plan": theirs.plans[0], "pk": theirs.file, "id": theirs.brought}
    before = fingerprint()
    for name in sorted(READS_OWN):
        with subtests.test(name), undone():
            response = theirs.stranger.get(reverse(name), reach, follow=True)
            assert response.status_code == 200
            assert MARK.lower() not in told(response)
            assert Client().get(reverse(name), reach).url.startswith(reverse("account_login"))
            assert fingerprint() == before


def test_changes_reach_only_the_own_account(theirs, subtests):
    for name in sorted(CHANGES_OWN):
        with subtests.test(name), undone():
            try_to_change(theirs, name)
    for name in sorted(CHANGES_OWN):
        try_to_change(theirs, name)
    confirm_password(theirs.stranger).post(reverse("account_data:export"))
    assert MARK.lower() not in told(theirs.stranger.get(reverse("account_data:download")))


def try_to_change(theirs, name):
    """Post to a route as a stranger, with the ids of another user's objects."""
    assert name in POST_ONLY
    reach = {"user": theirs.owner.pk, "plan": theirs.plans[0], "pk": theirs.brought, "active": "own", "seen": "0"}
    response = theirs.stranger.post(reverse(name), reach, follow=True)
    assert MARK.lower() not in told(response)
    assert Client().post(reverse(name), reach).url.startswith(reverse("account_login"))
    files = DataFile.objects.for_user(theirs.owner)
    assert {(file.pk, file.state) for file in files} == {(theirs.file, "ready"), (theirs.brought, "ready")}
    assert PlanFile.objects.for_user(theirs.owner).exists()
    assert Client().get(theirs.feed).status_code == 200


def test_proposals_of_another_user_are_rejected(theirs):
    before = fingerprint()
    response = theirs.stranger.post(
        reverse("imports:cv-select"), {"proposals": theirs.proposals, "skills": "0"}, follow=True
    )
    assert MARK.lower() not in told(response)
    assert response.redirect_chain[-1][0] == reverse("imports:choose")
    assert fingerprint() == before


def test_feed_needs_the_exact_key(theirs):
    path = theirs.feed
    for change in (path.upper(), path.lower(), path.replace(".ics", "x.ics"), path[:-6] + ".ics"):
        changed = change.replace("/CALENDAR/FEED/", "/calendar/feed/").replace(".ICS", ".ics")
        assert changed != path
        response = theirs.stranger.get(changed)
        assert response.status_code == 404
        assert MARK.lower() not in told(response)


def test_public_pages_name_nobody(theirs):
    for name in FOR_ALL:
        assert MARK.lower() not in told(Client().get(reverse(name)))


def test_import_of_another_user_is_not_found(theirs):
    record = make_data_import(theirs.owner)
    before = fingerprint()
    for name in sorted(OF_IMPORT):
        path = reverse(name, args=[record.pk])
        assert theirs.stranger.get(path).status_code == (405 if name in POST_ONLY else 404)
        assert theirs.stranger.post(path).status_code == (404 if name in POST_ONLY else 405)
    assert fingerprint() == before
