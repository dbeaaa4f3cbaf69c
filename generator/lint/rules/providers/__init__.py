"""What only some login providers have: EGI Check-In, Google's groups, CILogon's providers."""
