"""The vocabularies in the administration: who may change them, what is refused in words, and who changed what."""

import pghistory.models
import pytest

from registry.models import Job
from taxonomy.models import AlternativeParent, Mapping, Node, ReferenceCell, Scheme, SeverityTier
from tests.factories import make_node, make_scheme
from tests.forms import filled_form

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin(client, administrator):
    client.force_login(administrator)
    return client


@pytest.fixture
def red():
    return make_node("red", scheme=make_scheme("colours"), name="Red", definition="Like blood, and fire.")


def address_of(row):
    return f"/admin/{row._meta.app_label}/{row._meta.model_name}/{row.pk}/change/"


def sent(client, row, **changes):
    """Open the row's page, change these fields and save."""
    page = client.get(address_of(row))
    return client.post(address_of(row), filled_form(page, f"{row._meta.model_name}_form") | changes)


def errors_of(response):
    form = response.context["adminform"].form
    inline = [
        error for formset in response.context["inline_admin_formsets"] for error in formset.formset.errors if error
    ]
    return {name: list(errors) for name, errors in form.errors.items()}, inline


def test_saving_what_was_shown_changes_nothing(admin, red):
    Node.objects.filter(pk=red.pk).update(aliases=["crimson", "scarlet"], applies_when=["It is warm, or looks so."])

    response = sent(admin, red)

    kept = Node.objects.get(pk=red.pk)
    assert response.status_code == 302
    assert (kept.version, kept.aliases, kept.applies_when) == (1, ["crimson", "scarlet"], ["It is warm, or looks so."])


def test_an_edit_counts_the_version_signs_the_history_and_leaves_a_recompute(admin, administrator, red):
    sent(admin, red, definition="Like blood.")

    kept = Node.objects.get(pk=red.pk)
    event = pghistory.models.Events.objects.tracks(kept).order_by("-pgh_id").first()
    assert (kept.version, kept.definition) == (2, "Like blood.")
    assert (event.pgh_context["person"], event.pgh_context["action"]) == (administrator.pk, "edit_entry")
    assert list(Job.objects.values_list("kind", "state")) == [("recompute", "pending")]


def test_lists_are_written_one_on_each_line(admin, red):
    sent(admin, red, applies_when="  It is warm, or looks so.\r\n\r\nIt is seen by day.\r\n")

    assert Node.objects.get(pk=red.pk).applies_when == ["It is warm, or looks so.", "It is seen by day."]


def test_the_second_editor_is_refused_and_loses_nothing_typed(admin, red):
    form = filled_form(admin.get(address_of(red)), "node_form")
    sent(admin, red, definition="The first editor's.")

    response = admin.post(address_of(red), form | {"definition": "The second editor's."})

    assert "Somebody else has changed this since you opened it." in errors_of(response)[0]["__all__"][0]
    assert "The second editor&#x27;s." in response.content.decode()
    assert Node.objects.get(pk=red.pk).definition == "The first editor's."


def test_a_form_without_its_mark_is_refused(admin, red):
    response = sent(admin, red, definition="Unseen.", opened="")

    assert "__all__" in errors_of(response)[0]
    assert Node.objects.get(pk=red.pk).definition == red.definition


@pytest.mark.parametrize("row", ["tier", "cell"])
def test_rows_without_a_version_are_guarded_too(admin, row):
    row = (SeverityTier if row == "tier" else ReferenceCell).objects.order_by("pk").first()
    name, before, after = ("name", row.name, "Grave") if hasattr(row, "rank") else ("source", row.source, "Mine")
    form = filled_form(admin.get(address_of(row)), f"{row._meta.model_name}_form")
    type(row).objects.filter(pk=row.pk).update(**{name: f"{before} (changed)"})

    response = admin.post(address_of(row), form | {name: after})

    assert "__all__" in errors_of(response)[0]
    assert getattr(type(row).objects.get(pk=row.pk), name) == f"{before} (changed)"


def test_a_node_is_moved_replaced_and_retired_on_its_own_page_only(admin, red):
    pink = make_node("pink", scheme=red.scheme)

    sent(admin, red, parent=pink.pk, replaced_by=pink.pk, retired_at_0="2026-11-20", retired_at_1="09:30")
    admin.post("/admin/taxonomy/node/", {"action": "retire", "_selected_action": [red.pk]})

    kept = Node.objects.get(pk=red.pk)
    assert (kept.parent, kept.replaced_by, kept.retired_at) == (None, None, None)
    assert "on its own page" in admin.get(address_of(red)).content.decode()


