"""How people log in, and who may; what only some providers have is in `providers`."""
