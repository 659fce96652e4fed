"""What stands beside a case."""
