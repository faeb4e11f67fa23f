"""Those who deliver services."""
