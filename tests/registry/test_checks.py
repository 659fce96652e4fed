"""What operators are told at start-up."""

import pytest
from django.core import checks
from django.test import override_settings

SAFE = {"EMAIL_URL": "smtp://mail.example:25", "BASE_URL": "https://registry.example"}


def warnings(**settings):
    with override_settings(**SAFE | settings):
        found = checks.run_checks(include_deployment_checks=True, tags=[checks.Tags.security])
    return [warning.id for warning in found if warning.id.startswith("registry.")]


@pytest.mark.parametrize(
    ("settings", "ids"),
    [
        ({}, []),
        ({"EMAIL_URL": ""}, ["registry.W001"]),
        ({"BASE_URL": "http://registry.example"}, ["registry.W002"]),
        ({"EMAIL_URL": "", "BASE_URL": "http://registry.example"}, ["registry.W001", "registry.W002"]),
    ],
)
def test_operators_are_told_of_a_missing_mail_server_and_of_missing_encryption(settings, ids):
    assert sorted(warnings(**settings)) == ids


def test_a_machine_that_is_tried_out_is_not_warned():
    with override_settings(EMAIL_URL="", BASE_URL="http://localhost:8000"):
        found = checks.run_checks(tags=[checks.Tags.security])

    assert [warning.id for warning in found if warning.id.startswith("registry.")] == []
