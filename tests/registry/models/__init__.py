"""Each test here goes round Python's validation: what is tested is that the database refuses."""
