"""What the log page sends while somebody types, read strictly; and what it is answered."""

import json
from dataclasses import dataclass
from functools import wraps
from uuid import UUID

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, JsonResponse
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from registry.actions.drafts import NotOpen, storable_problems
from registry.web.draft_answers import is_kept

LONGEST_BODY = 1_000_000
# A hidden field a script may send along with the rest.
IGNORED = frozenset({"csrfmiddlewaretoken", "version_read", "digests_read", "shown"})


class Refused(Exception):
    """What was sent cannot be taken: the status to answer with, and what is wrong with which field."""

    def __init__(self, status, errors):
        super().__init__(status)
        self.status, self.errors = status, errors


@dataclass(frozen=True)
class Changes:
    """{field: (base, mine)}, the version the page knows if it says so, and the key it chose for a new draft."""

    changes: dict
    version: int | None
    key: UUID | None


def answered_in_json(view):
    """A view for scripts: every answer is JSON, and who is signed out is told so instead of sent to a form."""

    @wraps(view)
    @login_not_required
    @require_POST
    @never_cache
    def answer(request, **arguments):
        if not request.user.is_authenticated:
            return JsonResponse({"signed_out": True}, status=401)
        try:
            return view(request, **arguments)
        except Refused as refused:
            return JsonResponse({"errors": refused.errors}, status=refused.status)
        except ValidationError as error:
            return JsonResponse({"errors": by_field(error)}, status=422)
        except NotOpen as closed:
            return no_longer_open(closed.draft)
        except PermissionDenied as error:
            return JsonResponse({"detail": str(error)}, status=403)
        except Http404:
            return JsonResponse({"detail": "There is no such draft."}, status=404)

    return answer


def by_field(error):
    return error.message_dict if hasattr(error, "error_dict") else {"__all__": error.messages}


def no_longer_open(draft):
    if draft.case_id is None:
        return JsonResponse({"discarded": True}, status=410)
    url = reverse("case-receipt", kwargs={"reference": draft.case.reference})
    return JsonResponse({"submitted": draft.case.reference, "url": url}, status=409)


def read_json(request):
    """The JSON object in the body. Refused when it is too long, no JSON, or no object."""
    if int(request.headers.get("Content-Length") or 0) > LONGEST_BODY:
        while request.read(65536):  # read to its end, so that the sender gets to see the answer
            pass
        raise Refused(413, {"__all__": [f"At most {LONGEST_BODY:,} bytes are taken at once."]})
    try:
        body = json.loads(request.body)
    except (ValueError, RecursionError):
        raise Refused(400, {"__all__": ["This is no JSON."]}) from None
    if not isinstance(body, dict):
        raise Refused(400, {"__all__": ["Send a JSON object."]})
    return body


def read_changes(request):
    """The Changes in the body; Refused with every field that cannot be kept, all or nothing."""
    body = read_json(request)
    sent, version = body.get("changes"), body.get("version")
    if not isinstance(sent, dict):
        raise Refused(400, {"__all__": ["Send “changes”: an object of fields."]})
    sent = {name: change for name, change in sent.items() if name not in IGNORED}
    errors = {name: [problem] for name, change in sent.items() if (problem := misshapen(name, change))}
    if errors:
        raise Refused(422, errors)
    changes = {name: (lines(change["base"]), lines(change["mine"])) for name, change in sent.items()}
    if errors := storable_problems({name: mine for name, (_, mine) in changes.items()}):
        raise Refused(422, errors)
    return Changes(changes, version if isinstance(version, int) else None, key_in(body))


def misshapen(name, change):
    """What is wrong with the shape of one field; empty when nothing is."""
    if not is_kept(name):
        return "The log form has no such field."
    sides = [change.get("base"), change.get("mine")] if isinstance(change, dict) else [None]
    if not all(isinstance(side, list) and all(isinstance(text, str) for text in side) for side in sides):
        return "Send “base” and “mine”, each a list of texts."
    return ""


def lines(texts):
    return [text.replace("\r\n", "\n") for text in texts]


def key_in(body):
    try:
        return UUID(body["key"]) if isinstance(body.get("key"), str) else None
    except ValueError:
        raise Refused(422, {"key": ["This is no UUID."]}) from None


def told(saved, sent):
    """The answer to a save: what stands where, and what somebody else wrote since the version the page knows."""
    draft = saved.draft
    moved = sent.version is not None and sent.version != saved.version_before
    theirs = {name: texts for name, texts in draft.answers.items() if name not in sent.changes} if moved else {}
    clashes = {
        name: {"base": clash.base, "mine": clash.mine, "theirs": clash.theirs} for name, clash in saved.clashes.items()
    }
    return {"version": draft.version, "saved_at": draft.updated_at.isoformat(), "theirs": theirs, "clashes": clashes}
