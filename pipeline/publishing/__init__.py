"""What a build is asked for, when it is up to date, and how it replaces the served file."""
