"""Read models: each module folds events into the answer to one question."""
