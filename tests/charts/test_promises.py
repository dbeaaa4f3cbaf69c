"""Which chart values switch off a promise, and which do not: lint names each at its place."""

from typing import Any

import pytest
import yaml

from generator.io.resources import known_versions, site_schema
from generator.lint.load import load
from tests.support.copies import protocoast

CODES = {"C320", "C321", "C322"}
VARIABLE = "{valueFrom: {secretKeyRef: {name: ours, key: k}}}"
GATEWAY = "access:services!service=dask-gateway"
POLICY = "singleuser: {networkPolicy: "

HUB_WARNINGS = [
    POLICY + "{enabled: false}}",
    "hub: {networkPolicy: {enabled: false}}",
    "proxy: {chp: {networkPolicy: {enabled: false}}}",
    POLICY + "{egressAllowRules: {cloudMetadataServer: true}}}",
    POLICY + "{ingress: [{}]}}",
    POLICY + "{allowedIngressPorts: [8888]}}",
    "singleuser: {cloudMetadata: {ip: 192.0.2.1}}",
    "singleuser: {cloudMetadata: {blockWithIptables: true}}",
    'singleuser: {extraLabels: {"hub.jupyter.org/network-access-proxy-api": "true"}}',
    "hub: {config: {Authenticator: {allow_all: true}}}",
    "hub: {config: {GitHubOAuthenticator: {allow_all: true}}}",
    "hub: {config: {GenericOAuthenticator: {tls_verify: false}}}",
    "hub: {config: {OAuthenticator: {validate_server_cert: false}}}",
    "hub: {config: {JupyterHub: {spawner_class: simple}}}",
    'hub: {config: {JupyterHub: {db_url: "sqlite:///:memory:"}}}',
    'hub: {extraConfig: {a: "c.JupyterHub.authenticator_class = Ours"}}',
    'hub: {extraConfig: {a: "c.Authenticator.allow_all = True"}}',
    "hub: {extraConfig: {a: \"setattr(c.Authenticator, 'allow_all', True)\"}}",
    "hub: {extraConfig: {a: \"c['Authenticator']['allow_all'] = True\"}}",
    "hub: {args: [--Authenticator.allow_all=True]}",
    "hub: {extraConfig: {a: \"c.JupyterHub.spawner_class = 'simple'\"}}",
    "hub: {extraConfig: {a: \"c.JupyterHub.db_url = 'sqlite://'\"}}",
    'hub: {extraConfig: {a: "c.KubeSpawner.uid = 0"}}',
    "hub: {db: {type: sqlite-memory}}",
    'hub: {db: {type: other, url: "sqlite://"}}',
    f"hub: {{loadRoles: {{user: {{scopes: [self, '{GATEWAY}', 'admin:users']}}}}}}",
    f"hub: {{extraEnv: {{CONFIGPROXY_AUTH_TOKEN: {VARIABLE}}}}}",
    f"hub: {{extraEnv: {{JUPYTERHUB_CRYPT_KEY: {VARIABLE}}}}}",
    "hub: {extraEnv: {OAUTH_CALLBACK_URL: https://example.org}}",
    f"proxy: {{chp: {{extraEnv: {{CONFIGPROXY_AUTH_TOKEN: {VARIABLE}}}}}}}",
    "singleuser: {uid: 0}",
    "singleuser: {allowPrivilegeEscalation: true}",
    "singleuser: {extraPodConfig: {securityContext: {runAsUser: 0}}}",
    "singleuser: {storage: {type: none}}",
    "singleuser: {serviceAccountName: hub}",
    "hub: {config: {KubeSpawner: {allow_privilege_escalation: true}}}",
    "hub: {containerSecurityContext: {runAsUser: 0}}",
    "hub: {serviceAccount: {create: false}}",
    "ingress: {enabled: false}",
    "ingress: {tls: []}",
    "rbac: {create: false}",
    "rbac: {enabled: false}",
    "proxy: {https: {enabled: true}}",
    "proxy: {service: {disableHttpPort: true}}",
    "proxy: {service: {externalIPs: [192.0.2.1]}}",
    "proxy: {chp: {networkPolicy: {allowedIngressPorts: [https]}}}",
    "proxy: {chp: {networkPolicy: {ingress: [{}]}}}",
    "proxy: {chp: {networkPolicy: {allowedIngressPorts: [http, https, api]}}}",
    "singleuser: {networkPolicy: {ingress: [{from: [{namespaceSelector: {}}]}]}}",
    "singleuser: {networkPolicy: {interNamespaceAccessLabels: accept}}",
    'hub: {config: {K: {extra_labels: {hub.jupyter.org/network-access-proxy-api: "true"}}}}',
    'proxy: {chp: {extraCommandLineFlags: ["--no-x-forward", "--api-ip=0.0.0.0"]}}',
    'proxy: {chp: {extraCommandLineFlags: ["--default-target=http://evil"]}}',
    'proxy: {chp: {defaultTarget: "http://evil.example.org"}}',
    'hub: {config: {JupyterHub: {db_url: "sqlite:////tmp/jupyterhub.sqlite"}}}',
    'hub: {config: {JupyterHub: {db_url: "sqlite:////srv/x.sqlite"}}}',
    "hub: {db: {type: sqlite}}",
    'hub: {db: {url: "sqlite:////tmp/jupyterhub.sqlite", type: other}}',
    'hub: {config: {JupyterHub: {bind_url: "http://:9000"}}}',
    "hub: {config: {JupyterHub: {hub_ip: 127.0.0.1}}}",
    "hub: {config: {JupyterHub: {base_url: /x}}}",
    'hub: {config: {JupyterHub: {load_roles: [{name: user, scopes: ["admin:users"]}]}}}',
    "hub: {config: {JupyterHub: {admin_users: [eve]}}}",
    "hub: {config: {GenericOAuthenticator: {admin_users: [eve]}}}",
    "hub: {config: {GenericOAuthenticator: {allowed_users: [eve]}}}",
    "hub: {config: {GenericOAuthenticator: {http_request_kwargs: {validate_cert: false}}}}",
    "hub: {config: {OAuthenticator: {http_request_kwargs: {validate_cert: false}}}}",
    "singleuser: {extraPodConfig: {serviceAccountName: hub}}",
    "singleuser: {serviceAccountName: user-scheduler}",
    "hub: {config: {KubeSpawner: {namespace: other}}}",
    "hub: {config: {KubeSpawner: {enable_user_namespaces: true}}}",
    "hub: {config: {KubeSpawner: {singleuser_uid: 0}}}",
    "singleuser: {storage: {extraVolumes: [{name: s, secret: {secretName: hub}}]}}",
    "singleuser: {storage: {extraVolumes: [{name: s, secret: {secretName: hub-secrets}}]}}",
    "singleuser: {storage: {extraVolumes: [{projected: {sources: [{secret: {name: hub}}]}}]}}",
    "singleuser: {extraEnv: {A: {valueFrom: {secretKeyRef: {name: hub-secrets, key: client_id}}}}}",
    "singleuser: {extraEnv: {A: {valueFrom: {secretKeyRef: {name: hub, key: a}}}}}",
    "singleuser: {extraPodConfig: {containers: [{name: a, envFrom: [{secretRef: {name: hub}}]}]}}",
    "singleuser: {storage: {static: {pvcName: hub-db-dir}, type: static}}",
    "singleuser: {storage: {extraVolumes: [{persistentVolumeClaim: {claimName: hub-db-dir}}]}}",
    "singleuser: {storage: {dynamic: {pvcNameTemplate: all}}}",
    'hub: {args: ["--Authenticator.allow_all", "True"]}',
    'hub: {args: ["--no-db"]}',
    'hub: {args: ["--db=sqlite:///:memory:"]}',
    'hub: {args: ["--db", "sqlite://"]}',
    'hub: {args: ["-f", "/etc/other.py"]}',
    "hub: {extraFiles: {a: {mountPath: /usr/local/etc/jupyterhub/jupyterhub_config.py}}}",
    "hub: {extraConfig: {a: \"c.KubeSpawner.service_account = 'hub'\"}}",
    'hub: {extraConfig: {a: "c.KubeSpawner.enable_user_namespaces = True"}}',
    "hub: {extraConfig: {a: \"c.KubeSpawner.x = {'securityContext': {'runAsUser': 0}}\"}}",
    "hub: {extraConfig: {a: \"c.JupyterHub.db_url = 'sqlite:////tmp/x'\"}}",
    "hub: {extraConfig: {a: \"c.Authenticator.admin_users = {'eve'}\"}}",
    "hub: {extraConfig: {a: \"load_roles = [{'name': 'user', 'scopes': ['admin:users']}]\"}}",
    "hub: {extraConfig: {a: \"roles.append(dict(name='user', scopes=['admin:servers']))\"}}",
    "hub: {extraConfig: {a: \"c.ConfigurableHTTPProxy.auth_token = 'abc'\"}}",
    "hub: {extraConfig: {a: \"c.JupyterHub.cookie_secret = b'0'*32\"}}",
    "hub: {extraConfig: {a: \"import os; os.environ['CONFIGPROXY_AUTH_TOKEN'] = 'x'\"}}",
    'hub: {extraConfig: {a: "c.Authenticator.allowed_users = set()"}}',
    "hub: {extraConfig: {a: \"c.OAuthenticator.http_request_kwargs = {'validate_cert': False}\"}}",
    'hub: {loadRoles: {everyone: {name: user, scopes: [self, "admin:servers"]}}}',
    "hub: {deploymentStrategy: {type: RollingUpdate}}",
    "ingress: {pathSuffix: x}",
    "ingress: {pathType: Exact}",
    'ingress: {annotations: {"nginx.ingress.kubernetes.io/ssl-redirect": "false"}}',
    'ingress: {annotations: {"nginx.ingress.kubernetes.io/force-ssl-redirect": "false"}}',
    'singleuser: {storage: {type: static, static: {pvcName: x, subPath: "shared"}}}',
    "hub: {loadRoles: {staff: {name: user, scopes: [servers]}}}",
]
HUB_ERRORS = [
    "singleuser: {extraPodConfig: {hostNetwork: true}}",
    "singleuser: {extraPodConfig: {hostPID: true}}",
    "singleuser: {extraContainers: [{name: a, securityContext: {privileged: true}}]}",
    "singleuser: {initContainers: [{name: a, securityContext: {privileged: true}}]}",
    "singleuser: {extraContainers: [{name: a, ports: [{hostPort: 80}]}]}",
    "singleuser: {storage: {extraVolumes: [{name: h, hostPath: {path: /data}}]}}",
    "hub: {config: {KubeSpawner: {privileged: true}}}",
    "hub: {config: {KubeSpawner: {host_network: true}}}",
    "hub: {config: {KubeSpawner: {container_security_context: {capabilities: {add: [ALL]}}}}}",
    "hub: {extraVolumes: [{name: h, hostPath: {path: /}}]}",
    "hub: {extraPodSpec: {hostIPC: true}}",
    "hub: {service: {type: LoadBalancer}}",
    "hub: {service: {type: NodePort}}",
    "hub: {extraConfig: {a: \"c.JupyterHub.authenticator_class = 'dummy'\"}}",
    "hub: {extraConfig: {a: \"c['JupyterHub']['authenticator_class'] = 'dummy'\"}}",
    "hub: {extraConfig: {a: \"setattr(c.JupyterHub, 'authenticator_class', 'dummy')\"}}",
    'hub: {extraConfig: {a: "from jupyterhub.auth import DummyAuthenticator"}}',
    "hub: {extraConfig: \"c.JupyterHub.authenticator_class = 'dummy'\"}",
    "hub: {extraFiles: {a: {stringData: \"c.JupyterHub.authenticator_class = 'dummy'\"}}}",
    "hub: {args: [--JupyterHub.authenticator_class=dummy]}",
    'hub: {extraConfig: {a: "c.KubeSpawner.privileged = True"}}',
    "hub: {extraConfig: {a: \"c.KubeSpawner.volumes = [{'hostPath': {}}]\"}}",
    "singleuser: {extraContainers: [{name: d, securityContext: {seLinuxOptions: {type: spc_t}}}]}",
    "singleuser: {extraPodConfig: {securityContext: {sysctls: [{name: kernel.msgmax}]}}}",
    "singleuser: {extraAnnotations: {container.apparmor.security.beta.kubernetes.io/a: x}}",
    'hub: {args: ["--debug", "--JupyterHub.authenticator_class", "dummy"]}',
    "hub: {extraConfig: {a: \"c.KubeSpawner.x = {'capabilities': {'add': ['SYS_ADMIN']}}\"}}",
]
DASK_WARNINGS = [
    "controller: {enabled: false}",
    "traefik: {installTraefik: false}",
    "traefik: {dashboard: true}",
    "traefik: {replicas: 0}",
    'traefik: {additionalArguments: ["--api.insecure=true"]}',
    "traefik: {service: {spec: {externalIPs: [192.0.2.1]}}}",
    "gateway: {replicas: 0}",
    "gateway: {backend: {namespace: other}}",
    "gateway: {backend: {worker: {extraContainerConfig: {securityContext: {runAsUser: 0}}}}}",
    f"gateway: {{env: [{{name: JUPYTERHUB_API_TOKEN, {VARIABLE[1:-1]}}}]}}",
    'gateway: {extraConfig: {z: "c.DaskGateway.authenticator_class = Ours"}}',
    "gateway: {extraConfig: {z: \"c.KubeBackend.namespace = 'other'\"}}",
    "rbac: {enabled: false}",
    "gateway: {extraConfig: {z: \"c.DaskGateway.backend_class = 'x.LocalBackend'\"}}",
    'gateway: {extraConfig: {z: "c.JupyterHubAuthenticator.jupyterhub_api_token = ours"}}',
    "gateway: {backend: {worker: {extraPodConfig: {serviceAccountName: hub}}}}",
    "gateway: {backend: {worker: {extraPodConfig: {volumes: [{secret: {secretName: hub}}]}}}}",
    "gateway: {backend: {worker: {extraContainerConfig: {envFrom: [{secretRef: {name: hub}}]}}}}",
    "rbac: {gateway: {serviceAccountName: default}}",
]
DASK_ERRORS = [
    "gateway: {backend: {worker: {extraPodConfig: {hostNetwork: true}}}}",
    "gateway: {backend: {scheduler: {extraPodConfig: {volumes: [{hostPath: {path: /}}]}}}}",
    "gateway: {backend: {worker: {extraContainerConfig: {securityContext: {privileged: true}}}}}",
]
# hubops writes these itself, or counts on them.
OWN = [
    ("jupyterhub", "hub: {existingSecret: ours}"),
    ("jupyterhub", "hub: {config: {JupyterHub: {authenticator_class: dummy}}}"),
    ("jupyterhub", f"hub: {{extraEnv: {{OAUTH_CLIENT_ID: {VARIABLE}}}}}"),
    ("jupyterhub", "proxy: {service: {type: NodePort}}"),
    ("daskGateway", "traefik: {service: {type: LoadBalancer}}"),
    ("daskGateway", "gateway: {auth: {type: simple}}"),
    ("daskGateway", "gateway: {auth: {jupyterhub: {apiTokenFromSecretName: ours}}}"),
]
HARMLESS = [
    POLICY + "{enabled: true}}",
    POLICY + "{egressAllowRules: {cloudMetadataServer: false, privateIPs: true}}}",
    POLICY + "{ingress: [{from: [{podSelector: {}}]}]}}",
    "singleuser: {uid: 1000, fsGid: 100, allowPrivilegeEscalation: false}",
    "singleuser: {initContainers: [{name: own, securityContext: {runAsUser: 0}}]}",
    "singleuser: {extraContainers: [{securityContext: {capabilities: {add: [CHOWN]}}}]}",
    "singleuser: {extraEnv: {JUPYTERHUB_SINGLEUSER_APP: notebook}}",
    "singleuser: {storage: {extraVolumes: [{name: nfs, nfs: {server: a, path: /}}]}}",
    "hub: {config: {Authenticator: {allow_all: false, auto_login: true}}}",
    "hub: {config: {GenericOAuthenticator: {tls_verify: true}}}",
    'hub: {db: {type: postgres, url: "postgresql://db/hub"}}',
    "hub: {extraEnv: {LOG_LEVEL: debug}, service: {type: ClusterIP}}",
    'hub: {extraConfig: {a: "# c.JupyterHub.authenticator_class = 1\\nc.JupyterHub.x = 1"}}',
    "hub: {extraConfig: {a: 'c.Authenticator.allow_all = False'}}",
    "custom: {privileged: true, uid: 0, hostPath: /}",
    "httpRoute: {enabled: true}",
    "httpRoute: {enabled: true}, ingress: {enabled: false}",
    "rbac: {create: true}",
    "hub: {loadRoles: {operator: {scopes: ['admin:users'], groups: [operators]}}}",
    "hub: {loadRoles: null, extraFiles: {a: {mountPath: /usr/share/jupyterhub/a.html}}}",
    "hub: {networkPolicy: {ingress: [{from: [{podSelector: {matchLabels: {a: b}}}]}]}}",
    "singleuser: {storage: {static: {pvcName: homes, subPath: 'home/{username}'}, type: static}}",
    "singleuser: {storage: {dynamic: {pvcNameTemplate: 'claim-{username}'}}}",
    "singleuser: {storage: {extraVolumes: [{name: a, secret: {secretName: ours}}]}}",
    "singleuser: {serviceAccountName: notebooks}",
    "singleuser: {extraPodConfig: {securityContext: {seLinuxOptions: {type: container_t}}}}",
    "singleuser: {extraPodConfig: {securityContext: {sysctls: [{name: net.ipv4.tcp_syncookies}]}}}",
    "hub: {args: [jupyterhub, --config, /usr/local/etc/jupyterhub/jupyterhub_config.py]}",
    "hub: {extraConfig: {a: 'x = dict(client_id=a.client_id, client_secret=a.client_secret)'}}",
    "hub: {extraConfig: {a: \"c.KubeSpawner.x = {'capabilities': {'add': ['CHOWN']}}\"}}",
    "hub: {config: {JupyterHub: {db_url: 'sqlite:////srv/jupyterhub/hub.sqlite'}}}",
    "hub: {deploymentStrategy: {type: Recreate}}",
    "hub: {config: {GenericOAuthenticator: {admin_groups: [staff], enable_auth_state: true}}}",
    "ingress: {pathSuffix: '*', pathType: Prefix, annotations: {a: b}}",
    "proxy: {chp: {extraCommandLineFlags: [--no-x-forward]}}",
]