def test_a_new_node_below_a_node_of_another_scheme_is_refused_in_words(admin, red):
    sweet = make_node("sweet", scheme=make_scheme("tastes"))
    form = filled_form(admin.get("/admin/taxonomy/node/add/"), "node_form")
    values = {"scheme": red.scheme.pk, "slug": "pink", "name": "Pink", "parent": sweet.pk, "definition": "Pale red."}

    response = admin.post("/admin/taxonomy/node/add/", form | values | {"definition_status": "provisional"})

    assert errors_of(response)[0] == {"parent": ["A node and its parent belong to one scheme."]}


def test_scheme_and_slug_of_a_node_do_not_change_once_it_exists(admin, red):
    sent(admin, red, slug="crimson", name="Crimson")

    kept = Node.objects.get(pk=red.pk)
    assert (kept.slug, kept.name) == ("red", "Crimson")


def test_a_new_node_is_kept_with_its_scheme(admin, red):
    form = filled_form(admin.get("/admin/taxonomy/node/add/"), "node_form")
    values = {"scheme": red.scheme.pk, "slug": "pink", "name": "Pink", "parent": red.pk, "definition": "Pale red."}

    response = admin.post("/admin/taxonomy/node/add/", form | values | {"definition_status": "provisional"})

    made = Node.objects.get(scheme=red.scheme, slug="pink")
    assert (response.status_code, made.parent, made.version) == (302, red, 1)


def test_a_slug_that_exists_is_refused_in_words(admin, red):
    form = filled_form(admin.get("/admin/taxonomy/node/add/"), "node_form")
    values = {
        "scheme": red.scheme.pk,
        "slug": "red",
        "name": "Red",
        "definition": "x",
        "definition_status": "provisional",
    }

    response = admin.post("/admin/taxonomy/node/add/", form | values)

    assert errors_of(response)[0] == {"__all__": ["This scheme already has a node with that slug."]}


def inline(prefix, **values):
    return {f"{prefix}-TOTAL_FORMS": "1"} | {f"{prefix}-0-{name}": value for name, value in values.items()}


def test_an_alternative_parent_is_added_with_the_node_and_signed(admin, administrator, red):
    pink = make_node("pink")

    sent(admin, red, **inline("alternative_parents", node=red.pk, parent=pink.pk, asserted_by="a painter"))

    claim = AlternativeParent.objects.get(node=red)
    event = pghistory.models.Events.objects.tracks(claim).get()
    assert (claim.parent, claim.asserted_by) == (pink, "a painter")
    assert event.pgh_context["person"] == administrator.pk


def test_a_node_as_its_own_alternative_parent_is_refused_in_words(admin, red):
    response = sent(admin, red, **inline("alternative_parents", node=red.pk, parent=red.pk, asserted_by="a painter"))

    assert errors_of(response)[1] == [{"__all__": ["A node cannot be its own parent."]}]


def test_a_mapping_within_one_scheme_is_refused_in_words(admin, red):
    pink = make_node("pink")
    values = {"from_node": red.pk, "to_node": pink.pk, "relation": "close", "source": "Goethe"}

    response = sent(admin, red, **inline("mappings_from", **values))

    assert errors_of(response)[1] == [{"__all__": ["A mapping connects nodes of different schemes."]}]
    assert Mapping.objects.filter(from_node=red).count() == 0


@pytest.mark.parametrize("model", [Scheme, Node, SeverityTier, ReferenceCell])
def test_nothing_of_the_vocabularies_is_deleted(admin, model):
    row = model.objects.order_by("pk").first()

    response = admin.post(address_of(row).replace("change", "delete"), {"post": "yes"})

    assert (response.status_code, model.objects.filter(pk=row.pk).count()) == (403, 1)


def test_a_cell_of_the_matrix_is_edited_where_it_stands(admin):
    cell = ReferenceCell.objects.filter(verdict="vulnerable").order_by("pk").first()

    sent(admin, cell, verdict="resistant", source="Read again in the original.")

    kept = ReferenceCell.objects.get(pk=cell.pk)
    assert (kept.verdict, kept.source, kept.technique) == ("resistant", "Read again in the original.", cell.technique)


@pytest.mark.parametrize("model", [Scheme, Node, SeverityTier, ReferenceCell])
def test_each_list_opens_and_finds(admin, model):
    row = model.objects.order_by("pk").first()

    answers = [admin.get(f"/admin/taxonomy/{model._meta.model_name}/"), admin.get(address_of(row))]

    assert [answer.status_code for answer in answers] == [200, 200]


@pytest.mark.parametrize("who", ["reader", "reporter", "analyst", "reviewer"])
def test_only_administrators_change_vocabularies(client, request, red, who):
    client.force_login(request.getfixturevalue(who))

    responses = [client.get(address_of(red)), client.post(address_of(red), {"definition": "Mine."})]

    assert [response.status_code for response in responses] == [302, 302]
    assert Node.objects.get(pk=red.pk).definition == red.definition
