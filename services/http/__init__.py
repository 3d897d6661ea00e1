"""The web: controllers of the API, and plain pages."""
