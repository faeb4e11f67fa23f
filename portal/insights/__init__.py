"""Officials' summaries: what was counted, drawn and listed."""
