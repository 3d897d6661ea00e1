"""Duties with a due date: when they are met, late, extended, waived or transferred."""
