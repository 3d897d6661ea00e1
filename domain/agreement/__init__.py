"""Stage 1, perjanjian kinerja: what an entity commits to for a fiscal year."""
