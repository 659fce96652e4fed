"""Making people and changing what they may do."""

from django.contrib.auth.password_validation import validate_password

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
