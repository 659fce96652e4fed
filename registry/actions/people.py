"""Making people and changing what they may do."""

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db.models import Q

from registry.actions.signing import check, signed
from registry.choices import Role
from registry.models import Person


@signed
def create_person(*, by, at, username, email, name="", role=Role.REPORTER, password=None, is_active=True):
    """Make a person. Without a password they cannot sign in until one is set."""
    person = Person(username=username, email=email, name=name or username, role=role, is_active=is_active)
    if password is None:
        person.set_unusable_password()
    else:
        validate_password(password, person)
        person.set_password(password)
    check(person)
    person.save(force_insert=True)
    return person


@signed
def edit_person(*, by, at, person, **changes):
    """Change name, address, role, time zone or whether they may sign in; never so that nobody administers."""
    # Locked together: two administrators who demote each other at once must not both succeed.
    locked = Person.objects.select_for_update().filter(Q(pk=person.pk) | Q(role=Role.ADMINISTRATOR)).order_by("pk")
    person = {each.pk: each for each in locked}[person.pk]
    require_an_administrator_besides(
        person, role=changes.get("role", person.role), is_active=changes.get("is_active", person.is_active)
    )
    for name, value in changes.items():
        setattr(person, name, value)
    check(person)
    person.save(force_update=True)
    return person


@signed
def choose_mail(*, by, at, wants_mail):
    """Whether `by` is told by mail as well as on the page."""
    person = Person.objects.select_for_update().get(pk=by.pk)
    person.wants_mail = wants_mail
    person.save(update_fields=["wants_mail"])
    return person


def require_an_administrator_besides(person, *, role, is_active):
    """ValidationError if nobody would be left to administer once `person` has this role and state."""
    if is_active and role == Role.ADMINISTRATOR:
        return
    others = Person.objects.active().filter(role=Role.ADMINISTRATOR).exclude(pk=person.pk)
    if person.is_active and person.is_administrator and not others.exists():
        raise ValidationError("This is the only administrator who may sign in. Name another one first.")
