"""jupyterhub-home-nfs: an NFS server for the homes, with quotas.

Sources: helm/jupyterhub-home-nfs of 2i2c-org/jupyterhub-home-nfs at 1.1.0 and 1.2.0: values.yaml,
templates/persistent-volume.yaml (a volume that exists, reclaim policy Retain),
templates/deployment.yaml (privileged containers).
"""

from generator.charts.known.chart import KnownChart

CHART = KnownChart(
    name="jupyterhub-home-nfs",
    app="home-nfs",
    purpose="An NFS server for the homes, with quotas, on a disk that exists. Its pods are "
    "privileged, so it has a namespace of its own: write one such app for each environment.",
    repository="oci://ghcr.io/2i2c-org/jupyterhub-home-nfs",
    version="1.2.0",
    released="2025-10-02",
    source="github.com/2i2c-org/jupyterhub-home-nfs",
    namespace="home-nfs",
    labels={"pod-security.kubernetes.io/enforce": "privileged"},
    privileged=True,
    wave=-10,
    values="""\
# Its objects are called home-nfs.
fullnameOverride: ""
# The disk of the homes; what it holds stays when the app is removed.
openstack: {enabled: true, volumeId: REPLACE-with-the-id-of-the-volume}
# In GiB, for each user.
quotaEnforcer: {config: {QuotaManager: {hard_quota: 10}}}
""",
    kinds=("PersistentVolume",),
    definitions="none",
    random="nothing",
    writes_back="nothing; most fields of a PersistentVolume can't change",
    health="its Deployment, once the disk is attached",
    restart="the NFS server restarts: open files of every user's home wait until it is back",
    survives="the disk (reclaim policy Retain); its claim goes with the chart",
)
