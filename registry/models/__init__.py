"""What is stored: one thing per file."""

from registry.models.bulk import BulkChange, BulkChangeRow
from registry.models.case import Case, CaseParty, CaseReader, CaseSource, CaseSystem, EventGroup
from registry.models.digest import Digest, Subscription
from registry.models.draft import Draft, DraftEditor
from registry.models.evidence import Evidence
from registry.models.external_id import ExternalId
from registry.models.job import Job
from registry.models.label import Classification, Label
from registry.models.link import CaseLink, CaseMerge
from registry.models.party import Organisation, OrganisationAlias, System, SystemAlias
from registry.models.pattern import PatternNode, PatternPair, PatternRun, PatternTrend
from registry.models.people import Person, Team, TeamMember
from registry.models.source import Source
from registry.models.view import SavedView

__all__ = [
    "BulkChange",
    "BulkChangeRow",
    "Case",
    "CaseLink",
    "CaseMerge",
    "CaseParty",
    "CaseReader",
    "CaseSource",
    "CaseSystem",
    "Classification",
    "Digest",
    "Draft",
    "DraftEditor",
    "EventGroup",
    "Evidence",
    "ExternalId",
    "Job",
    "Label",
    "Organisation",
    "OrganisationAlias",
    "PatternNode",
    "PatternPair",
    "PatternRun",
    "PatternTrend",
    "Person",
    "SavedView",
    "Source",
    "Subscription",
    "System",
    "SystemAlias",
    "Team",
    "TeamMember",
]
