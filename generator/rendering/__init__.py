"""Real Helm on the pinned charts and real Kustomize on the tree, as Argo CD would run them."""
