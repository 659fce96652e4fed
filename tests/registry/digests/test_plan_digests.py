"""The operator's command."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from tests.factories import make_person
from tests.registry.digests.builders import make_subscription

pytestmark = pytest.mark.django_db


def said(*arguments):
    output = StringIO()
    call_command("plan_digests", *arguments, stdout=output)
    return output.getvalue().strip()


@pytest.mark.usefixtures("subscription")
def test_it_plans_and_sends_what_is_due_at_the_time_given_once(mail_server):
    assert said("--at", "2026-11-23T07:00Z") == "planned 1, sent 1"
    assert said("--at", "2026-11-23T07:00Z") == "planned 0, sent 0"
    assert mail_server.recipients == ["noor@example.org"]


@pytest.mark.usefixtures("subscription")
def test_without_a_time_it_takes_the_clock_of_the_database(mail_server):
    assert said() == "planned 1, sent 1"


def test_it_says_what_was_put_off_refused_and_had_nothing_to_tell(mail_server):
    later, never = make_person(), make_person()
    for person in (later, never):
        make_subscription(person=person)
    make_subscription(only_if_moved=True)
    mail_server.answers |= {later.email: "451 Later", never.email: "550 Never"}

    assert said("--at", "2026-11-23T07:00Z") == "planned 3, sent 0, quiet 1, put off 1, refused 1"


@pytest.mark.parametrize("text", ["tomorrow", "2026-13-01T00:00Z", "07:00"])
def test_a_time_that_is_none_is_refused(text):
    with pytest.raises(CommandError, match="is no time"):
        said("--at", text)
