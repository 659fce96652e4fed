"""Which view answers at which address, a family of things to a file."""
