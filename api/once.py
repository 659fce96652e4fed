"""A POST that names an `Idempotency-Key` is done once, and its answer given again whenever it is repeated."""

import hashlib
import json
import re
from datetime import timedelta

from django.db import IntegrityError, connection, transaction
from django.utils import timezone
from rest_framework.response import Response

from api.errors import Problem
from api.models import KeptAnswer
from api.rendering import as_json
from api.versions import refused
from registry.actions.signing import in_words

HEADER = "Idempotency-Key"
KEY = re.compile("[!-~]{1,255}")
KEPT_FOR = timedelta(hours=24)
LONGEST_PATH = 400
RETRY_AFTER_SECONDS = 1


def answer_once(handler, shown_once, request, *args, **kwargs):
    """What `handler` answers, in one transaction with a row that keeps it; or what that row kept of an earlier one.

    Only what succeeded is kept: a refusal changed nothing, and may be lifted. `shown_once` are members of the
    answer that are not kept; they are null when it is given again.
    """
    place = {"person": request.user, "method": request.method, "path": path_of(request), "key": key_of(request)}
    digest = digest_of_body(request)
    now = timezone.now()
    with transaction.atomic():
        require_not_running(place)
        kept = KeptAnswer.objects.filter(**place, made_at__gt=now - KEPT_FOR).first()
        if kept is not None:
            request.parser_context["view"].require_seen(**kwargs)
            return given_again(kept, digest)
        response = handler(request, *args, **kwargs)
        if response.status_code >= 400:
            transaction.set_rollback(True)
        elif isinstance(response, Response):
            require_constraints()
            keep(place, digest, response, shown_once, at=now)
    return response


def key_of(request):
    key = request.headers[HEADER]
    if not KEY.fullmatch(key):
        raise refused(HEADER, f"{HEADER} has 1 to 255 visible ASCII characters.")
    return key


def path_of(request):
    """The address with its parameters, the same with and without the last slash."""
    path, _, query = request.get_full_path().partition("?")
    whole = f"{path.rstrip('/')}/" + (f"?{query}" if query else "")
    if len(whole) <= LONGEST_PATH:
        return whole
    return f"{whole[: LONGEST_PATH - 65]}#{hashlib.sha256(whole.encode()).hexdigest()}"


def digest_of_body(request):
    """SHA-256 of the body. Of a form with files, that of its parts: what stands between them differs each time."""
    if not (request.content_type or "").startswith("multipart/"):
        return hashlib.sha256(request._request.body).hexdigest()
    whole = hashlib.sha256()
    for name, values in sorted(request.data.lists()):
        for value in values:
            whole.update(json.dumps([name, digest_of_part(value)]).encode())
    return whole.hexdigest()


def digest_of_part(value):
    if not hasattr(value, "chunks"):
        return value
    part = hashlib.sha256()
    for chunk in value.chunks():
        part.update(chunk)
    value.seek(0)
    return [value.name, value.content_type, part.hexdigest()]


def require_not_running(place):
    """Hold this key until the transaction ends; Problem if another request does."""
    named = json.dumps([place["person"].pk, place["method"], place["path"], place["key"]]).encode()
    number = int.from_bytes(hashlib.sha256(named).digest()[:8], signed=True)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [number])
        if not cursor.fetchone()[0]:
            detail = "A request with this key has not been answered yet."
            raise Problem("still-running", detail, headers={"Retry-After": str(RETRY_AFTER_SECONDS)})


def given_again(kept, digest):
    """The kept answer; Problem for another body."""
    if kept.body_digest != digest:
        raise Problem("key-reused", f"{HEADER} “{kept.key[:60]}” was used here for another body.")
    headers = {**kept.headers, "Idempotency-Replayed": "true"}
    content_type = headers.pop("Content-Type", None)
    return Response(bytes(kept.body), status=kept.status, headers=headers, content_type=content_type)


def require_constraints():
    """What the database checks at the end is refused here already, as it would be without a key."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    except IntegrityError as broken:
        raise in_words(broken) from broken


def keep(place, digest, response, shown_once, *, at):
    headers = {name: value for name, value in response.headers.items() if name != "Content-Type"}
    if response.content_type:
        headers["Content-Type"] = response.content_type
    row = KeptAnswer(
        **place,
        body_digest=digest,
        status=response.status_code,
        headers=headers,
        body=body_to_keep(response.data, shown_once),
        made_at=at,
    )
    # One that is over a day old may still be there.
    KeptAnswer.objects.bulk_create(
        [row],
        update_conflicts=True,
        unique_fields=["person", "method", "path", "key"],
        update_fields=["body_digest", "status", "headers", "body", "made_at"],
    )


def body_to_keep(data, shown_once):
    if data is None:
        return b""
    if shown_once:
        whole = json.loads(data) if isinstance(data, bytes) else data
        data = whole | dict.fromkeys(shown_once)
    return data if isinstance(data, bytes) else as_json(data)


def forget_answers(*, at):
    KeptAnswer.objects.filter(made_at__lte=at - KEPT_FOR).delete()
