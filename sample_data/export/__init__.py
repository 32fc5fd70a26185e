"""The generated world as the raw tables that a marketplace delivers."""
