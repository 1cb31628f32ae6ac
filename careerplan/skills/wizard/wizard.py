"""The wizard as data: an ordered list of pages whose state follows from the stored answers.

Nothing here uses the database: `queries.draft.load_wizard` loads the rows.
"""

from dataclasses import dataclass
from functools import cached_property
from itertools import groupby

from careerplan.skills.wizard.answers import Answers
from careerplan.skills.wizard.first_pages import first_pages, interest_page, interest_pages
from careerplan.skills.wizard.last_pages import last_pages
from careerplan.skills.wizard.pages import Page, PageKind, WizardStage
from careerplan.skills.wizard.skill_pages import skill_pages
from careerplan.skills.wizard.task_pages import QUICK_TASKS, SECONDS_A_TASK, USUAL_TASKS, tasks_page


@dataclass(frozen=True, slots=True)
class StageRow:
    """A stage in the list. `page_key` links to its first page, for answered stages."""

    stage: WizardStage
    is_current: bool
    is_answered: bool
    page_key: str


@dataclass(frozen=True)
class Wizard:
    """All pages of an assessment."""

    answers: Answers
    pages: tuple[Page, ...]

    def page(self, key: str) -> Page | None:
        """Return the page of this key, if there is one."""
        return next((page for page in self.pages if page.key == key), None)

    def fallback_page(self, key: str) -> Page | None:
        """Return the page that takes the answers of one that no longer exists, because fewer skills are asked."""
        if key.startswith(WizardStage.TASKS):
            return next((page for page in self.pages if page.kind is PageKind.TASKS), tasks_page(self.answers, 1, ()))
        if key.startswith(WizardStage.INTERESTS):
            return next((page for page in self.pages if page.kind is PageKind.INTERESTS), interest_page(1, ()))
        pages = [page for page in self.pages if page.kind is PageKind.RATINGS]
        first = key.rstrip("-0123456789")
        return next((page for page in pages if page.key == first), pages[0] if pages else None)

    def is_answered(self, page: Page) -> bool:
        return page.answered(self.answers)

    @cached_property
    def first_unanswered(self) -> Page:
        """Return the first unanswered page; the last page, "Check your answers", is never answered."""
        return next(page for page in self.pages if not self.is_answered(page))

    @property
    def first_unrated(self) -> Page | None:
        """Return the first unanswered page that asks about skills; None if all are rated."""
        asking = (page for page in self.pages if page.kind is PageKind.RATINGS)
        return next((page for page in asking if not self.is_answered(page)), None)

    @property
    def is_complete(self) -> bool:
        """Return whether only the check of the answers is left."""
        return self.first_unanswered.kind is PageKind.CHECK

    def after(self, page: Page) -> Page:
        """Return the next page; of the last one, itself."""
        return self.pages[min(self._place(page) + 1, len(self.pages) - 1)]

    def before(self, page: Page) -> Page:
        """Return the previous page; of the first one, itself."""
        return self.pages[max(self._place(page) - 1, 0)]

    def _place(self, page: Page) -> int:
        """Return the place of a page; of one that is no longer asked, that of the last one of an earlier stage."""
        if page in self.pages:
            return self.pages.index(page)
        stages = list(WizardStage)
        return sum(stages.index(other.stage) < stages.index(page.stage) for other in self.pages) - 1

    @property
    def minutes_left(self) -> int:
        """Return roughly how many minutes the unanswered pages take, at least one."""
        left = sum(page.seconds(self.answers) for page in self.pages if not self.is_answered(page))
        return max(1, round((left + self._seconds_of_later_tasks) / 60))

    @property
    def _seconds_of_later_tasks(self) -> int:
        """Return the time for the tasks of a target that is still to be named."""
        target = self.page(WizardStage.WHERE_TO)
        is_open = (
            target is not None and not self.is_answered(target) and not self.answers.assessment.target_occupation_id
        )
        return (QUICK_TASKS if self.answers.assessment.is_quick else USUAL_TASKS) * SECONDS_A_TASK if is_open else 0

    @property
    def percent(self) -> int:
        """Return how much is answered, by number of questions; never 100 before it is finished."""
        answered = sum(page.questions for page in self.pages if self.is_answered(page))
        return int(100 * answered / sum(page.questions for page in self.pages))

    def place_in_stage(self, page: Page) -> tuple[int, int]:
        """Return the position of a page in its stage, and the number of pages: (2, 3)."""
        pages = [other for other in self.pages if other.stage == page.stage]
        return pages.index(page) + 1, len(pages)

    def stage_number(self, page: Page) -> int:
        """Return the number of its stage; a retake may leave out work or people skills."""
        return list(dict.fromkeys(other.stage for other in self.pages)).index(page.stage) + 1

    def stages(self, current: Page) -> list[StageRow]:
        """Return the list of stages, as seen from a page."""
        rows = []
        for stage, pages in groupby(self.pages, key=lambda page: page.stage):
            group = list(pages)
            answered = all(map(self.is_answered, group))
            rows.append(StageRow(stage, stage == current.stage, answered, group[0].key))
        return rows


def build_wizard(answers: Answers) -> Wizard:
    """Return the pages of an assessment, in order."""
    pages = (*first_pages(answers), *interest_pages(answers), *skill_pages(answers), *last_pages())
    return Wizard(answers, pages)
