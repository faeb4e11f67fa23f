"""What has to be public, by when, and the one thread from a need to what became of it."""
