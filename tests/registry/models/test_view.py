"""What no saved view can be."""

import pytest

from registry.models import SavedView
from tests.factories import NOW, make_person
from tests.registry.models.refusal import refused_by

pytestmark = pytest.mark.django_db


def view(**values):
    values = {"owner": make_person(), "name": "Critical, open", "slug": "critical-open"} | values
    return SavedView.objects.create(**values, created_at=NOW, updated_at=NOW)


@pytest.mark.parametrize(
    ("constraint", "values"),
    [
        ("registry_savedview_name_filled", {"name": ""}),
        ("registry_savedview_query_at_most_4000", {"query": "q" * 4001}),
    ],
)
def test_a_view_refuses(constraint, values):
    with refused_by(constraint):
        view(**values)


def test_a_person_has_one_view_of_a_name_and_others_may_have_it_too():
    first = view()
    view(slug="critical-open-2")

    with refused_by("registry_savedview_name_once"):
        view(owner=first.owner, slug="critical-open-3")
