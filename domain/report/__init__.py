"""Stage 3, pelaporan kinerja: how a year is accounted for, unit by unit and for the institution."""
