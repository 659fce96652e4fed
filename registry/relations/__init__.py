"""How one case stands to others, as one person may see it."""
