"""The benchmark: what hubops costs beside its peers, in one run. `make bench` starts it."""
