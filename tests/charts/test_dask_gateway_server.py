"""The generated `gateway.extraConfig`, run by the real dask-gateway-server."""

import base64
import datetime
import http.server
import ipaddress
import json
import ssl
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from generator.build.repository import base_values
from generator.charts.gateway_config import SERVICE_ACCOUNT
from tests.support import programs
from tests.support.sites import PROTOCOAST, site_of

pytestmark = pytest.mark.tools

TOKEN = "0123456789abcdef0123456789abcdef"
KEY = "hub.services.dask-gateway.apiToken"
IMAGE = "quay.io/globalcoast/protocoast-notebook"
DIGEST = f"{IMAGE}@sha256:{'a' * 64}"
VERSIONS = ("2022.6.1", "2026.3.0")
GIB = 2**30

# What the chart writes before `extraConfig` (templates/gateway/configmap.yaml), in short.
PREAMBLE = """\
c.DaskGateway.backend_class = "dask_gateway_server.backends.kubernetes.KubeBackend"
c.KubeBackend.gateway_instance = "dask-gateway"
c.DaskGateway.authenticator_class = "dask_gateway_server.auth.JupyterHubAuthenticator"
c.JupyterHubAuthenticator.jupyterhub_api_url = {hub!r}
"""
SERVICE = "c.JupyterHubAuthenticator.jupyterhub_service_name = {service!r}\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiServer:
    """A stand-in for the Kubernetes API server that knows one Secret."""

    port: int
    account: Path
    paths: list[str]

    @property
    def environment(self) -> dict[str, str]:
        """What Kubernetes tells every pod."""
        return {"KUBERNETES_SERVICE_HOST": "127.0.0.1", "KUBERNETES_SERVICE_PORT": str(self.port)}


def gateway_values(version: str) -> dict[str, Any]:
    """The gateway's values on ProtoCoast's site at one chart version."""
    hub = "4.4.0" if version == "2026.3.0" else "3.3.8"
    text = PROTOCOAST.read_text().replace("{version: 2022.6.1}", f"{{version: {version}}}")
    text = text.replace("{version: 3.3.8}", f"{{version: {hub}}}")
    values: dict[str, Any] = base_values(site_of(text).shared, "dask-gateway")["gateway"]
    return values


def config_of(values: dict[str, Any], account: Path | None = None) -> str:
    """The python that the chart makes of the values."""
    auth = values["auth"]
    hub = auth["jupyterhub"] if auth["type"] == "jupyterhub" else auth["custom"]["config"]
    text = PREAMBLE.format(hub=hub.get("apiUrl") or hub["jupyterhub_api_url"])
    if "jupyterhubServiceName" in hub:
        text += SERVICE.format(service=hub["jupyterhubServiceName"])
    entries = "".join(values["extraConfig"][name] for name in sorted(values["extraConfig"]))
    return text + (entries.replace(SERVICE_ACCOUNT, str(account)) if account else entries)


def ask(version: str, api: ApiServer, *requests: dict[str, Any]) -> Any:
    """The real server's answers, with a service account and the stand-in API server at hand."""
    asked = {
        "config": config_of(gateway_values(version), api.account),
        "requests": requests,
        "token": version == "2022.6.1",
    }
    return programs.probe("gateway_probe.py", f"dask-gateway-{version}", asked, **api.environment)


@pytest.fixture
def api(tmp_path: Path) -> Iterator[ApiServer]:
    """The stand-in API server with the token in its Secret."""
    yield from serve(tmp_path, {KEY: TOKEN})


def serve(folder: Path, secret: dict[str, str]) -> Iterator[ApiServer]:
    """Serves one Secret over TLS to the bearer of a service account's token."""
    certificate = self_signed(folder)
    (folder / "ca.crt").write_bytes((folder / "server.pem").read_bytes())
    (folder / "token").write_text("account-token\n")
    (folder / "namespace").write_text("daskhub")
    paths: list[str] = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            paths.append(self.path)
            known = self.path == "/api/v1/namespaces/daskhub/secrets/hub-secrets"
            allowed = self.headers["Authorization"] == "Bearer account-token"
            self.send_response(200 if known and allowed else 403)
            self.end_headers()
            encoded = {key: base64.b64encode(v.encode()).decode() for key, v in secret.items()}
            self.wfile.write(json.dumps({"data": encoded}).encode())

        def log_message(self, format: str, *args: object) -> None:
            """Nothing on the test's terminal."""

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    try:
        yield ApiServer(port=server.server_address[1], account=folder, paths=paths)
    finally:
        server.shutdown()
        server.server_close()


