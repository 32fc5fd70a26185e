"""Everybody's score: models, typology models, pack signals and anomalies as tables."""
