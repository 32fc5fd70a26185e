"""A build whose tables can be looked into, also those that only others are made of."""

from pipeline.settings.build import Settings

EVERY_TABLE = Settings(keeps_every_table=True)
