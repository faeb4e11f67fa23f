"""How many people a county or a township should have for this work, and how many it has."""
