"""A constraint or trigger that no test names fails here."""

from pathlib import Path

import pghistory.models
import pghistory.trigger
import pgtrigger
from django.apps import apps

HERE = Path(__file__).parent


def stored_models():
    models = apps.get_app_config("registry").get_models()
    return [model for model in models if not issubclass(model, pghistory.models.Event)]


def test_every_constraint_is_named_by_a_test_that_the_database_refuses():
    tests = "".join(path.read_text() for path in HERE.glob("test_*.py") if path != Path(__file__))

    untested = [c.name for model in stored_models() for c in model._meta.constraints if f'"{c.name}"' not in tests]

    assert untested == []


def test_every_trigger_of_ours_is_one_of_those_tested():
    own = {
        (model.__name__, trigger.name)
        for model, trigger in pgtrigger.registered()
        if model in stored_models() and not isinstance(trigger, pghistory.trigger.Event)
    }

    # The first three in test_node_path.py, the fourth in test_safeguard.py, the others in test_pattern.py,
    # test_pattern_parts.py and test_agreement.py.
    assert own == {
        ("Classification", "keep_node_path_insert"),
        ("Classification", "keep_node_path_update"),
        ("Classification", "keep_node_path_delete"),
        ("Safeguard", "technique_and_failure_mode"),
        ("AgreementRun", "immutable"),
        ("AgreementScore", "immutable"),
        ("RaterPair", "immutable"),
        ("Confusion", "immutable"),
        ("PatternRun", "immutable"),
        ("PatternNode", "immutable"),
        ("PatternPair", "immutable"),
        ("PatternTrend", "immutable"),
        ("PatternSplit", "immutable"),
        ("PatternLayers", "immutable"),
        ("PatternMiss", "immutable"),
        ("PatternForesight", "immutable"),
        ("PatternExposure", "immutable"),
    }
