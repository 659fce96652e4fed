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


def test_an_address_is_recorded_once_and_many_sources_have_none():
    Source.objects.bulk_create([Source(title="One"), Source(title="Two"), Source(title="A", url="https://a.example/")])

    with refused_by("registry_source_url_unique"):
        Source.objects.bulk_create([Source(title="B", url="https://a.example/")])
