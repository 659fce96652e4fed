"""The weekly digest: what changed for one reader, written once and handed to the mail server once."""
