"""The fictional county of the demo: what it is (`*.toml`, `pictures`), how it is put in and taken out."""
