"""What two environments would both have: hosts, namespaces, names in a cluster."""
