"""What a letter looks like in the browser."""

import base64

import pytest

from registry.digests import archive, ledger
from tests.registry.digests.builders import END, make_digest, make_subscription

pytestmark = pytest.mark.django_db


def test_a_letter_stands_alone(subscription):
    digest = ledger.take(digest_id=make_digest(subscription).pk, at=END)

    letter = archive.letter(digest)

    assert (letter.count("cid:"), letter.count('<base target="_top">')) == (0, 1)
    assert f"data:image/png;base64,{base64.b64encode(bytes(digest.chart)).decode()}" in letter


def test_the_next_digest_is_told_on_the_readers_own_clock():
    subscription = make_subscription(time_zone="Pacific/Auckland")

    assert archive.next_for(subscription, at=END) == "Monday, 30 November at 07:00 (Pacific/Auckland)"


def test_a_stopped_subscription_has_no_next_digest():
    assert archive.next_for(make_subscription(active=False), at=END) == ""
