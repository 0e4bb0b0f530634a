"""Scripts that measure, and the tables they made."""
