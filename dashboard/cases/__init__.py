"""Cases and decisions as values: what the casebook keeps and the pages show."""
