"""Tree ensembles in numpy alone, so that the web process can explain without a trainer."""
