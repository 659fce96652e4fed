"""What is being written and not handed in: saved field by field, shared, discarded, and made a case once."""

from dataclasses import dataclass

from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404

from registry.actions import cases, labels, links
from registry.actions.signing import Conflict, lock, signed
from registry.choices import Stance
from registry.models import Draft, DraftEditor, Evidence

LONGEST_FIELD = 60_000
LONGEST_DRAFT = 1_000_000
MOST_TEXTS = 1_000
MOST_DRAFTS = 200


class NotOpen(Exception):
    """The draft was submitted or discarded meanwhile. Carries it as it stands."""

    def __init__(self, draft):
        super().__init__("This draft is submitted." if draft.case_id else "This draft is discarded.")
        self.draft = draft


@dataclass(frozen=True)
class Clash:
    """One field that somebody else changed since this writer read it; each side is the field's texts."""

    base: list
    mine: list
    theirs: list


@dataclass(frozen=True)
class Saved:
    """What became of a save: the draft as it stands, the version before, and what was not written."""

    draft: Draft
    version_before: int
    clashes: dict


@signed
def start_draft(*, by, at, changes, key=None):
    """A new draft that holds `changes` (see `save_changes`, which also says what it returns).

    With a `key` the client chose, a repetition finds the draft that it made and saves into that.
    """
    _require_may_log(by)
    draft = Draft(author=by, created_at=at, updated_at=at, **({"pk": key} if key else {}))
    known = Draft.objects.filter(pk=draft.pk).first()
    if known and known.author_id != by.pk:
        raise Http404
    if not known and Draft.objects.filter(author=by, case=None, discarded_at=None).count() >= MOST_DRAFTS:
        raise ValidationError(f"You have {MOST_DRAFTS} drafts. Submit or discard some first.")
    # Two repetitions at once: the second waits here for the first, and finds its row below.
    Draft.objects.bulk_create([draft], ignore_conflicts=True)
    return save_changes(draft=draft, by=by, at=at, changes=changes)


@signed
def save_changes(*, draft, by, at, changes):
    """Set each field of `changes` ({field: (base, mine)}) that nobody changed since this writer read `base`.

    A field that holds what the writer wants already is no clash, so a save may be repeated; a field that
    nobody has ever written takes any base. Raises NotOpen; ValidationError by field, with nothing written.
    """
    _require_may_log(by)
    draft = _open(draft)
    before = draft.version
    written, clashes = {}, {}
    for field, (base, mine) in changes.items():
        stored = draft.answers.get(field)
        if stored is None or alike(stored, base):
            written[field] = mine
        elif not alike(stored, mine):
            clashes[field] = Clash(base=base, mine=mine, theirs=stored)
    if changes:
        _write(draft, written, at=at)
    return Saved(draft, before, clashes)


@signed
def save_all(*, draft, by, at, version, answers):
    """Set every field of `answers`. Raises Conflict if the draft was saved since `version`, NotOpen as above."""
    _require_may_log(by)
    draft = _open(draft, version=version)
    _write(draft, answers, at=at)
    return draft


@signed
def submit_draft(*, draft, by, at, version, values, ratings=(), likenesses=()):
    """Make the case: all of it with its labels, answers and evidence, or nothing. Returns the case.

    `values` as for `cases.log_case`; `ratings` and `likenesses` as for `log_at_once`. The author is the
    reporter; the history names `by`. A draft that was submitted already gives the case it became.
    """
    draft = _locked(draft)
    if draft.case_id:
        return draft.case
    draft = _open(draft, version=version)
    case = _hand_in(by=by, at=at, values=values, ratings=ratings, likenesses=likenesses, reporter=draft.author)
    Evidence.objects.filter(draft=draft).update(case=case, draft=None)
    draft.case, draft.answers, draft.updated_at = case, {}, at
    draft.version += 1
    draft.save(force_update=True)
    return case


@signed
def log_at_once(*, by, at, values, ratings=(), likenesses=()):
    """Log a case that was never kept as a draft.

    `ratings` are dicts of a node and what `by` says of it (see `labels.label_case`), `likenesses` pairs of
    another case and the kind of link.
    """
    return _hand_in(by=by, at=at, values=values, ratings=ratings, likenesses=likenesses, reporter=by)


