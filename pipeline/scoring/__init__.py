"""Everybody's score: models, typology models, pack signals and the unproven lane as tables."""
