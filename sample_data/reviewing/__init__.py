"""The truth, and what reviewers made of it."""
