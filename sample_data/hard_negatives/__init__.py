"""Honest look-alikes, one module each; listed by `stories.modules`."""
