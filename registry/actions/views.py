"""Keeping filters under a name, changing and forgetting them, and choosing the one the list opens with."""

from django.core.exceptions import PermissionDenied, ValidationError
from django.utils.text import slugify

from registry.actions.signing import check, lock, save_changed, signed
from registry.filters import ALL_ORDERINGS, CaseFilterSet, problems_in
from registry.models import Person, SavedView
from registry.saved_views import ALL, canonical, contents_of

MOST_VIEWS = 100
# Addresses that mean something else.
RESERVED = {ALL, "save", "default"}


@signed
def save_view(*, by, at, name, query, shared=False, as_default=False):
    """Keep `query` (filters and ordering as in an address) under `name`; shared views are for everyone to use."""
    owner = Person.objects.select_for_update().get(pk=by.pk)
    if SavedView.objects.filter(owner=owner).count() >= MOST_VIEWS:
        raise ValidationError(f"You have {MOST_VIEWS} views. Delete one first.")
    view = SavedView(owner=owner, name=name.strip(), shared=shared, created_at=at, updated_at=at)
    view.slug, view.query = free_slug(owner, view.name), checked_query(query, by)
    check(view)
    view.save(force_insert=True)
    if as_default:
        open_with(owner, view)
    return view


@signed
def change_filters(*, by, at, view, version, query):
    """Keep other filters under the same name and address."""
    return revise_view(by=by, at=at, view=view, version=version, query=query)


@signed
def edit_view(*, by, at, view, version, name, shared):
    """Rename a view, or share it or stop sharing it. Its address stays."""
    return revise_view(by=by, at=at, view=view, version=version, name=name, shared=shared)


@signed
def revise_view(*, by, at, view, version, **values):
    """Change the name, whether it is shared, or the filters (`query`) of a view, whichever `values` name, at once."""
    if unknown := sorted(set(values) - {"name", "shared", "query"}):
        raise TypeError(f"These are not set by people: {', '.join(unknown)}.")
    view = own(view, version=version, by=by)
    view.name = values.get("name", view.name).strip()
    view.shared = values.get("shared", view.shared)
    if "query" in values:
        view.query = checked_query(values["query"], by)
    return save_changed(view, at=at)


@signed
def delete_view(*, by, at, view, version):
    """Forget a view; lists that opened with it open with all cases."""
    own(view, version=version, by=by).delete()


@signed
def choose_default(*, by, at, view=None):
    """Open the list with `view`, or with all cases."""
    if view and not SavedView.objects.for_person(by).filter(pk=view.pk).exists():
        raise PermissionDenied("You may not use this view.")
    return open_with(Person.objects.select_for_update().get(pk=by.pk), view)


def open_with(person, view):
    person.default_view = view
    person.save(update_fields=["default_view"])
    return person


def own(view, *, version, by):
    if view.owner_id != by.pk:
        raise PermissionDenied("Only the person who saved a view changes it. Save it as your own.")
    return lock(view, version=version)


def free_slug(owner, name):
    """An address that says whose view it is and what it is called, whatever others call theirs."""
    base = slugify(f"{owner.username} {slugify(name) or 'view'}")[:70].strip("-")
    taken = RESERVED | set(SavedView.objects.filter(slug__startswith=base).values_list("slug", flat=True))
    numbered = (f"{base}-{number}" for number in range(2, len(taken) + 3))
    return next(slug for slug in (base, *numbered) if slug not in taken)


def checked_query(query, person):
    """`query` in one way of writing. ValidationError for a filter that does not work: it would be kept broken."""
    parameters, ordering = contents_of(query)
    problems = problems_in(CaseFilterSet(parameters, queryset=None, person=person))
    if ordering and ordering not in ALL_ORDERINGS:
        problems.append(f"ordering: choose one of {', '.join(ALL_ORDERINGS)}.")
    if problems:
        raise ValidationError(problems)
    return canonical(parameters, ordering)
