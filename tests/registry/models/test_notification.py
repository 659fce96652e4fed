"""What no watch and no notification can be."""

import pytest

from registry.models import Notification
from tests import analysed
from tests.registry.models.refusal import refused_by

pytestmark = pytest.mark.django_db


def test_a_person_says_once_whether_they_watch_a_case():
    row = analysed.watch()

    with refused_by("registry_casewatch_once"):
        analysed.watch(case=row.case, person=row.person, watching=False)


@pytest.mark.parametrize("kind", ["mentioned", "commented", "resolved"])
def test_what_is_told_of_a_comment_names_it(kind):
    analysed.notification()

    with refused_by("registry_notification_comment_known"):
        Notification.objects.update(kind=kind)


def test_a_notification_is_of_a_known_kind():
    analysed.notification()

    with refused_by("registry_notification_kind_known"):
        Notification.objects.update(kind="rumour")
