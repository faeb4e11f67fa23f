"""What people are told: in the site, and by SMS or mail through the outbox."""
