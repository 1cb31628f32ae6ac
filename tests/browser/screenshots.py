"""Takes the pictures of the README and of the landing page again, from the demo plan: `make screenshots`."""

import base64
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from careerplan.local.stack import Stack
from tests.plugins.browser import ARGUMENTS, find
from tests.stack_process import StackProcess

ROOT = Path(__file__).resolve().parents[2]
README, LANDING = ROOT / "docs" / "img", ROOT / "static" / "img" / "landing"
DEMO_EMAIL = "ruth.adeyemi@example.org"
README_PICTURES = {"today": "/today/", "results": "/skills/results/"}
LANDING_PICTURES = {"today": "/today/", "results": "/skills/results/"}
Size = dict[str, int]
README_SIZE: Size = {"width": 1280, "height": 800}
LANDING_SIZES: dict[str, Size] = {"wide": {"width": 960, "height": 600}, "phone": {"width": 360, "height": 560}}
QUALITY = 78
SCALES = {"wide": 1.5, "phone": 2}  # pixels of a picture for each of the page; dashboard/_shot.html names the sizes


def main() -> None:
    """Start everything with the demo plan and take all pictures."""
    for folder in (README, LANDING):
        folder.mkdir(parents=True, exist_ok=True)
    with demo() as (stack, product, browser):
        # By its path: the module needs settings, which only the processes of the stack have.
        cookie = product.call("tests.browser.people.session_cookie", email=DEMO_EMAIL) | {"url": stack.base_url}
        take_pictures(browser, cookie, README_PICTURES, {"": README_SIZE}, README)
        take_pictures(browser, cookie, LANDING_PICTURES, LANDING_SIZES, LANDING)
        reached = {"reached": product.call("tests.browser.people.reach_a_goal", email=DEMO_EMAIL)}
        take_pictures(browser, cookie, reached, LANDING_SIZES, LANDING)


@contextmanager
def demo() -> Iterator[tuple[Stack, StackProcess, Browser]]:
    """Start everything with the demo plan, and a browser."""
    with Stack() as stack, sync_playwright() as playwright:
        stack.prepare()
        stack.manage("load_demo")
        stack.start("web")
        browser = playwright.chromium.launch(executable_path=find(), args=ARGUMENTS)
        with StackProcess(stack) as product:
            yield stack, product, browser
        browser.close()


def take_pictures(
    browser: Browser, cookie: dict[str, str], addresses: dict[str, str], sizes: dict[str, Size], folder: Path
) -> None:
    """Take a picture of each address in each size: of the README as PNG, of the landing page light and dark."""
    for size, viewport in sizes.items():
        for theme in ("light", "dark") if size else ("light",):
            page = _page(
                browser, cookie, viewport=viewport, color_scheme=theme, device_scale_factor=SCALES.get(size, 1)
            )
            for name, address in addresses.items():
                page.goto(address)
                if size:
                    (folder / f"{name}-{size}-{theme}.webp").write_bytes(_webp(page))
                else:
                    page.screenshot(path=folder / f"{name}.png")
            page.context.close()


def _page(browser: Browser, cookie: dict[str, str], **looks: object) -> Page:
    context = browser.new_context(base_url=cookie["url"], reduced_motion="reduce", **looks)  # type: ignore[arg-type]
    context.add_cookies([cookie])  # type: ignore[list-item]
    return context.new_page()


def _webp(page: Page) -> bytes:
    """Return a picture in WebP, a fifth of the same in PNG; Playwright itself knows only PNG and JPEG."""
    session = page.context.new_cdp_session(page)
    # Without a clip the picture has one pixel for each of the page, however sharp the page is.
    clip = {"x": 0, "y": 0, **(page.viewport_size or {}), "scale": page.evaluate("devicePixelRatio")}
    taken = session.send("Page.captureScreenshot", {"format": "webp", "quality": QUALITY, "clip": clip})
    return base64.b64decode(taken["data"])


if __name__ == "__main__":
    main()
