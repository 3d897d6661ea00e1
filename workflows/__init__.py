"""What must happen next: pure functions that answer events with commands."""
