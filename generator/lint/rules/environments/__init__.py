"""The environments: their clusters and namespaces, and the names made from theirs."""