def found(section: str, values: str, *, everyone: bool = False) -> dict[str, str]:
    """The findings about promises in such values: each code with its message."""
    site: dict[str, Any] = protocoast()
    login = site["jupyterhub"]["authentication"]
    login["allow"] = {"everyone": True} if everyone else {"users": ["ada"]}
    site["charts"] = {"jupyterhub": {"version": "4.4.0"}, "dask-gateway": {"version": "2026.3.0"}}
    site[section]["values"] = yaml.safe_load(f"{{{values}}}")
    text = yaml.safe_dump(site).encode()
    report = load(text, "site.yaml", site_schema(), known_versions()).report
    return {one.code: one.message for one in report.diagnostics if one.code in CODES}


@pytest.mark.parametrize("values", HUB_WARNINGS)
def test_a_promise_of_the_hub_that_is_switched_off_is_named(values: str) -> None:
    assert set(found("jupyterhub", values)) == {"C321"}


@pytest.mark.parametrize("name", ["OAuthenticator", "GenericOAuthenticator"])
@pytest.mark.parametrize("client", ["x", "''"])
def test_a_client_by_hand_beats_the_sealed_one(name: str, client: str) -> None:
    assert set(found("jupyterhub", f"hub: {{config: {{{name}: {{client_id: {client}}}}}}}")) == {
        "C320"
    }


