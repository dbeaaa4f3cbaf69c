"""Model -> Kubernetes resources as plain dicts; pure, one file per kind of thing."""
