"""Bodies and files on their way in: what is read, what is kept, and what a client is told."""

import errno
import io

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import RequestFactory

from config import env
from config.middleware import LONGEST_BODY, ROOM_IN_FORMS, BoundedRequestMiddleware, DatabaseFaultMiddleware

MEGABYTE = 1024 * 1024


def answer(content_type, length, **headers):
    """What the bounded middleware answers to a body that says it has `length` bytes and holds none."""
    request = RequestFactory().post("/cases/AIR-1/evidence", data=b"x", content_type=content_type, headers=headers)
    request.META["CONTENT_LENGTH"] = str(length)
    request._stream = io.BytesIO()
    return BoundedRequestMiddleware(lambda request: HttpResponse("read"))(request)


@pytest.mark.parametrize(
    ("content_type", "length", "status"),
    [
        ("application/json", LONGEST_BODY, 200),
        ("application/json", LONGEST_BODY + 1, 413),
        ("application/x-www-form-urlencoded", LONGEST_BODY + 1, 413),
        ("multipart/form-data; boundary=b", 25 * MEGABYTE + 1, 200),
        ("multipart/form-data; boundary=b", 25 * MEGABYTE + ROOM_IN_FORMS, 200),
        ("multipart/form-data; boundary=b", 25 * MEGABYTE + ROOM_IN_FORMS + 1, 413),
    ],
)
def test_a_form_with_a_file_has_room_beside_the_file(content_type, length, status):
    assert answer(content_type, length).status_code == status


def test_a_script_is_told_in_json_that_a_body_is_too_large():
    response = answer("multipart/form-data; boundary=b", 10**9, Accept="application/json")

    assert (response.status_code, response["Content-Type"], response.content) == (
        413,
        "application/json",
        b'{"errors": ["The body has 1,000,000,000 bytes; at most 67,108,864 are taken."]}',
    )


def test_no_more_than_the_cap_and_a_chunk_of_a_file_is_kept(settings):
    settings.MAX_FILE_BYTES = 100_000
    large, small = SimpleUploadedFile("a.txt", b"a" * 900_000), SimpleUploadedFile("b.txt", b"b" * 99_000)

    request = RequestFactory().post("/", {"first": large, "second": small, "typed": "kept"})

    sizes = {name: file.size for name, file in request.FILES.items()}
    assert (100_000 < sizes.pop("first") <= 100_000 + 64 * 1024, sizes) == (True, {"second": 99_000})
    assert request.POST["typed"] == "kept"


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EDQUOT])
def test_a_full_disk_is_answered_like_a_full_database(code):
    middleware = DatabaseFaultMiddleware(lambda request: None)

    response = middleware.process_exception(RequestFactory().post("/"), OSError(code, "full"))

    assert (response.status_code, response["Retry-After"]) == (503, "5")


def test_other_faults_of_the_disk_are_not_hidden():
    middleware = DatabaseFaultMiddleware(lambda request: None)

    assert middleware.process_exception(RequestFactory().post("/"), OSError(errno.EACCES, "no")) is None


@pytest.mark.parametrize("value", ["25 MB", "0", "-1", "99999999999"])
def test_a_nonsense_cap_is_refused_by_name(monkeypatch, value):
    monkeypatch.setenv("AIR_MAX_FILE_BYTES", value)

    with pytest.raises(ImproperlyConfigured, match="AIR_MAX_FILE_BYTES"):
        env.integer("AIR_MAX_FILE_BYTES", 1, low=1024, high=1024**3)
