"""Bringing the change feed to those who asked for it: a planner over the feed, a ledger, a sender."""
