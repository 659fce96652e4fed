"""Making two cases one, and two of one again."""

from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.http import Http404

from registry import access, fingerprint
from registry.actions import jobs, labels, rows
from registry.actions.merge_plan import UNITS, plan_of, refusal
from registry.actions.signing import Conflict, StepRefused, check, signed
from registry.choices import Right, Status
from registry.models import Case, CaseLink, CaseMerge, CaseReader, Classification, Label
from taxonomy.models import Node

CASE_TABLE = Case._meta.db_table


@dataclass(frozen=True)
class Undone:
    """A merge that was taken back. `told` says in words what could not be put back as it was."""

    kept: Case
    merged: Case
    told: list


@signed
def merge_cases(*, kept, merged, by, at, reason, state=None):
    """Move everything of `merged` to `kept`, fill what `kept` left empty, and leave `merged` withdrawn, its number
    leading to `kept`. Returns the CaseMerge, which holds all that is needed to take it back.

    `state` is `rows.state` of both as the person saw them: Conflict if anything changed since.
    """
    kept, merged = _both(kept, merged, by=by)
    if not reason.strip():
        raise ValidationError({"reason": "Give a reason; it is kept in the history."})
    if words := refusal(kept, merged):
        raise StepRefused(words)
    if state is not None and state != rows.state({kept.pk, merged.pk}):
        raise Conflict(kept)
    before = rows.snapshot({kept.pk, merged.pk})
    _carry_out(plan_of(kept, merged), at=at)
    moved = rows.differences(before, rows.snapshot({kept.pk, merged.pk}))
    merge = CaseMerge(kept=kept, merged=merged, reason=reason, moved=moved, merged_by=by, merged_at=at)
    check(merge)
    merge.save(force_insert=True)
    jobs.leave_recompute(at=at)
    return merge


@signed
def unmerge_cases(*, merge, by, at, reason=""):
    """Put every row back that the merge changed. What people changed since stays as they left it. Returns Undone."""
    kept, merged = _locked(merge.kept_id, merge.merged_id)
    if not access.seen_by(by).filter(pk=kept.pk).exists():
        raise Http404
    access.require(by, Right.ANALYSE, kept)
    merge = CaseMerge.objects.select_for_update(of=("self",)).get(pk=merge.pk)
    if words := why_not_undone(merge)[0]:
        raise StepRefused(words)
    told = _put_back(merge.moved, kept, merged)
    _settle_again(merge, at=at)
    kept, merged = (_count_change(number, at=at) for number in (kept.pk, merged.pk))
    merge.undone_by, merge.undone_at = by, at
    merge.save(update_fields=["undone_by", "undone_at"])
    jobs.leave_recompute(at=at)
    return Undone(kept, merged, told)


def why_not_undone(*merges):
    """Why each of `merges` cannot be taken back now, in words and in their order; empty where it can."""
    numbers = {merge.kept_id for merge in merges}
    standing = CaseMerge.objects.filter(Q(kept__in=numbers) | Q(merged__in=numbers), undone_at=None).order_by("pk")
    standing = standing.select_related("kept", "merged").only("kept__id", "merged__id")
    return [_why_not_undone(merge, standing) for merge in merges]


def _both(kept, merged, *, by):
    """Both cases as they stand, locked; Http404 unless `by` may see both, PermissionDenied unless they analyse."""
    numbers = {kept.pk, merged.pk}
    kept, merged = _locked(kept.pk, merged.pk)
    if set(access.seen_by(by).filter(pk__in=numbers).values_list("pk", flat=True)) != numbers:
        raise Http404
    for case in (kept, merged):
        access.require(by, Right.ANALYSE, case)
    return kept, merged


def _locked(*numbers):
    """In the order of their numbers, so that two merges never wait for one another."""
    found = Case.objects.select_for_update(of=("self",)).filter(pk__in=numbers).order_by("pk").in_bulk()
    return [found[number] for number in numbers]


def _why_not_undone(merge, standing):
    if merge.undone_at:
        return "This merge is taken back already."
    if merge.kept.status == Status.CLOSED:
        return f"{merge.kept.reference} is closed. Reopen it first."
    later = [each for each in standing if each.pk > merge.pk and merge.kept_id in (each.kept_id, each.merged_id)]
    beside = [each for each in later if each.kept_id == merge.kept_id]
    if not later:
        return ""
    last = (beside or later)[-1]
    return f"{last.merged.reference} was merged into {last.kept.reference} later. Take that back first."


