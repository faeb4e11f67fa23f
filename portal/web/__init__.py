"""The door: how requests come in and answers go out."""
