"""The sheets of the auditor's year: what each line holds, and the positions of the events that made it."""
