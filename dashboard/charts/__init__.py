"""Tidy frame in, plotly figure out; each chart with a sentence for those who cannot see it."""
