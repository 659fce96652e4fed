"""What stands beside a case: safeguards, evidence, sources, comments, links, merges, decisions, history."""

routes = []
