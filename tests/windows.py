"""Browser windows on Django's own live server: for pages whose state a test writes straight into the database."""

from collections.abc import Callable, Iterator
from zlib import crc32

from django.test import Client
from playwright.sync_api import Browser, Page

from accounts.models import User
from tests.axe import violations
from tests.browser.conftest import DESK, Complaints
from tests.profiles import PROFILE

LOOKS = [("light", 1280), ("dark", 320)]


def windows(browser: Browser, url: str) -> Iterator[Callable[..., Page]]:
    """What the fixture `open_page` gives: opens a window, signed in as `user` where one is given."""
    contexts, complaints = [], []

    def open_page(user: User | None = None, **options) -> Page:
        contexts.append(browser.new_context(base_url=url, reduced_motion="reduce", **DESK | options))
        if user is not None:
            client = Client()
            client.force_login(user)
            cookies = client.cookies.items()
            contexts[-1].add_cookies([{"name": n, "value": c.value, "url": url} for n, c in cookies])
        page = contexts[-1].new_page()
        complaints.append(Complaints(page))
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert [found for complaint in complaints for found in complaint.found] == []


def check(page: Page) -> None:
    """Nothing that axe finds, no scrolling sideways: light and wide, dark and narrow; a quick run takes one of both."""
    page.wait_for_load_state()  # a click waits for the answer, not for the whole page
    first = crc32(page.title().encode()) % 2 if PROFILE.looks == 1 else 0
    for scheme, width in LOOKS[first:][: PROFILE.looks]:
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        page.set_viewport_size({"width": width, "height": 800})
        found = [(one["id"], [node["html"] for node in one["nodes"]]) for one in violations(page)]
        assert found == []
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
