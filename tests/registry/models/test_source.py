"""What no source can be."""

import pytest

from registry.models import Source
from tests.registry.models.refusal import refused_by

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("constraint", "values"),
    [
        ("registry_source_kind_known", {"kind": "hearsay"}),
        ("registry_source_verification_known", {"verification": "perhaps"}),
        ("registry_source_title_filled", {"title": ""}),
    ],
)
def test_a_source_refuses(constraint, values):
    Source.objects.create(title="A paper")

    with refused_by(constraint):
        Source.objects.update(**values)
