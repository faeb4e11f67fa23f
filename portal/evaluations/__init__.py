"""Three parties evaluate a service by a plan that was published first, and what follows for its payment."""
