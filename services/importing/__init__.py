"""Published figures from CSV files: read, checked against the publisher's own arithmetic, and entered as history."""
