"""A named helper votes together with a person who asked for it."""
