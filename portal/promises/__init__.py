"""What was said to be done, and whether those who asked for it say so too."""
