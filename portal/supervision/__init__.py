"""Checks before, during and after delivery, and what happens when a provider has to leave."""
