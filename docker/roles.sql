-- Runs once when the database is created (docker-compose.yml): the role of web, worker and scheduler. It owns
-- nothing; `manage.py grant_rights` grants its rights after every migration.
\getenv app_password POSTGRES_APP_PASSWORD
CREATE ROLE careerplan_app LOGIN PASSWORD :'app_password';
