"""Reports and vulnerabilities of the AI Vulnerability Database: one JSON object, a JSON array, or JSON Lines."""

import re
from collections.abc import Iterator
from datetime import date
from typing import Any, BinaryIO

from .avid_context import context_of
from .avid_fields import mapping, objects, text_at, texts
from .reading import json_documents
from .records import ImportedCase, ImportedSource, Refusal, Unfit, refuse_or_yield
from .wording import (
    MAX_SOURCE_TITLE,
    clean_line,
    clean_name,
    clean_text,
    distinct,
    fit_title,
    full_title,
    paragraphs,
    period,
    shorten,
    web_address,
)

SOURCE = "avid"
NAME = "AI Vulnerability Database"
LICENCE_NOTE = "MIT licence: may be shared with attribution."

# The placeholder AVID-2026-R-1234 of unreviewed reports does not match: it is not an id of anything.
NUMBER = re.compile(r"AVID-[0-9]{4}-[RV][0-9]{3,6}")
CVE = re.compile(r"\bCVE-[0-9]{4}-[0-9]{4,7}\b")
STAGES = {"L05": "evaluation", "L06": "deployment"}
DATABASES = (
    "https://www.cve.org/",
    "https://nvd.nist.gov/",
    "https://incidentdatabase.ai/",
    "https://atlas.mitre.org/",
    "https://avidml.org/",
)


def parse(file: BinaryIO) -> Iterator[ImportedCase | Refusal]:
    """Reports and vulnerabilities under their AVID numbers.

    The date in a record is the day it was reported, not the day the thing happened: it becomes the date of the
    source, and when it occurred stays unknown.
    """
    return refuse_or_yield(json_documents(file), _case, "metadata.report_id")


def _case(line: int, record: Any) -> ImportedCase:
    if not isinstance(record, dict):
        raise Unfit("", "must be a JSON object")
    number = _number(record)
    affects = mapping(record, "affects")
    problem = mapping(record, "problemtype")
    named = clean_line(_worded(problem, "problemtype.description"), "problemtype.description.value")
    behaviour = clean_text(_worded(record, "description"), "description.value") or named
    if not behaviour:
        raise Unfit("description.value", "is missing, and so is problemtype.description.value")
    url = f"https://avidml.org/database/{number.lower()}/"
    return ImportedCase(
        external_id=number,
        url=url,
        title=fit_title(named, behaviour),
        context=paragraphs(full_title(named), context_of(record)),
        observed_behaviour=behaviour,
        kind="incident" if text_at(problem, "classof", "problemtype.classof") == "AIID Incident" else "finding",
        stage=_stage(record),
        systems=_systems(affects),
        developers=_organisations(affects, "developer"),
        deployers=_organisations(affects, "deployer"),
        sources=(_own_source(record, number, url), *_references(record, url)),
        external_ids=_vulnerabilities(record, named),
        line=line,
    )


def _number(record: dict) -> str:
    if record.get("metadata") is None:
        raise Unfit("metadata", "is missing: the record has no AVID number")
    metadata = mapping(record, "metadata")
    field = "report_id" if "report_id" in metadata else "vuln_id"
    number = text_at(metadata, field, f"metadata.{field}").strip()
    if not NUMBER.fullmatch(number):
        raise Unfit(f"metadata.{field}", f"{shorten(number, 40) or 'an empty text'} is not an AVID number")
    return number


def _worded(owner: dict, path: str) -> str:
    return text_at(mapping(owner, "description", path), "value", f"{path}.value")


def _stage(record: dict) -> str:
    avid = mapping(mapping(record, "impact"), "avid", "impact.avid")
    views = texts(avid, "lifecycle_view", "impact.avid.lifecycle_view")
    # Several views say that it matters at several stages, not in which one it happened.
    return STAGES.get(views[0][:3], "") if len(views) == 1 else ""


def _systems(affects: dict) -> tuple[str, ...]:
    field = "affects.artifacts"
    artifacts = objects(affects, "artifacts", field)
    return distinct(
        [
            clean_name(text_at(artifact, "name", f"{field}.name"), f"{field}.name")
            for artifact in artifacts
            if text_at(artifact, "type", f"{field}.type") != "Dataset"
        ]
    )


def _organisations(affects: dict, role: str) -> tuple[str, ...]:
    field = f"affects.{role}"
    return distinct([clean_name(name, field) for name in texts(affects, role, field)])


def _own_source(record: dict, number: str, url: str) -> ImportedSource:
    field = "reported_date" if record.get("reported_date") else "published_date"
    return ImportedSource(url, f"{NAME}, {number}", NAME, _day(text_at(record, field, field), field), "database")


def _day(text: str, field: str) -> date | None:
    first, _, precision = period(text, field)
    return first if precision == "day" else None


def _references(record: dict, own_url: str) -> Iterator[ImportedSource]:
    seen = {own_url}
    for reference in objects(record, "references", "references"):
        url = web_address(text_at(reference, "url", "references.url"))
        if not url or url in seen:
            continue
        seen.add(url)
        label = clean_line(text_at(reference, "label", "references.label"), "references.label")
        kind = "database" if url.startswith(DATABASES) else "secondary"
        yield ImportedSource(url=url, title=shorten(label or url, MAX_SOURCE_TITLE), kind=kind)


def _vulnerabilities(record: dict, named: str) -> tuple[tuple[str, str], ...]:
    found = CVE.findall(named)
    for reference in objects(record, "references", "references"):
        url = text_at(reference, "url", "references.url")
        if url.startswith(("https://www.cve.org/CVERecord", "https://nvd.nist.gov/vuln/detail/")):
            found += CVE.findall(url)
    return tuple(("cve", cve) for cve in dict.fromkeys(found))
