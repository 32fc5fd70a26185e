"""Which tables a build makes, in which order, and what runs beside what."""
