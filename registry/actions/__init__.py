"""Every write: one function per intention, one transaction each, signed in the history."""
