"""What is stored: one thing per file."""

from registry.models.case import Case, CaseParty, CaseReader, CaseSource, CaseSystem, EventGroup, ExternalId
from registry.models.digest import Digest, Subscription
from registry.models.job import Job
from registry.models.label import Classification, Label
from registry.models.party import Organisation, OrganisationAlias, System, SystemAlias
from registry.models.pattern import PatternNode, PatternPair, PatternRun, PatternTrend
from registry.models.people import Person
from registry.models.source import Source

__all__ = [
    "Case",
    "CaseParty",
    "CaseReader",
    "CaseSource",
    "CaseSystem",
    "Classification",
    "Digest",
    "EventGroup",
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
    "Source",
    "Subscription",
    "System",
    "SystemAlias",
]
