"""What was agreed: parties, clauses, term, instalments and targets."""
