"""Import and export formats, one module each; every import module yields the records of `records.py`."""
