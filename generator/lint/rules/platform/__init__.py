"""What clusters have beside hubs: further apps, issuers, dashboards, what was there before."""
