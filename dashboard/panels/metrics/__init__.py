"""The panels of the Metrics page: filters, the metric over time, and what is behind it."""
