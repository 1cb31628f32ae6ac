-- What is due to one person by email on each of some coming days, if nothing changes and nothing is sent before: a row a
-- reminder, with the days on which it is due and the titles for its text. It only reads. What the emails before a day
-- change is added by forecast.py.
WITH /*due*/
SELECT due.kind, due.goal_id, due.step_id, due.assessment_id, due.review_id, due.opportunity_id, due.due_on,
       due.days AS lead_days, coalesce(step.title, ''), coalesce(goal.title, ''), coalesce(goal.stop_condition, ''),
       coalesce(opportunity.title, ''), coalesce(opportunity.organisation, ''),
       due.series, due.is_once, array_agg(due.day)
FROM due
LEFT JOIN goals_goal AS goal ON goal.id = due.goal_id
LEFT JOIN goals_actionstep AS step ON step.id = due.step_id
LEFT JOIN opportunities_opportunity AS opportunity ON opportunity.id = due.opportunity_id
WHERE due.channel = 'mail'
GROUP BY due.kind, due.goal_id, due.step_id, due.assessment_id, due.review_id, due.opportunity_id, due.due_on, due.days,
         step.id, goal.id, opportunity.id, due.series, due.is_once
