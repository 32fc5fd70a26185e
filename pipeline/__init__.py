"""Python that writes the scored tables; no web server in here."""
