"""Names and texts in many languages and scripts."""
