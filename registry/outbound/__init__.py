"""Sending to addresses that people give: what may be reached, how a message is signed, and one careful request."""
