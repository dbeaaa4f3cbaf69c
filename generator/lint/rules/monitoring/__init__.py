"""Monitoring: who reads the metrics of hubs, the alerts, the dashboards."""
