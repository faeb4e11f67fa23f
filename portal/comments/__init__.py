"""Words beside grades: two people hide or mask, silence publishes, a drawn third judges; providers answer."""
