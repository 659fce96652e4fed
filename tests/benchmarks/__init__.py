"""Measures the product against floors in the same run; `make bench` prints the table."""
