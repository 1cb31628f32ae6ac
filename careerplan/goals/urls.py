"""URLs of goals and steps. Each change of state has its own POST endpoint."""

from django.urls import URLPattern, path

from careerplan.goals.models import Goal
from careerplan.goals.views import closing, first_goals, goals, obstacle, progress, quick_step, step_list, steps, undo

app_name = "goals"


def if_then_paths(place: str, of: str) -> list[URLPattern]:
    """Return the pages of the conversation about a goal or a step: two questions, and the plan read back."""
    questions = [
        path(
            f"{place}/if-then/{question}/",
            obstacle.if_then_question,
            {"of": of, "question": question},
            name=f"{of}-if-then-{question}",
        )
        for question in obstacle.FORMS
    ]
    return [*questions, path(f"{place}/if-then/", obstacle.if_then_ready, {"of": of}, name=f"{of}-if-then-ready")]


urlpatterns = [
    path("", goals.goal_list, name="list"),
    path("new/", goals.goal_new, name="new"),
    path("first/", first_goals.first_goals, name="first"),
    path("first/not-now/", first_goals.decline, name="first-decline"),
    path("<int:pk>/", goals.goal_detail, name="detail"),
    path("<int:pk>/edit/", goals.goal_edit, name="edit"),
    path("<int:pk>/reached/", closing.goal_close, {"outcome": Goal.State.REACHED}, name="reached"),
    path("<int:pk>/partly-reached/", closing.goal_close, {"outcome": Goal.State.PARTLY}, name="partly-reached"),
    path("<int:pk>/let-go/", closing.goal_close, {"outcome": Goal.State.LET_GO}, name="let-go"),
    path("<int:pk>/how-it-went/", closing.how_it_went, name="how-it-went"),
    path("<int:pk>/reopen/", closing.goal_reopen, name="reopen"),
    path("<int:pk>/move/", goals.goal_move, name="move"),
    path("<int:pk>/stop-rule/confirm/", goals.stop_rule_confirm, name="stop-rule-confirm"),
    path("<int:pk>/stop-rule/later/", goals.stop_rule_later, name="stop-rule-later"),
    *if_then_paths("<int:pk>", "goal"),
    *if_then_paths("steps/<int:pk>", "step"),
    path("title-advice/", goals.title_advice, name="title-advice"),
    path("<int:pk>/delete/", goals.goal_delete, name="delete"),
    path("<int:pk>/record/", progress.record, name="record"),
    path("<int:pk>/progress/", progress.progress, name="progress"),
    path("progress/<int:pk>/remove/", progress.entry_remove, name="entry-remove"),
    path("progress/<int:pk>/restore/", progress.entry_restore, name="entry-restore"),
    path("undo/", undo.undo, name="undo"),
    path("needed/", steps.needed, name="needed"),
    path("evaluations/", steps.evaluations, name="evaluations"),
    path("resources/<int:pk>/state/", steps.resource_state, name="resource-state"),
    path("<int:pk>/steps/new/", steps.step_new, name="step-new"),
    path("<int:pk>/steps/order/", steps.steps_order, name="steps-order"),
    path("steps/", step_list.step_list, name="steps"),
    path("steps/add/", quick_step.quick_step, name="step-quick"),
    path("steps/<int:pk>/row/", step_list.step_row, name="step-row"),
    path("steps/<int:pk>/due/", step_list.step_due, name="step-due"),
    path("steps/similar/", steps.steps_similar, name="steps-similar"),
    path("steps/<int:pk>/start/", steps.step_start, name="step-start"),
    path("steps/<int:pk>/earlier/", steps.step_move, {"way": "earlier"}, name="step-earlier"),
    path("steps/<int:pk>/later/", steps.step_move, {"way": "later"}, name="step-later"),
    path("steps/<int:pk>/evaluate/", steps.step_evaluate, name="step-evaluate"),
    path("steps/<int:pk>/edit/", steps.step_edit, name="step-edit"),
    path("steps/<int:pk>/drop/", steps.step_drop, name="step-drop"),
    path("steps/<int:pk>/skip/", steps.step_skip, name="step-skip"),
    path("steps/<int:pk>/complete/", steps.step_complete, name="step-complete"),
    path("steps/<int:pk>/reopen/", steps.step_reopen, name="step-reopen"),
]
