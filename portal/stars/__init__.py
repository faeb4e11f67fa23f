"""Stars and credit of providers, and what follows from them."""
