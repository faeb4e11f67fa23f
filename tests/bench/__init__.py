"""Speed, as ratios to bare Flask pages of the same kind, under the same server, in the same run: `make bench`."""
