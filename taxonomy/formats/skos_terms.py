"""The words that SKOS has for what a vocabulary holds, and ours for the rest."""

from rdflib import Namespace
from rdflib.namespace import SKOS

# What SKOS has no word for. A name, not an address: nothing is there to be fetched.
AIR = Namespace("urn:alignment-incident-registry:terms:")
MATCHES = {
    "exact": SKOS.exactMatch,
    "close": SKOS.closeMatch,
    "broad": SKOS.broadMatch,
    "narrow": SKOS.narrowMatch,
    "related": SKOS.relatedMatch,
}
# Lists whose order matters, which RDF keeps only in a list of its own.
LISTS = {
    "aliases": AIR.aliases,
    "applies_when": AIR.appliesWhen,
    "does_not_apply_when": AIR.doesNotApplyWhen,
    "examples": AIR.examples,
}


def scheme_address(base, scheme):
    return f"{base}/taxonomy/{scheme}/"


def node_address(base, scheme, slug):
    return f"{base}/taxonomy/{scheme}/{slug}/"