def _carry_out(plan, *, at):
    kept, merged = plan.kept, plan.merged
    for name in plan.filled:
        setattr(kept, name, getattr(merged, name))
    fingerprint.sign(kept)
    kept.version, kept.updated_at = kept.version + 1, at
    check(kept)
    kept.save(update_fields=[*plan.filled, "text_bands", "version", "updated_at"])
    merged.status, merged.merged_into, merged.closed_at = Status.WITHDRAWN, kept, None
    merged.version, merged.updated_at = merged.version + 1, at
    merged.save(update_fields=["status", "merged_into", "closed_at", "version", "updated_at"])
    _move_rows(plan)
    for node in Node.objects.filter(pk__in=plan.settled):
        labels.settle(kept, node, at=at)


def _move_rows(plan):
    """By `update`, which leaves a row's own times alone."""
    Classification.objects.filter(pk__in=[row.pk for row in plan.replaced]).delete()
    for model in plan.moves:
        moving = [row.pk for row in plan.moving(model)]
        if model is CaseLink:
            CaseLink.objects.filter(pk__in=moving, case=plan.merged).update(case=plan.kept)
            CaseLink.objects.filter(pk__in=moving, other=plan.merged).update(other=plan.kept)
        elif moving:
            model.objects.filter(pk__in=moving).update(case=plan.kept)
    CaseReader.objects.bulk_create(CaseReader(case=plan.kept, person=person) for person in plan.new_readers)


def _put_back(entries, kept, merged):
    """Undo each entry of `CaseMerge.moved`; returns in words what was changed since and stays."""
    told = []
    # What the merge made goes first, what it deleted comes back last: their places may be the same.
    for entry in sorted(entries, key=lambda entry: (entry["before"] is not None, entry["after"] is None)):
        table, number, before, after = (entry[name] for name in ("table", "id", "before", "after"))
        now = rows.as_it_stands(table, number)
        if before is None:
            if now == after:
                rows.delete(table, number)
            elif now:
                told.append(f"{_called(table)} that was changed since stays with {kept.reference}.")
        elif after is None:
            told += _insert_again(table, before)
        elif now is None:
            told.append(f"{_called(table)} was removed since and stays removed.")
        else:
            told += _set_back(table, number, before, after, now, kept if number == kept.pk else merged)
    return told


def _insert_again(table, row):
    same_node = Classification.objects.filter(case=row["case_id"], node=row["node_id"]) if "node_id" in row else ()
    if same_node:
        return [f"{_called(table)} was decided anew since and stays as decided."]
    rows.insert(table, row)
    return []


def _set_back(table, number, before, after, now, case):
    changed = {column for column in before if now[column] != after[column]}
    if table == CASE_TABLE:
        # What is answered together stays together; the bands follow from what stays.
        units = [{_column(name) for name in unit} for unit in UNITS]
        changed |= {column for unit in units if unit & changed for column in unit & before.keys()}
    unchanged = {column: value for column, value in before.items() if column not in changed}
    if unchanged:
        rows.set_columns(table, number, unchanged)
    if table != CASE_TABLE:
        return [f"{_called(table)} was changed since and stays so."] if changed else []
    names = [_field_name(column) for column in before if column in changed and column != "text_bands"]
    return [f"{name} of {case.reference} was edited since and stays as edited." for name in names]


def _column(name):
    return Case._meta.get_field(name).column


def _field_name(column):
    return str(Case._meta.get_field(column.removesuffix("_id")).verbose_name).capitalize()


def _called(table):
    words = {
        "Adjudication": "A decision between raters",
        "CaseLink": "A link",
        "CaseReader": "A named person",
        "DebtAcceptance": "An acceptance of debt",
        "ExternalId": "An external number",
        "MitigationCase": "A mitigation",
    }
    model = rows.MODELS[table]
    return words.get(model.__name__, f"A {model._meta.verbose_name.removeprefix('case ')}")


def _settle_again(merge, *, at):
    """Labels that were given, changed or taken back since may agree on something else in each of the two."""
    merging = merge.events.filter(pgh_label="insert").get()
    since = Label.events.rel.related_model.objects.filter(
        case__in=[merge.kept_id, merge.merged_id], pgh_created_at__gte=merging.pgh_created_at
    ).exclude(pgh_context=merging.pgh_context_id)
    nodes = list(Node.objects.filter(pk__in=since.values("node")))
    for case in Case.objects.filter(pk__in=[merge.kept_id, merge.merged_id]) if nodes else ():
        for node in nodes:
            labels.settle(case, node, at=at)


def _count_change(number, *, at):
    """The case as it stands now, with its change counted and its text signed as it reads now."""
    case = Case.objects.get(pk=number)
    case.version, case.updated_at = case.version + 1, at
    fingerprint.sign(case)
    case.save(update_fields=["version", "updated_at", "text_bands"])
    return case
