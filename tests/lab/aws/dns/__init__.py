"""DNS from Route 53's public zones."""
