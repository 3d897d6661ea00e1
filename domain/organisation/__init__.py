"""The institution: its units, officials, fiscal years, calendar and adopted rules."""
