"""Stage 2, pengukuran kinerja: what was realised, period by period, and who verified it."""
