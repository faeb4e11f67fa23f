"""Projects and needs meet the providers and resources that fit them."""
