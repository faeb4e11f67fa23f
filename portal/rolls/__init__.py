"""Who may vote in a community: its roll."""