def self_signed(folder: Path) -> Path:
    """A certificate for 127.0.0.1 with its key, in one file; the certificate alone beside it."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "stand-in API server")])
    now = datetime.datetime.now(datetime.UTC)
    address = x509.IPAddress(ipaddress.ip_address("127.0.0.1"))
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(hours=1))
        .not_valid_after(now + datetime.timedelta(hours=1))
        .add_extension(x509.SubjectAlternativeName([address]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    public = certificate.public_bytes(serialization.Encoding.PEM)
    private = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    (folder / "server.pem").write_bytes(public)
    (folder / "server-with-key.pem").write_bytes(private + public)
    return folder / "server-with-key.pem"


@pytest.mark.parametrize("version", VERSIONS)
def test_limits_and_defaults_are_those_of_the_site(version: str, api: ApiServer) -> None:
    assert ask(version, api, {})["answers"] == [
        {
            "cluster_max_cores": 4.0,
            "cluster_max_memory": 24 * GIB,
            "cluster_max_workers": 3,
            "idle_timeout": 1200.0,
            "worker_cores": 1.0,
            "worker_cores_limit": 1.0,
            "worker_memory": 4 * GIB,
            "worker_memory_limit": 4 * GIB,
            "image": f"{IMAGE}:main",
        }
    ]


REFUSED = (
    ("3 cores", {"worker_cores": 3}, "worker_cores must be <= 2.000000, got 3"),
    ("no core", {"worker_cores": 0}, "worker_cores must be >= 1.000000, got 0"),
    ("7 GiB", {"worker_memory": 7}, "worker_memory must be <= 6.000000, got 7.0"),
    ("no tag", {"image": IMAGE}, f"the worker image needs a tag or a digest, for example "
     f"registry/name:tag; found '{IMAGE}'"),
    ("a port, no tag", {"image": "quay.io:443/x/y"}, "the worker image needs a tag or a digest, "
     "for example registry/name:tag; found 'quay.io:443/x/y'"),
    ("an empty tag", {"image": "x/y:"}, "the worker image needs a tag or a digest, for example "
     "registry/name:tag; found 'x/y:'"),
    ("an empty digest", {"image": "x/y@sha256:"}, "the worker image needs a tag or a digest, for "
     "example registry/name:tag; found 'x/y@sha256:'"),
)  # fmt: skip


@pytest.mark.parametrize("version", VERSIONS)
def test_requests_beyond_the_site_are_refused(version: str, api: ApiServer) -> None:
    answers = ask(version, api, *(request for _, request, _ in REFUSED))["answers"]
    assert answers == [{"refused": message} for _, _, message in REFUSED]


@pytest.mark.parametrize("version", VERSIONS)
def test_requests_within_the_site_are_granted(version: str, api: ApiServer) -> None:
    images = (DIGEST, "quay.io:443/x/y:2026.3", f"{IMAGE}:main@sha256:{'b' * 64}")
    requests = [{"image": image} for image in images]
    answers = ask(version, api, *requests, {"worker_cores": 2, "worker_memory": 6})["answers"]
    assert [answer["image"] for answer in answers] == [*images, f"{IMAGE}:main"]
    assert answers[-1]["worker_memory"] == 6 * GIB
    # 2-core workers beside a 1-core scheduler: one fits into 4 cores.
    assert answers[-1]["cluster_max_workers"] == 1


def test_three_largest_workers_by_memory_fit_beside_the_scheduler(api: ApiServer) -> None:
    (answer,) = ask("2022.6.1", api, {"worker_cores": 1, "worker_memory": 6})["answers"]
    assert answer["cluster_max_workers"] == 3


def test_token_of_2022_comes_from_the_secret(api: ApiServer) -> None:
    answer = ask("2022.6.1", api)
    assert (answer["authenticator"], answer["token"], answer["hub"]) == (
        "JupyterHubAuthenticator",
        TOKEN,
        "http://hub:8081/hub/api",
    )
    assert api.paths == ["/api/v1/namespaces/daskhub/secrets/hub-secrets"]


def test_newest_asks_for_the_scope_of_its_service(api: ApiServer) -> None:
    answer = ask("2026.3.0", api)
    assert (answer["service"], answer["hub"]) == ("dask-gateway", "http://hub:8081/hub/api")
    assert api.paths == []


def test_without_the_key_the_gateway_does_not_start(tmp_path: Path) -> None:
    for api in serve(tmp_path, {"oauth.client_id": "unrelated-value"}):
        with pytest.raises(programs.ProbeError) as failed:
            ask("2022.6.1", api)
        assert f"Secret hub-secrets has no key {KEY}" in str(failed.value)
        assert "unrelated-value" not in str(failed.value)


def test_a_server_that_is_not_the_cluster_s_is_not_believed(api: ApiServer, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    self_signed(other)
    (api.account / "ca.crt").write_bytes((other / "server.pem").read_bytes())
    with pytest.raises(programs.ProbeError, match="CERTIFICATE_VERIFY_FAILED"):
        ask("2022.6.1", api)


@pytest.mark.parametrize("version", VERSIONS)
def test_no_token_stands_in_the_values(version: str) -> None:
    auth = gateway_values(version)["auth"]
    assert "apiToken" not in auth.get("jupyterhub", {})
    assert auth.get("custom", {}).get("config", {}).keys() <= {"jupyterhub_api_url"}
