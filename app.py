"""The WSGI application, for any server."""

from portal import create_app

app = create_app()
