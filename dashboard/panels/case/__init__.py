"""The panels of the Case page: brief, members, the decision about them, and what is like it."""
