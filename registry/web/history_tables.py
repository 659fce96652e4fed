"""How the changes of the tables beside a case are said: for each a function that makes a Change of one event.

How they are read is in registry/history/tables.py.
"""

from datetime import date

from registry.choices import SEEN_FROM_THE_OTHER, Effect, Grounds, LinkKind, MitigationState, Outcome, RatingState
from registry.models import Case
from registry.web.differences import difference
from registry.web.history_words import Change
from registry.wording import day


def added_or_removed(name):
    def change(row):
        # What is changed rather than made came from a case that was merged into this one.
        before, now = (row["subject"], "") if row["pgh_label"] == "delete" else ("", row["subject"])
        return Change(name, marked=difference(before or "", now or ""))

    return change


def compared(name, words):
    """The Change of a table that remembers: what `words` make of the event before, and of this one."""

    def change(row):
        about = row["changes"]
        before = words(row["subject"], about["before"]) if about["before"] else ""
        now = "" if row["pgh_label"] == "delete" else words(row["subject"], about)
        if before == now:
            return Change(name, words=f"{row['subject']}: its text was changed")
        return Change(name, marked=difference(before, now))

    return change


def label_change(row):
    about = row["changes"]
    if row["pgh_label"] == "delete":
        return Change("Label", words=f"{row['subject']}: taken back")
    confidence = "" if about["confidence"] is None else f", confidence {about['confidence']}"
    grounds = Grounds(about["grounds"]).label.lower()
    held = "" if row["known"] else " (you alone see it until you submit)"
    return Change("Label", words=f"{row['subject']}: {about['stance']}{confidence}, {grounds}{held}")


def rating_change(row):
    about = row["changes"]
    if row["pgh_label"] == "delete":
        return Change("Rating", words=f"{row['subject']}: taken away")
    tiers = [f"{which} severity {about[which]}" for which in ("realised", "potential") if about[which]]
    said = f" ({', '.join(tiers)})" if tiers else ""
    return Change("Rating", words=f"{row['subject']} {RATED[about['state']]}{said}")


RATED = {
    RatingState.WORKING: "is at work (you alone see it until you submit)",
    RatingState.SUBMITTED: "submitted",
    RatingState.ASIDE: "stood aside to decide between the raters",
}


def adjudication_change(row):
    if row["pgh_label"] == "delete":
        return Change("Decision", words=f"{row['subject']}: taken back")
    return Change("Decision", words=f"{row['subject']}: {'applies' if row['changes']['applies'] else 'does not apply'}")


def classification_change(row):
    if row["pgh_label"] == "delete":
        return Change("Agreed label", words=f"{row['subject']}: no longer agreed")
    return Change("Agreed label", words=f"{row['subject']}: agreed ({row['changes']['method'].replace('-', ' ')})")


def evidence_change(row):
    gone = row["changes"]["removed_at"] is not None or row["pgh_label"] == "delete"
    before, now = (row["subject"], "") if gone else ("", row["subject"])
    return Change(row["changes"]["kind"].capitalize(), marked=difference(before, now))


def safeguard_words(technique, about):
    parts = [f"deployed {about['deployed']}", f"expected to catch it {about['expected']}"]
    parts.append(f"outcome {Outcome(about['outcome']).label.lower()}")
    parts += [f"failure mode {about['mode']}"] if about["mode"] else []
    return f"{technique}: {', '.join(parts)}. {about['how']}".removesuffix(". ")


def mitigation_words(_, about):
    parts = [MitigationState(about["state"]).label.lower()]
    parts += [f"owner {about['owner']}"] if about["owner"] else []
    parts += [f"due {day(date.fromisoformat(about['due_on']))}"] if about["due_on"] else []
    parts += [] if about["effect"] == Effect.UNKNOWN else [f"helped: {Effect(about['effect']).label.lower()}"]
    return f"{about['title']}: {', '.join(parts)}"


def comment_change(row):
    """Who did what to a comment; never what it says: the discussion shows that, as far as it stands."""
    about, before = row["changes"], row["changes"]["before"]
    did = "written" if before is None else next((did for did, is_so in COMMENTED if is_so(about, before)), "changed")
    did = "deleted" if row["pgh_label"] == "delete" else did
    return Change("Comment", words=f"By {row['subject']}: {did}")


COMMENTED = (
    ("removed", lambda now, before: now["removed_at"] and not before["removed_at"]),
    ("brought back", lambda now, before: before["removed_at"] and not now["removed_at"]),
    ("resolved", lambda now, before: now["resolved_at"] and not before["resolved_at"]),
    ("opened again", lambda now, before: before["resolved_at"] and not now["resolved_at"]),
    ("edited", lambda now, before: now["edited_at"] != before["edited_at"]),
)


def debt_change(row):
    about = row["changes"]
    if about["ended_at"] or row["pgh_label"] == "delete":
        return Change("Accepted debt", words=f"{row['subject']} carries it no longer")
    until = day(date.fromisoformat(about["expires_on"]))
    return Change("Accepted debt", words=f"{row['subject']} carries it until {until}")


def link_change(row):
    about = row["changes"]
    kind, other = LinkKind(about["kind"]), Case(pk=about["other"]).reference
    words = kind.label if about["first"] != about["other"] else SEEN_FROM_THE_OTHER.get(kind, kind.label)
    return Change("Link", words=f"{words} {other}{': taken back' if row['pgh_label'] == 'delete' else ''}")


def merge_change(row):
    about, other = row["changes"], Case(pk=row["changes"]["other"]).reference
    words = f"Into {other}" if about["kept"] == about["other"] else f"{other} into this case"
    return Change("Merge", words=f"{words}{': taken back' if about['undone'] else ''}")


WORDS = {
    "system": added_or_removed("System"),
    "party": added_or_removed("Party"),
    "reader": added_or_removed("Named person"),
    "source": added_or_removed("Source"),
    "externalid": added_or_removed("External number"),
    "rating": rating_change,
    "label": label_change,
    "adjudication": adjudication_change,
    "classification": classification_change,
    "evidence": evidence_change,
    "safeguard": compared("Safeguard", safeguard_words),
    "mitigation": compared("Mitigation", mitigation_words),
    "mitigationcase": added_or_removed("Mitigation for this case"),
    "comment": comment_change,
    "debtacceptance": debt_change,
    "link": link_change,
    "merge": merge_change,
}
