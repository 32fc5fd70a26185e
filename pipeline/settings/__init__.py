"""How a build behaves: each field with the reason for its value."""
