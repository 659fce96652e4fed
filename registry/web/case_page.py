"""What the case page shows, prepared for its templates."""

from django.conf import settings
from django.db.models import F

from registry import access
from registry.blind import is_blind, seen_classifications, seen_labels
from registry.choices import TEMPLATE_FIELDS, Gap, RatingState, Right, Stance, Visibility
from registry.models import PatternPair, PatternRun
from registry.models.workflow import CAUSE_SCHEME
from registry.steps import open_to
from registry.web import activity, discussion, hearing, likeness, mitigations_page, safeguards_page
from registry.web.evidence_page import Place, section_context
from registry.web.foresight import lead_time
from registry.web.gaps import gap_picture
from registry.web.history import history_of
from registry.web.pictures import steps as steps_strip
from registry.web.steps import checklist
from registry.web.timeline import timeline
from taxonomy.models import Node

RECENT_ENTRIES = 6
SHOWN_PATTERNS = 6
GAP_NODES = {"human": "human_gap", "outer": "outer_gap", "inner": "inner_gap"}
ANALYSIS = (*TEMPLATE_FIELDS[1:3], "specified_objective", *TEMPLATE_FIELDS[3:], "endorsed_goal")


def context(person, case, *, today):
    blind = is_blind(person, case)
    seen = list(seen_classifications(person).filter(case=case).select_related("node__scheme", "decided_by"))
    labels = labels_of(person, case)
    table = label_table(labels, seen, decisions_of(case, blind))
    entries, older = history_of(case, reader=person, blind=blind, limit=RECENT_ENTRIES)
    listed = checklist(person, case, blind=blind)
    talk = discussion.context(person, case)
    return {
        "case": case,
        "blind": blind,
        **deciding(person, case, blind),
        "may_edit": access.may(person, Right.EDIT, case),
        "may_label": access.may(person, Right.LABEL, case),
        "steps": open_to(person, case),
        "checklist": listed,
        "strip": steps_strip(done=listed.done, total=listed.total) if listed and listed.total else None,
        "gap": gap_of(case, seen),
        "labels": table,
        "raters": raters_of(labels),
        "analysis": analysis_of(case),
        "lead_time": lead_time(case),
        "n_written": sum(bool(getattr(case, name).strip()) for name in TEMPLATE_FIELDS),
        "facts": facts_of(case),
        "sources": case.case_sources.select_related("source").order_by("pk"),
        "external": case.external_ids.order_by("source", "value"),
        "moments": timeline(case),
        "entries": entries,
        "older": older,
        "patterns": patterns_of([agreed.node_id for agreed in seen] if blind else case.node_path),
        "people": people_of(case),
        "api_url": f"/api/v1/cases/{case.reference}/",
        "citation": citation(case),
        **talk,
        **activity.context(case, blind=blind, today=today, n_comments=talk["n_comments"], n_open=talk["n_open"]),
        **hearing.context(person, case),
        **likeness.of_case(person, case),
        **safeguards_page.section_context(case),
        **mitigations_page.section_context(person, case, today=today),
        **section_context(Place(case=case), may_add=access.may(person, Right.EDIT, case)),
    }


def citation(case):
    return f"{case.reference}, {case.title}. Alignment Incident Registry, {settings.BASE_URL}{case.get_absolute_url()}"


def labels_of(person, case):
    labels = seen_labels(person, case).select_related("node__scheme", "rater")
    return list(labels.order_by("node__scheme__order", "node__order", "node_id", "rater__name", "rater_id"))


def other_raters(person, case):
    """How many others submitted what they say of the case."""
    return case.ratings.filter(state=RatingState.SUBMITTED).exclude(rater=person).count()


def decisions_of(case, blind):
    """{node id: Adjudication}; a rater who is still blind does not read what reviewers wrote of the raters."""
    rows = [] if blind else case.adjudications.select_related("node__scheme", "decided_by")
    return {row.node_id: row for row in rows}


def deciding(person, case, blind):
    """Whether `person` decides between raters here, or would once they stand aside; and whom they do not see yet."""
    n_others = other_raters(person, case) if blind else 0
    decides = access.may(person, Right.REVIEW, case) and access.may(person, Right.LABEL, case)
    return {
        "n_other_raters": n_others,
        "adjudicates": decides and not blind,
        "may_stand_aside": decides and n_others > 1,
    }


def raters_of(labels):
    return sorted({label.rater for label in labels}, key=lambda rater: (rater.name, rater.pk))


