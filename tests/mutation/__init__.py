"""Mutation tests of the statistics: each module is changed in one place at a time, and its tests must notice."""
