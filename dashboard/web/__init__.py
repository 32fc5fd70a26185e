"""The server process and the ASGI application it runs."""