def label_table(labels, seen, decisions):
    """One row for each node anybody labelled, that is agreed or decided: who says what, and what came of it."""
    raters, by_node, agreed = raters_of(labels), {}, {row.node_id: row for row in seen}
    for label in labels:
        by_node.setdefault(label.node_id, {})[label.rater_id] = label
    nodes = {row.node_id: row.node for row in [*labels, *seen, *decisions.values()]}
    rows = []
    for pk, node in nodes.items():
        said = [by_node.get(pk, {}).get(rater.pk) for rater in raters]
        stances = [label.stance if label else "none" for label in said]
        rows.append(
            {
                "node": node,
                "said": said,
                "dots": stances,
                "present": stances.count(Stance.PRESENT),
                "agreed": agreed.get(pk),
                "decision": decisions.get(pk),
                "split": Stance.PRESENT in stances and Stance.ABSENT in stances,
                "held": any(label.submitted_at is None for label in said if label),
                "n_rated": len(stances) - stances.count("none"),
            }
        )
    return sorted(rows, key=lambda row: (row["node"].scheme.order, row["node"].order, row["node"].pk))


def gap_of(case, seen):
    """The objective-gap picture: what the case says of each gap; an agreed cause under a gap breaks it."""
    states = {name: getattr(case, name) for name in GAP_NODES.values()}
    states |= dict.fromkeys(breaks_of(seen, causes_of()), Gap.BROKEN)
    return gap_picture(
        human=states["human_gap"],
        outer=states["outer_gap"],
        inner=states["inner_gap"],
        goal=shortened(case.endorsed_goal),
        intended=shortened(case.intended_objective),
        specified=shortened(case.specified_objective),
        optimised=shortened(case.optimised_objective),
    )


def causes_of():
    """{id: node} of the scheme of causes."""
    return Node.objects.filter(scheme__slug=CAUSE_SCHEME).only("slug", "name", "parent_id").in_bulk()


def breaks_of(seen, causes):
    """{field of a gap: name of the agreed cause under it} for those of `seen` that say that the gap broke."""
    breaks = {}
    for row in seen:
        node, followed = causes.get(row.node_id), set()
        while node is not None and node.pk not in followed:
            followed.add(node.pk)
            if node.slug in GAP_NODES:
                breaks.setdefault(GAP_NODES[node.slug], causes[row.node_id].name)
            node = causes.get(node.parent_id)
    return breaks


def agreed_breaks(person, case):
    """The same of the agreed labels of a case that `person` may see."""
    return breaks_of(seen_classifications(person).filter(case=case), causes_of())


def shortened(text, limit=220):
    """The beginning of a text for the picture, cut at a word."""
    text = " ".join(text.split())
    return text if len(text) <= limit else f"{text[:limit].rsplit(' ', 1)[0]} …"


def analysis_of(case):
    """The fields of the template beside the title: name, what it asks, text, and the label of the missing ones."""
    rows = []
    for name in ANALYSIS:
        field = case._meta.get_field(name)
        text = getattr(case, name)
        if text.strip() or name in TEMPLATE_FIELDS:
            label = str(field.verbose_name).capitalize()
            rows.append({"name": name, "label": label, "asks": field.help_text, "text": text})
    return rows


def facts_of(case):
    systems = case.case_systems.select_related("system").order_by("pk")
    named = {}
    for row in case.case_parties.select_related("organisation").order_by("pk"):
        named.setdefault(row.role, []).append(row.organisation.name)
    return [
        ("Kind", case.get_kind_display()),
        ("System", ", ".join(f"{row.system.name} {row.version}".strip() for row in systems)),
        ("Developer", ", ".join(named.get("developer", ()))),
        ("Deployer", ", ".join(named.get("deployer", ()))),
        ("Affected", ", ".join(named.get("affected", ()))),
        ("Stage", case.get_stage_display()),
        ("Occurred", "" if case.occurred_from is None else case.occurred),
        ("Locus", case.get_locus_display()),
        ("Could it have been predicted?", case.get_predictability_display()),
        ("Triage", case.get_triage_display()),
        ("Scope", case.get_scope_display()),
        ("Reporter", case.reporter.name),
    ]


def patterns_of(nodes):
    """The flagged pairs of the latest run between these nodes (ids), the strongest first."""
    run = PatternRun.objects.standard().first()
    if run is None or not nodes:
        return []
    pairs = PatternPair.objects.filter(run=run, flagged=True, node_a__in=nodes, node_b__in=nodes)
    pairs = pairs.select_related("node_a__scheme", "node_b__scheme", "run").defer("case_ids")
    return list(pairs.order_by(F("effect").desc(nulls_last=True), "pk")[:SHOWN_PATTERNS])


def people_of(case):
    """Who may see a case that is not open to everyone."""
    return access.people_who_see(case)[:12] if case.visibility == Visibility.NAMED else []
