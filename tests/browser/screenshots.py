"""Takes the pictures of the README again: `make screenshots`."""

from pathlib import Path

from playwright.sync_api import sync_playwright

from careerplan.local.stack import Stack
from tests.plugins.browser import ARGUMENTS, find
from tests.stack_process import StackProcess

FOLDER = Path(__file__).resolve().parents[2] / "docs" / "img"
DEMO_EMAIL = "ruth.adeyemi@example.org"
PICTURES = {"today": "/today/", "results": "/skills/results/"}


def main() -> None:
    """Start everything with the demo plan, and take each picture at 1280 by 800."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    with Stack() as stack, sync_playwright() as playwright:
        stack.prepare()
        stack.manage("load_demo")
        stack.start("web")
        browser = playwright.chromium.launch(executable_path=find(), args=ARGUMENTS)
        context = browser.new_context(base_url=stack.base_url, viewport={"width": 1280, "height": 800})
        # By its path: the module needs settings, which only the processes of the stack have.
        with StackProcess(stack) as product:
            cookie = product.call("tests.browser.people.session_cookie", email=DEMO_EMAIL)
        context.add_cookies([cookie | {"url": stack.base_url}])
        page = context.new_page()
        for name, address in PICTURES.items():
            page.goto(address)
            page.screenshot(path=FOLDER / f"{name}.png")
        browser.close()


if __name__ == "__main__":
    main()
