"""Votes on the designs of a project."""
