"""What recipients say of the service that they received."""
