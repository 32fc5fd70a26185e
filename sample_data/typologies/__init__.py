"""Planted fraud, one module each; listed by `stories.modules`."""
