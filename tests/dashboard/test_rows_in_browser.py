"""Rows of steps that change alone, and answers in one row of picks, in a browser."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from careerplan.goals.models import ActionStep, Goal
from tests.factories.goals import add_steps, make_goal, only_step
from tests.windows import check

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def steps_from_today(user, *days):
    today = timezone.localdate()
    goals = [make_goal(user, due_on=today + timedelta(days=90), step_due_on=today + timedelta(days=n)) for n in days]
    return [only_step(goal) for goal in goals]


def test_a_row_is_ticked_off_undone_and_moved_without_its_page(open_page, user):
    first, second = steps_from_today(user, 3, 4)
    page = open_page(user)
    page.goto(reverse("goals:steps"))
    row, other = page.locator(f"#step-{first.pk}"), page.locator(f"#step-{second.pk}")
    top = other.bounding_box()["y"]
    row.locator("[data-tick] button").click()
    undo = row.get_by_role("button", name="Undo")
    expect(undo).to_be_focused()
    size = page.viewport_size
    check(page)
    page.set_viewport_size(size)
    assert ActionStep.objects.get(pk=first.pk).state == "done"
    expect(page.locator("[data-tabs] [aria-current] span")).to_have_text("1")
    undo.press("Enter")
    expect(row.locator("[data-tick] button")).to_be_focused()
    assert other.bounding_box()["y"] == top
    row.locator("summary").press("Enter")
    row.get_by_role("button", name="Tomorrow").press("Enter")
    expect(row.locator("summary")).to_be_focused()
    assert ActionStep.objects.get(pk=first.pk).due_on == timezone.localdate() + timedelta(days=1)
    row.locator("summary").press("Enter")
    page.keyboard.press("Escape")
    expect(row.locator("details")).not_to_have_attribute("open", "")


@pytest.mark.parametrize("script", [True, False])
def test_question_of_a_ticked_row_is_in_view_on_a_phone(open_page, user, script):
    steps = steps_from_today(user, *range(3, 12))
    page = open_page(user, java_script_enabled=script, has_touch=True)
    page.set_viewport_size({"width": 360, "height": 740})
    page.goto(reverse("goals:steps"))
    bar = page.locator(".cp-bar").bounding_box()["y"]
    if script:
        page.locator("#quick-line").fill("Call the college next Friday 2h")
        expect(page.locator(".cp-understood")).to_contain_text("2 hours")
        understood = page.locator(".cp-understood").bounding_box()
        assert understood["y"] + understood["height"] <= bar
        page.reload()
    places = {step.pk: page.locator(f"#step-{step.pk}").bounding_box() for step in steps}
    lowest = max((pk for pk, box in places.items() if box["y"] + box["height"] < bar), key=lambda pk: places[pk]["y"])
    row = page.locator(f"#step-{lowest}")
    row.locator(".cp-tick button").tap()
    question = row.locator(".cp-after")
    expect(question).to_be_visible()
    if script:
        expect(row.get_by_role("button", name="Undo")).to_be_focused()
    box = question.bounding_box()
    assert 0 <= box["y"] < box["y"] + box["height"] <= bar
    page.goto(reverse("dashboard:today"))
    page.locator(".cp-upnext summary").tap()
    menu = page.locator(".cp-upnext .cp-when > form").bounding_box()
    assert 0 <= menu["x"] < menu["x"] + menu["width"] <= 360


def test_a_repeating_step_moves_on_in_its_row_and_back_by_undo(open_page, user):
    (step,) = steps_from_today(user, 3)
    ActionStep.objects.filter(pk=step.pk).update(
        repeats=f"weekly:1:{step.due_on.isoweekday()}", repeats_from=step.due_on
    )
    page = open_page(user)
    page.goto(reverse("goals:steps"))
    row = page.locator(f"#step-{step.pk}")
    row.locator("[data-tick] button").press("Enter")
    undo = row.get_by_role("button", name="Undo")
    expect(undo).to_be_focused()
    check(page)
    assert ActionStep.objects.get(pk=step.pk).due_on == step.due_on + timedelta(days=7)
    undo.press("Enter")
    expect(row.locator("[data-tick] button")).to_be_focused()
    assert ActionStep.objects.get(pk=step.pk).due_on == step.due_on
    row.locator("summary").press("Enter")
    row.get_by_role("button", name="Skip this time").press("Enter")
    expect(row.locator("summary")).to_be_focused()
    assert list(step.occurrences.values_list("outcome", flat=True)) == ["skipped"]


COUNT_CLICKS = """addEventListener("pointerdown", () => {
  sessionStorage.clicks = 1 + Number(sessionStorage.clicks ?? 0);
}, true)"""


def clicks_since(page) -> int:
    """How often the mouse was clicked since the last call; keys are not counted."""
    return page.evaluate("[Number(sessionStorage.clicks ?? 0), sessionStorage.removeItem('clicks')][0]")


def test_frequent_actions_take_the_clicks_that_were_promised(open_page, user):
    (near,) = steps_from_today(user, 3)
    page = open_page(user)
    page.add_init_script(COUNT_CLICKS)
    page.goto(reverse("goals:steps"))
    row, clicks = page.locator(f"#step-{near.pk}"), {}
    row.locator("[data-tick] button").click()
    expect(row.get_by_role("button", name="Undo")).to_be_focused()
    clicks["tick off"] = clicks_since(page)
    row.get_by_role("button", name="Undo").click()
    expect(row.locator("[data-tick] button")).to_be_focused()
    clicks["undo"] = clicks_since(page)
    row.locator("summary").click()
    row.get_by_role("button", name="Tomorrow").click()
    expect(row.locator("summary")).to_be_focused()
    clicks["move a step"] = clicks_since(page)
    page.locator("#quick-line").click()
    page.locator("#quick-line").type("Call the college every Friday 2h")
    expect(page.locator(".cp-understood")).to_contain_text("Every Friday")
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name="Call the college")).to_be_visible()
    clicks["add a step"] = clicks_since(page)
    page.get_by_role("link", name="Search").click()
    expect(page.locator("main input[type=search]")).to_be_focused()
    page.keyboard.type("college")
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: "college" in url)
    page.get_by_role("link", name="Call the college").first.click()
    page.wait_for_url(lambda url: "college" not in url)
    clicks["find a step"] = clicks_since(page)
    page.goto(near.goal.get_absolute_url())
    page.locator("#id_value").click()
    page.keyboard.type("5")
    with page.expect_navigation():
        page.get_by_role("button", name="Record").click()
    clicks["record progress"] = clicks_since(page)
    page.goto(reverse("opportunities:list"))
    page.locator("main").get_by_role("link", name="Add an opportunity").first.click()
    page.locator("#id_title").fill("Ward manager, Northgate")
    page.get_by_role("button", name="Add", exact=True).click()
    page.wait_for_url(lambda address: "/new/" not in address)
    clicks["note an opportunity"] = clicks_since(page)
    promised = {"tick off": 1, "undo": 1, "move a step": 2, "add a step": 2, "find a step": 2, "record progress": 2}
    promised["note an opportunity"] = 2
    assert {name: clicks[name] for name in promised if clicks[name] > promised[name]} == {}
    assert ActionStep.objects.get(title="Call the college").repeats == "weekly:1:5"


def test_moving_and_adding_a_goal_take_the_clicks_that_were_promised(open_page, user):
    (late,) = steps_from_today(user, -9)
    [later] = add_steps(late.goal, "Shadow a ward manager", due_on=timezone.localdate() - timedelta(days=4))
    today = timezone.localdate()
    long_ago, before = today - timedelta(days=90), today - timedelta(days=2)
    Goal.objects.filter(pk=late.goal_id).update(starts_on=long_ago, due_on=before)
    page = open_page(user)
    page.add_init_script(COUNT_CLICKS)
    page.goto(reverse("dashboard:today") + "?late=1")
    page.get_by_role("link", name="Move date").first.click()
    page.locator("#id_due_on").fill((today + timedelta(days=30)).isoformat())
    page.get_by_text("Life got in the way").click()
    page.get_by_role("button", name="Move the date").click()
    page.wait_for_url(lambda url: "/move/" not in url)
    assert clicks_since(page) == 3
    days = dict(late.goal.steps.values_list("pk", "due_on"))
    assert days == {late.pk: late.due_on, later.pk: later.due_on}  # open, shown on the page, and not ticked
    page.goto(reverse("goals:list"))
    page.get_by_role("link", name="Add a goal").click()
    fields = {"title": "Give four talks", "target_value": "4 talks", "due_on": "2099-12-31"}
    fields["step_title"] = "Ask Karen for a date"
    assert len(fields) == 4
    for name, words in fields.items():
        page.locator(f"[name={name}]").fill(words)
    page.get_by_role("button", name="Save goal").click()
    expect(page.get_by_role("heading", name="Give four talks")).to_be_visible()
    assert clicks_since(page) == 2
    assert Goal.objects.get(pk=late.goal_id).due_on > today
    assert Goal.objects.filter(title="Give four talks", unit="talks", target_value=4, start_value=0).exists()


# Each menu: what opens over the page. Returns those that Escape and a click outside leave open, that lose the
# focus, or that are wider than the window.
TRY_MENUS = """async (close) => {
  const over = (menu) => [...menu.children].some((part) =>
    !part.matches("summary") && getComputedStyle(part).position === "absolute");
  const left = [];
  let tried = 0;
  for (const menu of document.querySelectorAll("details")) {
    const summary = menu.querySelector("summary");
    if (menu.open || !summary.checkVisibility()) continue;
    menu.open = true;
    await new Promise(requestAnimationFrame);
    if (over(menu)) {
      tried += 1;
      const isWide = document.documentElement.scrollWidth > innerWidth;
      summary.focus();
      if (close === "Escape") summary.dispatchEvent(new KeyboardEvent("keydown", { key: "Escape", bubbles: true }));
      else document.querySelector("h1").dispatchEvent(new PointerEvent("pointerdown", { bubbles: true }));
      const isLost = close === "Escape" && document.activeElement !== summary;
      if (menu.open || isLost || isWide) left.push(menu.outerHTML.slice(0, 80));
    }
    menu.open = false;
  }
  return [tried, left];
}"""


# The field of a closed sheet has the focus until the next frame.
KEY_RIGHT_AFTER_CLOSING = """() => {
  const sheet = document.querySelector("#shortcuts");
  sheet.showModal();
  sheet.close();
  sheet.querySelector("input").dispatchEvent(new KeyboardEvent("keydown", {key: "n", bubbles: true}));
}"""


def test_keys_lead_to_pages_and_fields(open_page, user):
    [step] = steps_from_today(user, 3)
    page = open_page(user)
    page.goto(reverse("dashboard:today"))
    page.keyboard.press("?")
    sheet = page.locator("#shortcuts")
    expect(sheet).to_be_visible()
    keys = {" ".join(row.locator("kbd").all_text_contents()) for row in sheet.locator("dt").all()}
    page.keyboard.press("Escape")
    expect(sheet).to_be_hidden()
    page.keyboard.press("n")
    expect(page.locator("#quick-line")).to_be_focused()
    page.keyboard.type("n?g")  # keys of a field are letters
    expect(page.locator("#quick-line")).to_have_value("n?g")
    expect(sheet).to_be_hidden()
    leave = "document.activeElement.blur()"
    page.evaluate(leave)
    page.evaluate(KEY_RIGHT_AFTER_CLOSING)
    expect(page.locator("#quick-line")).to_be_focused()
    page.evaluate(leave)
    pages = {"/": "dashboard:search", "g g": "goals:list", "g s": "goals:steps", "g p": "plans:plan"}
    pages["g t"] = "dashboard:today"
    for pressed, name in pages.items():
        for key in pressed.split():
            page.keyboard.press(key)
        page.wait_for_url(f"**{reverse(name)}")
        page.evaluate(leave)
    page.goto(reverse("plans:edit"))
    vision = page.locator("#id_vision")
    vision.fill("x" * 4001)
    expect(page.locator(".cp-limit.is-over")).to_have_text("4,001 of at most 4,000 characters")
    vision.fill("A quiet word")
    expect(page.locator(".cp-limit")).to_have_count(0)
    page.goto(step.goal.get_absolute_url())
    page.keyboard.press("r")
    expect(page.locator("#id_value")).to_be_focused()
    assert keys == {*pages, "?", "n", "r"}


# In one go: on a busy machine 150 ms are over before a second question arrives.
OPEN_AND_TIME = """details => {
  details.querySelector("summary").click();
  return details.querySelector(":scope > form").getAnimations().map((one) => one.effect.getTiming().duration);
}"""

# A page is revealed with its first frame, which a busy machine draws after the address has changed.
IS_MOVED = """() => new Promise((done) => {
  const look = () => window.isMoved === undefined ? requestAnimationFrame(look) : done(window.isMoved);
  look();
})"""


def test_every_menu_closes_and_moves_for_150_ms_or_not_at_all(open_page, user):
    """The list with "several=1" is the one whose menu opens from a bar."""
    [step] = steps_from_today(user, 3)
    page = open_page(user)
    page.add_init_script("addEventListener('pagereveal', (event) => (window.isMoved = Boolean(event.viewTransition)))")
    several = f"{reverse('goals:steps')}?several=1"
    moved = {}
    for address in (reverse("dashboard:today"), step.goal.get_absolute_url(), reverse("plans:plan"), several):
        for width in (1280, 360):
            page.set_viewport_size({"width": width, "height": 800})
            page.goto(address)
            for close in ("Escape", "a click"):
                tried, left = page.evaluate(TRY_MENUS, close)
                assert (tried >= 1, left) == (True, [])
    for motion in ("reduce", "no-preference"):
        page.emulate_media(reduced_motion=motion)
        page.goto(reverse("goals:steps"))
        length = page.locator(f"#step-{step.pk} details").first.evaluate(OPEN_AND_TIME)
        page.get_by_role("link", name="Today").first.click()
        page.wait_for_url(f"**{reverse('dashboard:today')}")
        moved[motion] = (length, page.evaluate(IS_MOVED))
    assert moved == {"reduce": ([], False), "no-preference": ([150], True)}


def test_a_chosen_pick_looks_different_in_forced_colours(open_page, user):
    (step,) = steps_from_today(user, -3)
    page = open_page(user, forced_colors="active")
    page.goto(reverse("plans:catch-up"))
    pick = page.locator(f"#id_step-{step.pk} .cp-picks > span").first
    page.get_by_role("heading").first.click()
    before = pick.screenshot()
    pick.locator("input").check()
    page.get_by_role("heading").first.click()
    assert pick.screenshot() != before
