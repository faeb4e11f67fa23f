"""The first page of a community, and a person's own page."""
