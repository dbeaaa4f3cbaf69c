"""Cinder CSI: volumes of OpenStack.

Sources: charts/cinder-csi-plugin of kubernetes/cloud-provider-openstack at openstack-cinder-csi-
2.34.3, 2.35.0 and 2.36.0; docs/cinder-csi-plugin/using-cinder-csi-plugin.md, "Kubernetes
Compatibility": the release that corresponds to that of Kubernetes is recommended.
"""

from generator.charts.known.chart import KnownChart

CHART = KnownChart(
    name="openstack-cinder-csi",
    app="cinder-csi",
    purpose="Volumes of OpenStack, with the storage classes csi-cinder-sc-delete and "
    "csi-cinder-sc-retain. Its minor version is that of Kubernetes.",
    brings="storage",
    repository="https://kubernetes.github.io/cloud-provider-openstack",
    version="2.36.0",
    released="2026-05-13",
    source="github.com/kubernetes/cloud-provider-openstack",
    by_minor={
        25: "2.25.1",
        26: "2.26.4",
        27: "2.27.3",
        28: "2.28.3",
        29: "2.29.2",
        30: "2.30.4",
        31: "2.31.8",
        32: "2.32.2",
        33: "2.33.1",
        34: "2.34.3",
        35: "2.35.0",
        36: "2.36.0",
    },
    namespace="kube-system",
    wave=-30,
    values="""\
# OpenStack's credentials come from the Secret below, never from values.
secret: {enabled: true, create: false, hostMount: false, name: cloud-config}
""",
    kinds=("ClusterRole", "ClusterRoleBinding", "CSIDriver", "StorageClass"),
    secrets={"cloud-config": ("cloud.conf",)},
    definitions="none",
    random="nothing",
    writes_back="nothing; the parameters of a StorageClass can't change, only a new class can",
    health="its Deployment and its DaemonSet on every node",
    restart="cinder-csi restarts: volumes stay mounted, servers that start wait for theirs",
    survives="all volumes and claims; without the driver no pod can mount or release one",
)
