"""What changed: the feed to read, and webhooks that bring it."""

routes = []
