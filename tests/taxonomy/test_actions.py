"""Loading the shipped vocabularies again and again, and changing them."""

import shutil

import pghistory.models
import pytest
import yaml
from django.core.exceptions import ValidationError

from taxonomy import actions
from taxonomy.models import AlternativeParent, Mapping, Node, ReferenceCell, Scheme, SeverityTier
from tests.factories import NOW, make_node

pytestmark = pytest.mark.django_db


@pytest.fixture
def shipped(tmp_path):
    """A copy of the shipped files that a test may change."""
    shutil.copytree(actions.SHIPPED, tmp_path / "data")
    return tmp_path / "data"


def change_file(path, change):
    data = actions.read_shipped(path)
    change(data)
    path.write_text(yaml.safe_dump(data), encoding="utf-8")


def sensible(data):
    data["nodes"][0]["definition"] = "A better wording."


def first_node():
    return Node.objects.get(scheme__slug="goodhart", order=0)


def test_loading_again_changes_nothing():
    counts = actions.load_taxonomy()

    assert {name: n for name, n in counts.items() if n} == {"unchanged": counts["unchanged"]}
    assert counts["unchanged"] == sum(
        model.objects.count() for model in (SeverityTier, Scheme, Node, AlternativeParent, Mapping, ReferenceCell)
    )


def test_a_changed_file_changes_what_nobody_edited(shipped):
    before = first_node()
    change_file(shipped / "schemes" / "goodhart.yaml", sensible)

    counts = actions.load_taxonomy(folder=shipped)

    assert (counts["changed"], counts["kept"]) == (1, 0)
    assert (first_node().definition, first_node().version) == ("A better wording.", before.version + 1)


def test_what_people_edited_is_kept_even_when_the_file_changes(administrator, shipped):
    actions.edit_entry(row=first_node(), by=administrator, at=NOW, changes={"definition": "Our wording."})
    change_file(shipped / "schemes" / "goodhart.yaml", sensible)

    counts = actions.load_taxonomy(folder=shipped)

    assert (counts["changed"], counts["kept"]) == (0, 1)
    assert first_node().definition == "Our wording."


def test_an_edited_cell_of_the_matrix_is_kept(administrator):
    cell = ReferenceCell.objects.filter(verdict="vulnerable").order_by("pk").first()
    actions.edit_entry(row=cell, by=administrator, at=NOW, changes={"verdict": "resistant"})

    actions.load_taxonomy()

    assert ReferenceCell.objects.get(pk=cell.pk).verdict == "resistant"


def test_what_people_deleted_does_not_come_back():
    mapping = Mapping.objects.order_by("pk").first()
    between = (mapping.from_node, mapping.to_node)
    mapping.delete()

    actions.load_taxonomy()

    assert Mapping.objects.filter(from_node=between[0], to_node=between[1]).count() == 0


def test_editing_counts_the_version_and_signs_the_history(administrator):
    node = make_node("red")

    edited = actions.edit_entry(row=node, by=administrator, at=NOW, changes={"name": "Scarlet"}, version=1)

    event = pghistory.models.Events.objects.tracks(edited).order_by("-pgh_id").first()
    assert (edited.version, edited.name) == (2, "Scarlet")
    assert event.pgh_context == {"person": administrator.pk, "action": "edit_entry"}


def test_editing_an_old_version_is_refused_and_changes_nothing(administrator):
    node = make_node("red")
    actions.edit_entry(row=node, by=administrator, at=NOW, changes={"name": "Scarlet"})

    with pytest.raises(ValidationError, match="Somebody else has changed this"):
        actions.edit_entry(row=node, by=administrator, at=NOW, changes={"name": "Crimson"}, version=1)

    assert Node.objects.get(pk=node.pk).name == "Scarlet"


def test_an_impossible_value_is_refused_and_changes_nothing(administrator):
    node = make_node("red")

    with pytest.raises(ValidationError) as refused:
        actions.edit_entry(row=node, by=administrator, at=NOW, changes={"slug": "Not a slug"})

    assert list(refused.value.message_dict) == ["slug"]
    assert Node.objects.get(pk=node.pk).slug == "red"
