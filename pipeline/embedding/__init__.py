"""Vectors of texts for whoever has no model of their own; no build and no page needs it."""
