"""Slips with personal codes, and ballots of paper."""
