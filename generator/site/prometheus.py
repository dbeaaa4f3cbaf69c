"""The Prometheus of a cluster."""

from collections.abc import Mapping

from generator.records import record


@record
class Prometheus:
    """Its namespace, empty where none is written, and the labels that it selects monitors by.

    `labels` are None where none are written.
    """

    namespace: str = ""
    labels: Mapping[str, str] | None = None
