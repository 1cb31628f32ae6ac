"""Nothing of an account is left out of its file without a decision: all models and their columns are walked."""

from django.apps import apps

from accounts.models import User
from careerplan.account_data.sections import EXCLUDED_MODELS, SECTIONS, SECTIONS_BY_MODEL


def leads_to_a_person(model, seen=()):
    """Whether a chain of foreign keys goes from a row of this model to a user."""
    if model is User:
        return True
    targets = {
        one.related_model for one in model._meta.concrete_fields if one.is_relation and one.related_model is not model
    }
    return any(target not in seen and leads_to_a_person(target, (*seen, model)) for target in targets)


def test_every_model_of_a_user_is_exported_or_excluded_with_a_reason():
    models_ = {
        model
        for model in apps.get_models(include_auto_created=True)
        if not model._meta.proxy and leads_to_a_person(model)
    }
    # Skills lead to a person where they are their own; needs of the catalogue lead to skills of the catalogue only.
    of_the_catalogue = {model for model in models_ if model._meta.label == "catalogue.OccupationNeed"}
    in_file = set(SECTIONS_BY_MODEL) | {model for model in models_ if model._meta.label in EXCLUDED_MODELS}
    assert {model._meta.label for model in models_ - in_file - of_the_catalogue} == set()
    assert {label for label in EXCLUDED_MODELS if not EXCLUDED_MODELS[label]} == set()
    assert set(EXCLUDED_MODELS) <= {model._meta.label for model in models_}


def test_every_column_is_exported_or_excluded_with_a_reason():
    for section in SECTIONS:
        there = {column.field.name for column in section.columns} | set(section.excluded)
        owner = {one.name for one in section.model._meta.concrete_fields if one.related_model is User}
        number = {one.name for one in section.model._meta.concrete_fields if one.primary_key}
        assert {one.name for one in section.model._meta.concrete_fields} - there - owner - number == set(), section.name
        assert all(section.excluded.values()), section.name


def test_no_section_refers_to_a_later_one():
    seen = set()
    for section in SECTIONS:
        seen.add(section.model)
        named = {column.refers_to for column in section.columns if column.refers_to in SECTIONS_BY_MODEL}
        assert named <= seen, section.name
