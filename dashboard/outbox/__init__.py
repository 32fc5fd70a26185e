"""How messages leave for the platform and its answers come in; the rows are the casebook's."""
