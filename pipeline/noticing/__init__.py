"""Noticing: which metric moved in which slice, on which day, and how surely."""
