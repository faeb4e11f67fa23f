"""Administrative divisions, province to community, and how a resident finds hers."""
