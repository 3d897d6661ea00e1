"""The world: every process and adapter around the pure packages."""
