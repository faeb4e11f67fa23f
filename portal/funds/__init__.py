"""Where the money comes from, how it is shared out, and what it is promised for."""
