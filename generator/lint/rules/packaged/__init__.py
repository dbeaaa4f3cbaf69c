"""What the packaged charts at hand say of their values."""
