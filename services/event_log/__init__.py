"""The append-only log of every institution: one contract, three recorders, a fixed leaf under each entry."""
