"""Tests: sentences that can be false. `builders` are their words, `laws` hold everywhere, `journeys` use a browser."""
