"""Migrations that only add, with models rendered once: the same statements, and the same models afterwards."""

from contextlib import nullcontext

import pytest
from django.db import connection, migrations, models
from django.db.migrations.state import ProjectState
from pgtrigger import Protect, Update
from pgtrigger.migrations import AddTrigger

from tests.migration_executor import ADDS, rendered_once


def key():
    return ("id", models.BigAutoField(primary_key=True))


def to(model):
    return models.ForeignKey(model, models.CASCADE)


class Trees(migrations.Migration):
    operations = [
        migrations.CreateModel("Tree", [key(), ("name", models.CharField(max_length=9, unique=True))]),
        migrations.CreateModel("Leaf", [key(), ("tree", to("one.tree")), ("beside", to("one.leaf"))]),
        migrations.AddField("Tree", "best", models.OneToOneField("one.leaf", models.SET_NULL, null=True)),
        migrations.AddField("Leaf", "size", models.IntegerField(default=3), preserve_default=False),
        AddTrigger("leaf", Protect(name="stays", operation=Update)),
        migrations.AddConstraint("Leaf", models.UniqueConstraint(fields=["tree", "size"], name="sizes")),
        migrations.AddIndex("Leaf", models.Index(fields=["size"], name="by_size")),
    ]


class Woods(migrations.Migration):
    operations = [
        migrations.CreateModel("Wood", [key(), ("trees", models.ManyToManyField("one.tree")), ("leaf", to("one.leaf"))])
    ]


def known(state):
    """What a model knows of itself and of those that point to it, and whether these are the ones of now."""
    for model in sorted(state.apps.get_models(include_auto_created=True), key=lambda model: model._meta.label):
        of = model._meta
        yield of.label, [field.name for field in of.fields], of.constraints, of.indexes, of.apps is state.apps
        for relation in sorted(
            of.related_objects, key=lambda relation: relation.name
        ):  # Django's order is that of a set
            other = relation.related_model
            yield of.label, relation.name, other is state.apps.get_model(other._meta.label)


def migrate(around):
    state = ProjectState()
    assert not list(state.apps.get_models())
    with connection.schema_editor(collect_sql=True, atomic=False) as editor:
        for migration in (Trees("0001", "one"), Woods("0001", "two")):
            with around(state):
                state = migration.apply(state, editor, collect_sql=True)
    return editor.collected_sql, list(known(state))


@pytest.mark.django_db
def test_same_statements_and_models():
    assert all(type(operation) in ADDS for operation in (*Trees.operations, *Woods.operations))
    statements, models = migrate(rendered_once)
    assert (statements, models) == migrate(nullcontext)
    assert len(models) == 4 + 5
    assert all(model[-1] for model in models)
