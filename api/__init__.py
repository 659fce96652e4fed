"""The REST API: the second front door to the same actions."""