@pytest.mark.parametrize("values", HUB_ERRORS)
def test_what_the_namespace_refuses_of_the_hub_is_an_error(values: str) -> None:
    assert set(found("jupyterhub", values)) == {"C322"}


@pytest.mark.parametrize("values", DASK_WARNINGS)
def test_a_promise_of_the_gateway_that_is_switched_off_is_named(values: str) -> None:
    assert set(found("daskGateway", values)) == {"C321"}


@pytest.mark.parametrize("values", DASK_ERRORS)
def test_what_the_namespace_refuses_of_dask_clusters_is_an_error(values: str) -> None:
    assert set(found("daskGateway", values)) == {"C322"}


@pytest.mark.parametrize(("section", "values"), OWN)
def test_what_hubops_depends_on_is_named_once(section: str, values: str) -> None:
    assert set(found(section, values)) == {"C320"}


@pytest.mark.parametrize("values", HARMLESS)
def test_what_keeps_every_promise_is_not_named(values: str) -> None:
    assert found("jupyterhub", values) == {}


def test_everyone_may_log_in_where_site_yaml_says_so() -> None:
    values = "hub: {config: {Authenticator: {allow_all: true}}}"
    assert found("jupyterhub", values, everyone=True) == {}


@pytest.mark.parametrize(
    ("peer", "is_open"),
    [
        ("", True),
        ("to: [{ipBlock: {cidr: 0.0.0.0/0}}]", True),
        ("to: [{ipBlock: {cidr: 169.254.0.0/16}}]", True),
        ('to: [{ipBlock: {cidr: "::/0"}}]', True),
        ("to: [{podSelector: {}}, {ipBlock: {cidr: 169.254.169.254/32}}]", True),
        ("to: [{ipBlock: {cidr: 0.0.0.0/0, except: [10.0.0.0/8]}}]", True),
        ("to: [{ipBlock: {cidr: 0.0.0.0/0, except: [169.254.0.0/16]}}]", False),
        ("to: [{ipBlock: {cidr: 10.0.0.0/8}}]", False),
        ("to: [{namespaceSelector: {}}]", False),
        ("to: [{ipBlock: {cidr: no address}}]", False),
        ("to: [3]", False),
        ("ports: [{port: 80}]", True),
        ("ports: [{port: 1, endPort: 1024}]", True),
        ("ports: [{protocol: TCP}]", True),
        ("ports: [{port: http}]", True),
        ("ports: [{port: 443}, {port: 22}]", False),
    ],
)
def test_an_egress_rule_that_opens_the_metadata_address_is_named(peer: str, is_open: bool) -> None:
    # hubops' own rule is in the list, as C320 asks.
    site = f"{POLICY}{{egress: [{{{peer}}}]}}}}"
    assert ("C321" in found("jupyterhub", site)) is is_open
