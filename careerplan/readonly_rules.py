"""Closed rows, and the tables that are read-only below them. core/readonly.py makes the triggers.

A new table below a goal, plan, review, assessment or opportunity gets a line here; tests/architecture/test_readonly.py
finds tables without one.
"""

from careerplan.core.readonly import ClosedWhen, ReadOnly

CLOSED = (
    ClosedWhen("plans.Plan", "{row}.state = 'archived'", "an archived plan does not change"),
    ClosedWhen("goals.Goal", "{row}.state <> 'active'", "a closed goal does not change", may_reopen=True),
    ClosedWhen("reviews.Review", "{row}.finished_at IS NOT NULL", "a finished review does not change"),
    ClosedWhen("skills.Assessment", "{row}.finished_at IS NOT NULL", "a finished assessment does not change"),
)

RULES = (
    ReadOnly(model="plans.Plan"),
    ReadOnly(model="plans.Pause", through="plan", may_delete=True),
    ReadOnly(model="skills.Assessment"),
    ReadOnly(model="skills.Rating", through="assessment"),
    ReadOnly(model="skills.TaskAnswer", through="assessment"),
    ReadOnly(model="skills.InterestAnswer", through="assessment"),
    ReadOnly(model="skills.Education", through="assessment"),
    ReadOnly(model="goals.Goal", through="plan"),
    ReadOnly(model="goals.GoalSkill", through="goal__plan", deleted_with=["skill"]),
    ReadOnly(model="goals.ActionStep", through="goal__plan"),
    ReadOnly(model="goals.StepOccurrence", through="step__goal__plan"),
    ReadOnly(model="goals.Resource", through="step__goal__plan"),
    ReadOnly(model="goals.ProgressEntry", through="goal__plan"),
    ReadOnly(model="goals.Change", through="goal__plan"),
    # A step can be rated after its goal was closed.
    ReadOnly(model="goals.Evaluation", through="step__goal__plan", except_below=["goals.Goal"]),
    ReadOnly(model="goals.EvaluationDraft", through="step__goal__plan", except_below=["goals.Goal"], may_delete=True),
    ReadOnly(model="opportunities.Opportunity", through="plan", may_delete=True),
    ReadOnly(model="opportunities.Criterion", through="plan", may_delete=True),
    ReadOnly(model="opportunities.NeededSkill", through="opportunity__plan", deleted_with=["skill"]),
    ReadOnly(model="opportunities.GoalEffect", through="opportunity__plan", deleted_with=["goal"]),
    ReadOnly(model="opportunities.PriorityScore", through="opportunity__plan"),
    ReadOnly(model="opportunities.CriterionScore", through="opportunity__plan"),
    ReadOnly(model="reviews.Review"),
    ReadOnly(model="reviews.ReviewGoal", through="review"),
)
