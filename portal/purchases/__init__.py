"""How a provider is chosen: method, factors, bids, judges and the ranking that follows."""
