"""The vocabularies cases are labelled with, and the severity tiers. Knows nobody."""
