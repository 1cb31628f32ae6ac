"""Takes the pictures of the README again: `make screenshots`."""

from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from careerplan.local.demo import read_plan
from careerplan.local.stack import Stack
from tests.plugins.browser import ARGUMENTS, find

FOLDER = Path(__file__).resolve().parents[2] / "docs" / "img"
PICTURES = {"today": "/today/", "results": "/skills/results/"}


def sign_in(page: Page) -> None:
    """As the invented person."""
    page.goto("/account/login/")
    page.get_by_label("Email address").fill(read_plan()["person"]["email"])
    page.get_by_label("Password").fill(read_plan()["person"]["password"])
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/today/")


def main() -> None:
    """Start everything with the demo plan, and take each picture at 1280 by 800."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    with Stack() as stack, sync_playwright() as playwright:
        stack.prepare()
        stack.manage("load_demo")
        stack.start("web")
        browser = playwright.chromium.launch(executable_path=find(), args=ARGUMENTS)
        page = browser.new_page(base_url=stack.base_url, viewport={"width": 1280, "height": 800})
        sign_in(page)
        for name, address in PICTURES.items():
            page.goto(address)
            page.screenshot(path=FOLDER / f"{name}.png")
        browser.close()


if __name__ == "__main__":
    main()
