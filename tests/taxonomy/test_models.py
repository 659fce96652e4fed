"""What the database refuses, whoever writes it: one test for each constraint and trigger of the vocabularies."""

from pathlib import Path

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from taxonomy.models import AlternativeParent, Mapping, Node, ReferenceCell, Scheme, SeverityTier
from tests.factories import make_node, make_scheme

pytestmark = pytest.mark.django_db


def refuses(name, change):
    """Whether the database refuses `change` because of the constraint `name`."""
    with pytest.raises(IntegrityError) as refused, transaction.atomic():
        change()
    return refused.value.__cause__.diag.constraint_name == name


def refuses_in_words(words, change):
    """Whether a trigger of ours refuses `change` with these words."""
    with pytest.raises(IntegrityError) as refused, transaction.atomic():
        change()
    return refused.value.__cause__.diag.message_primary == words


@pytest.fixture
def red():
    return make_node("red", scheme=make_scheme("colours"))


@pytest.fixture
def sweet():
    return make_node("sweet", scheme=make_scheme("tastes"))


@pytest.mark.parametrize(
    ("model", "constraint"),
    [
        (SeverityTier, "taxonomy_severitytier_slug_filled"),
        (SeverityTier, "taxonomy_severitytier_name_filled"),
        (Scheme, "taxonomy_scheme_slug_filled"),
        (Scheme, "taxonomy_scheme_name_filled"),
        (Node, "taxonomy_node_slug_filled"),
        (Node, "taxonomy_node_name_filled"),
        (Mapping, "taxonomy_mapping_source_filled"),
        (ReferenceCell, "taxonomy_referencecell_source_filled"),
    ],
)
def test_a_text_that_must_be_there_is_never_empty(model, constraint):
    field = constraint.split("_")[-2]
    row = model.objects.order_by("pk").first()

    assert refuses(constraint, lambda: model.objects.filter(pk=row.pk).update(**{field: ""}))


@pytest.mark.parametrize(
    ("model", "field", "constraint"),
    [
        (Scheme, "kind", "taxonomy_scheme_kind_known"),
        (Node, "definition_status", "taxonomy_node_definition_status_known"),
        (Mapping, "relation", "taxonomy_mapping_relation_known"),
        (ReferenceCell, "verdict", "taxonomy_referencecell_verdict_known"),
        (ReferenceCell, "certainty", "taxonomy_referencecell_certainty_known"),
    ],
)
def test_only_known_words_are_stored(model, field, constraint):
    row = model.objects.order_by("pk").first()

    assert refuses(constraint, lambda: model.objects.filter(pk=row.pk).update(**{field: "perhaps"}))


@pytest.mark.parametrize("field", ["slug", "name"])
def test_two_severity_tiers_share_neither_slug_nor_name(field):
    first, second = SeverityTier.objects.order_by("rank")[:2]

    with pytest.raises(IntegrityError), transaction.atomic():
        SeverityTier.objects.filter(pk=first.pk).update(**{field: getattr(second, field)})


def test_no_severity_weighs_less_than_nothing():
    assert refuses(
        "taxonomy_severitytier_debt_weight_not_negative", lambda: SeverityTier.objects.update(debt_weight=-1)
    )


def test_two_schemes_do_not_share_a_slug(red):
    with pytest.raises(IntegrityError), transaction.atomic():
        make_scheme("colours")


def test_a_slug_is_unique_in_its_scheme_and_free_in_another(red, sweet):
    make_node("red", scheme=sweet.scheme)

    assert refuses("taxonomy_node_slug_unique_in_scheme", lambda: make_node("red", scheme=red.scheme))


def test_only_a_retired_node_is_replaced(red):
    pink = make_node("pink")

    assert refuses(
        "taxonomy_node_replaced_only_if_retired",
        lambda: Node.objects.filter(pk=red.pk).update(replaced_by=pink),
    )


def test_a_node_does_not_replace_itself(red):
    assert refuses(
        "taxonomy_node_not_replaced_by_itself",
        lambda: Node.objects.filter(pk=red.pk).update(replaced_by=red, retired_at=timezone.now()),
    )


def test_a_parent_stands_in_the_same_scheme(red, sweet):
    assert refuses_in_words(
        "A node and its parent belong to one scheme.",
        lambda: Node.objects.filter(pk=red.pk).update(parent=sweet),
    )


def test_a_node_does_not_move_to_another_scheme_without_its_parent(red, sweet):
    pink = make_node("pink", parent=red)

    assert refuses_in_words(
        "A node and its parent belong to one scheme.",
        lambda: Node.objects.filter(pk=pink.pk).update(scheme=sweet.scheme),
    )


@pytest.mark.parametrize("depth", [0, 1, 2])
def test_a_node_never_stands_below_itself(red, depth):
    lowest = red
    for _ in range(depth):
        lowest = make_node(parent=lowest)

    assert refuses_in_words(
        "A node cannot stand below itself.",
        lambda: Node.objects.filter(pk=red.pk).update(parent=lowest),
    )


def test_the_same_person_asserts_an_alternative_parent_once(red):
    claim = {"node": red, "parent": make_node("pink"), "asserted_by": "a painter"}
    AlternativeParent.objects.create(**claim)

    assert refuses("taxonomy_alternativeparent_once", lambda: AlternativeParent.objects.create(**claim))


def test_a_node_is_not_its_own_alternative_parent(red):
    assert refuses(
        "taxonomy_alternativeparent_not_itself",
        lambda: AlternativeParent.objects.create(node=red, parent=red, asserted_by="a painter"),
    )


def test_an_alternative_parent_names_who_asserts_it(red):
    assert refuses(
        "taxonomy_alternativeparent_asserted_by_filled",
        lambda: AlternativeParent.objects.create(node=red, parent=make_node("pink"), asserted_by=""),
    )


def test_two_nodes_are_mapped_once(red, sweet):
    Mapping.objects.create(from_node=red, to_node=sweet, relation="close", source="Goethe")

    assert refuses(
        "taxonomy_mapping_once",
        lambda: Mapping.objects.create(from_node=red, to_node=sweet, relation="broad", source="Galen"),
    )


def test_a_mapping_connects_different_schemes(red):
    assert refuses_in_words(
        "A mapping connects nodes of different schemes.",
        lambda: Mapping.objects.create(from_node=red, to_node=make_node("pink"), relation="close", source="Goethe"),
    )


def test_a_cell_of_the_matrix_exists_once():
    cell = ReferenceCell.objects.order_by("pk").first()

    assert refuses(
        "taxonomy_referencecell_once",
        lambda: ReferenceCell.objects.create(
            technique=cell.technique,
            failure_mode=cell.failure_mode,
            verdict="resistant",
            certainty="low",
            source="another reading",
        ),
    )


def test_every_constraint_is_tested_above():
    tested = Path(__file__).read_text(encoding="utf-8")
    models = (SeverityTier, Scheme, Node, AlternativeParent, Mapping, ReferenceCell)

    names = [constraint.name for model in models for constraint in model._meta.constraints]

    assert [name for name in names if name not in tested] == []


def test_history_keeps_what_a_bulk_update_changes(red):
    Node.objects.filter(pk=red.pk).update(name="Scarlet")

    with connection.cursor() as cursor:
        cursor.execute("SELECT pgh_label, name FROM taxonomy_nodeevent WHERE pgh_obj_id = %s ORDER BY pgh_id", [red.pk])
        kept = cursor.fetchall()
    assert kept == [("insert", "Red"), ("update", "Scarlet")]
