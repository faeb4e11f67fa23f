"""The queue: what waits for a committee, and what it decides."""
