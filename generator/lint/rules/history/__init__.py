"""What became smaller or older than in the Git base, and can't."""
