"""What each page shows, as frozen values: every number on screen is a field here."""
