"""The panels of the Investigate page, one module each."""
