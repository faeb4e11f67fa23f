"""What a committee is asked to do besides its own work, and what it costs in minutes."""
