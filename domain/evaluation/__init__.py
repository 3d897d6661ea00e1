"""Stage 4, evaluasi AKIP internal: how the Inspektorat grades an entity and what it recommends."""
