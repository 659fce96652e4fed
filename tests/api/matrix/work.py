"""Work on many cases, and what is owed."""
