"""Run by the real JupyterHub's Python: what it measures from its start on, before anyone logs in.

Standard output gets what Prometheus would read, and the scopes that a token can have.
"""

import json
import sys

from jupyterhub import metrics, scopes
from prometheus_client import REGISTRY, generate_latest

assert metrics.SERVER_SPAWN_DURATION_SECONDS
read = {"metrics": generate_latest(REGISTRY).decode(), "scopes": sorted(scopes.scope_definitions)}
json.dump(read, sys.stdout)
