"""Bad ratings become cases with a clock, and are put right or explained in public."""
