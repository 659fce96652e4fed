"""The product: cases, labels, patterns, digests."""
