"""Stage 5, tindak lanjut: how each recommendation is answered, verified and closed."""
