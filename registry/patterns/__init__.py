"""Statistics over cases: arrays and frozen dataclasses in, the same out; no Django, no clock, no global state.

One module each for S1 rates, S2 and S3 association, S4 multiplicity, S5 trends; `counting` turns label codes into
counts, `analysis` puts everything together. `recompute` alone talks to the database.
"""
