"""Signatures of messages."""

import base64

from registry.outbound import signing


def test_the_example_of_the_specification():
    signature = signing.signature(
        secret="whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
        message_id="msg_p5jXN8AQM9LWM0D4loKWxJek",
        timestamp=1614265330,
        body=b'{"test": 2432232314}',
    )

    assert signature == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_while_two_secrets_hold_both_sign():
    keys = [signing.new_secret(), signing.new_secret()]
    content = {"message_id": "msg_1", "timestamp": 7, "body": b"{}"}

    headers = signing.headers(keys=keys, **content)

    both = [signing.signature(secret=key, **content) for key in keys]
    assert headers == {
        "webhook-id": "msg_1",
        "webhook-timestamp": "7",
        "webhook-signature": " ".join(both),
    }
    assert both[0] != both[1]


def test_a_new_secret_has_256_bits():
    secret = signing.new_secret()

    assert secret.startswith("whsec_")
    assert len(base64.b64decode(secret.removeprefix("whsec_"), validate=True)) == 32
    assert secret != signing.new_secret()
