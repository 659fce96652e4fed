"""What a body may be; the parser alone, then through a request."""

import json
import time

import pytest

from api.errors import Problem
from api.parsing import strict_json
from registry.models import Case


def refusal(body):
    with pytest.raises(Problem) as refused:
        strict_json(body)
    return refused.value.errors[0]["pointer"], refused.value.errors[0]["code"]


def test_plain_json_comes_out_as_it_is():
    value = {"title": "Größe", "n": [1, 2.5, None, True], "deep": {"a": {"b": ""}}}

    assert strict_json(json.dumps(value).encode()) == value


@pytest.mark.parametrize(
    ("body", "found"),
    [
        (b'{"title": "a\\u0000b"}', ("#/title", "not_text")),
        (b'{"systems": [{"name": "\\ud800"}]}', ("#/systems/0/name", "not_text")),
        (b'{"a\\u0000b": 1}', ("#", "not_text")),
        (b'{"a": {"b": 1, "b": 2}}', ("#/a/b", "repeated_key")),
        (b'{"a/b~c": NaN}', ("#/a~1b~0c", "not_a_number")),
        (b"[-Infinity]", ("#/0", "not_a_number")),
        (b"[1e999]", ("#/0", "not_a_number")),
        (b"[" + b"1" * 5000 + b"]", ("#", "not_a_number")),
        (b'"\xff"', ("#", "not_utf8")),
        (b"\xef\xbb\xbf{}", ("#", "not_json")),
        (b"", ("#", "not_json")),
        (b"{'a': 1}", ("#", "not_json")),
        (b"{} {}", ("#", "not_json")),
        (b"[" * 5000 + b"]" * 5000, ("#", "too_deep")),
        (b"[" * 100_000, ("#", "too_deep")),
    ],
)
def test_what_is_refused_and_where(body, found):
    assert refusal(body) == found


def test_thirty_two_levels_are_taken_and_one_more_is_not():
    assert strict_json(b"[" * 32 + b"]" * 32)
    assert refusal(b"[" * 33 + b"]" * 33) == ("#" + "/0" * 32, "too_deep")


def test_a_large_body_is_read_in_reasonable_time():
    body = json.dumps([{"a": number} for number in range(200_000)]).encode()
    started = time.process_time()

    strict_json(body)

    assert time.process_time() - started < 2


@pytest.mark.django_db
class TestThroughARequest:
    def post(self, tool, body, content_type="application/json"):
        return tool.generic("POST", "cases/", body, content_type)

    @pytest.mark.parametrize(
        ("body", "pointer"),
        [(b'{"title": "a\\u0000"}', "#/title"), (b"{", "#"), (b'"\xed\xa0\x80"', "#"), (b"[" * 9999, "#")],
    )
    def test_a_malformed_body_is_400_with_a_pointer_and_nothing_is_saved(self, as_analyst, body, pointer):
        response = self.post(as_analyst, body)

        assert (response.status_code, response.json()["type"]) == (400, "/api/v1/problems/malformed-body/")
        assert response.json()["errors"][0]["pointer"] == pointer
        assert not Case.objects.exists()

    @pytest.mark.parametrize("body", [b"null", b"[]", b'"title"', b"7"])
    def test_a_body_that_is_no_object_is_400(self, as_analyst, body):
        assert self.post(as_analyst, body).status_code == 400

    @pytest.mark.parametrize("content_type", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data"])
    def test_another_content_type_is_415(self, as_analyst, content_type):
        response = self.post(as_analyst, b"title=Boat", content_type)

        assert (response.status_code, response["Content-Type"]) == (415, "application/problem+json")

    def test_a_body_over_the_cap_is_413(self, as_analyst, settings):
        settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1000

        response = self.post(as_analyst, json.dumps({"title": "x" * 1000}).encode())

        assert (response.status_code, response.json()["type"]) == (413, "/api/v1/problems/content-too-large/")

    def test_a_chunked_body_is_411(self, as_analyst):
        response = as_analyst.generic("POST", "cases/", b"{}", headers={"Transfer-Encoding": "chunked"})

        assert (response.status_code, response.json()["type"]) == (411, "/api/v1/problems/length-required/")
