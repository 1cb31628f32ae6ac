-- Runs once, as the database is made (docker-compose.yml): the role of web, worker and beat. It owns nothing;
-- `manage.py grant_rights` gives it what it needs after every migration.
\getenv app_password POSTGRES_APP_PASSWORD
CREATE ROLE careerplan_app LOGIN PASSWORD :'app_password';
