"""Ratings that look odd wait until two people have looked."""