@signed
def discard_draft(*, draft, by, at):
    """Put a draft away; its author can bring it back until it expires."""
    draft = _locked(draft)
    _require_author(draft, by)
    if draft.case_id:
        raise NotOpen(draft)
    draft.discarded_at = draft.discarded_at or at
    draft.save(force_update=True)
    return draft


@signed
def restore_draft(*, draft, by, at):
    """Bring a discarded draft back; it rests from now on."""
    draft = _locked(draft)
    _require_author(draft, by)
    if draft.case_id:
        raise NotOpen(draft)
    draft.discarded_at, draft.updated_at, draft.warned_at = None, at, None
    draft.save(force_update=True)
    return draft


@signed
def share_draft(*, draft, by, at, person):
    """Let `person` read, write and submit the draft as well."""
    draft = _open(draft)
    _require_author(draft, by)
    if person.pk == draft.author_id:
        raise ValidationError({"person": "It is your draft already."})
    if not person.is_active or not person.may_log:
        raise ValidationError({"person": f"{person} does not log cases here."})
    DraftEditor.objects.get_or_create(draft=draft, person=person)
    return draft


@signed
def unshare_draft(*, draft, by, at, person):
    """Take `person` off the draft's writers; what they wrote stays."""
    draft = _locked(draft)
    _require_author(draft, by)
    DraftEditor.objects.filter(draft=draft, person=person).delete()
    return draft


def alike(one, other):
    """Whether two lists of texts say the same: an empty row at the end says nothing."""
    return _trimmed(one) == _trimmed(other)


def storable_problems(answers):
    """{field: messages} for texts that cannot be kept."""
    problems = {}
    for field, texts in answers.items():
        if problem := _problem_of(texts):
            problems[field] = [problem]
    if not problems and sum(_length(texts) for texts in answers.values()) > LONGEST_DRAFT:
        problems["__all__"] = [f"A draft holds at most {LONGEST_DRAFT:,} characters in all."]
    return problems


def require_storable(answers):
    if problems := storable_problems(answers):
        raise ValidationError(problems)


def _problem_of(texts):
    if len(texts) > MOST_TEXTS:
        return f"At most {MOST_TEXTS:,} rows are kept."
    if (length := _length(texts)) > LONGEST_FIELD:
        return f"This has {length:,} characters; at most {LONGEST_FIELD:,} are kept."
    if any("\x00" in text for text in texts):
        return "Null characters are not allowed."
    if not all(is_whole(text) for text in texts):
        return "This holds half a character, which cannot be kept."
    return ""


def is_whole(text):
    """Whether `text` is whole characters, which JSON does not promise."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _length(texts):
    return sum(len(text) for text in texts)


def _trimmed(texts):
    texts = list(texts)
    while texts and not texts[-1]:
        texts.pop()
    return texts


def _locked(draft):
    """The draft as it stands; Http404 if it expired meanwhile."""
    try:
        return lock(draft)
    except Draft.DoesNotExist:
        raise Http404 from None


def _open(draft, *, version=None):
    """The draft, locked; NotOpen unless it can be written."""
    draft = _locked(draft)
    if draft.case_id or draft.discarded_at:
        raise NotOpen(draft)
    if version is not None and draft.version != version:
        raise Conflict(draft)
    return draft


def _write(draft, written, *, at):
    """Keep `written`. A save that changes nothing leaves the version alone, but it ends the draft's rest."""
    changed = {field: texts for field, texts in written.items() if draft.answers.get(field) != texts}
    if changed:
        require_storable(draft.answers | changed)
        draft.answers |= changed
        draft.version += 1
    draft.updated_at, draft.warned_at = at, None
    draft.save(force_update=True)


def _hand_in(*, by, at, values, ratings, likenesses, reporter):
    case = cases.log_case(by=by, at=at, submit=True, reporter=reporter, **values)
    for number, rating in enumerate(ratings, start=1):
        # Held until the last, with which all are submitted: nobody else has spoken yet.
        hold = number < len(ratings)
        labels.label_case(case=case, by=by, at=at, hold=hold, **{"stance": Stance.PRESENT} | rating)
    if likenesses:
        links.answer_while_logging(case=case, likenesses=likenesses, by=by, at=at)
    return case


def _require_may_log(person):
    if not person.may_log:
        raise PermissionDenied("Readers do not log cases; ask an administrator for another role.")


def _require_author(draft, person):
    if draft.author_id != person.pk:
        raise PermissionDenied("Only its author shares and discards a draft.")
