"""The product's own role in the database reads and writes rows and can change nothing about the tables."""

import psycopg
import pytest
from psycopg import errors

from careerplan.local.stack import StackError
from tests.stack.people import run_command

pytestmark = [pytest.mark.stack, pytest.mark.xdist_group("faults")]

FORBIDDEN = [
    "CREATE TABLE mine (id int)",
    "CREATE SCHEMA mine",
    "DROP TABLE goals_progressentry",
    "TRUNCATE goals_progressentry CASCADE",
    "ALTER TABLE goals_goal DROP CONSTRAINT goals_goal_title_given",
    "ALTER TABLE goals_goal DISABLE TRIGGER ALL",
    "SET session_replication_role = replica",
    "CREATE OR REPLACE FUNCTION mine() RETURNS int LANGUAGE sql AS 'SELECT 1'",
    "CREATE EXTENSION hstore",
    "DELETE FROM django_migrations",
    "SET ROLE careerplan",
    "CREATE DATABASE mine",
]


@pytest.fixture
def as_the_product(everything):
    with psycopg.connect(everything.site.product_env["DATABASE_URL"], autocommit=True) as connection:
        yield connection


@pytest.mark.parametrize("statement", FORBIDDEN)
def test_the_product_may_not(as_the_product, statement):
    with pytest.raises(errors.InsufficientPrivilege):
        as_the_product.execute(statement)


def test_the_product_may_write_rows_of_every_table(as_the_product):
    owned = """
        SELECT c.relname, has_table_privilege(c.oid, 'SELECT') AND has_table_privilege(c.oid, 'INSERT')
            AND has_table_privilege(c.oid, 'UPDATE') AND has_table_privilege(c.oid, 'DELETE'), pg_get_userbyid(relowner)
        FROM pg_class c WHERE relkind IN ('r', 'p') AND relnamespace = 'public'::regnamespace
    """
    rows = as_the_product.execute(owned).fetchall()
    assert [name for name, may_write, _owner in rows if not may_write] == ["django_migrations"]
    assert {owner for _name, _may_write, owner in rows} == {"careerplan"}


def test_what_is_granted_may_be_granted_again_and_never_to_the_owner(inside):
    inside.call(run_command, arguments=["grant_rights", "careerplan_app"])
    for role, words in (("careerplan", "connected as careerplan"), ("nobody; --", "no role nobody; --")):
        with pytest.raises(StackError, match=words):
            inside.call(run_command, arguments=["grant_rights", role])
