"""Work on many cases, and what is owed: batches, jobs, exports, imports, mitigations, debt."""

routes = []
