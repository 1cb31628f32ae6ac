-- The reminders that are still valid, of some.
SELECT reminder.id
FROM reminders_reminder AS reminder
LEFT JOIN goals_goal AS goal ON goal.id = reminder.goal_id
LEFT JOIN plans_plan AS plan ON plan.id = goal.plan_id
LEFT JOIN goals_actionstep AS step ON step.id = reminder.step_id
LEFT JOIN skills_assessment AS assessment ON assessment.id = reminder.assessment_id
LEFT JOIN reviews_review AS review ON review.id = reminder.review_id
LEFT JOIN plans_plan AS reviewed_plan ON reviewed_plan.id = review.plan_id
LEFT JOIN opportunities_opportunity AS opportunity ON opportunity.id = reminder.opportunity_id
LEFT JOIN plans_plan AS opportunity_plan ON opportunity_plan.id = opportunity.plan_id
WHERE reminder.id = ANY (%(ids)s) AND (
/*is_valid*/
)
