"""Holds of the tunjangan kinerja: proposal, notice, decision, objection and release."""
