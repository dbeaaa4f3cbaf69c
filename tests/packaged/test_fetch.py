"""Charts come by digest, fetched by real Helm or by hand, whatever goes wrong."""

import base64
import hashlib
import json
import os
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from generator.cli import charts as command
from generator.diagnostics import GeneratorError
from generator.packaged import challenge, pull
from generator.packaged.pull import Download
from generator.records import replace
from generator.yaml.write import scalar
from tests.support import certificates, chart_server, charts, copies, programs
from tests.support.chart_server import ChartServer, Request

QUICK = Download(patience=20.0, tries=3, pause=0.01)
ONCE = Download(patience=20.0, tries=1)
HASTY = Download(patience=2.0, tries=1)
PACKED = charts.pack()
SHA256 = hashlib.sha256(PACKED).hexdigest()


@pytest.fixture(params=["helm3", "helm4"])
def server(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[ChartServer]:
    """A server, and a Helm whose user has no settings."""
    for name in os.environ:
        if name.startswith(("HELM", "XDG_")) or name.lower().endswith("_proxy"):
            monkeypatch.delenv(name)
    monkeypatch.delenv("HUBOPS_CACHE", raising=False)
    monkeypatch.setenv("HELM", programs.helm3() if request.param == "helm3" else programs.helm4())
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    with chart_server.running() as served:
        yield served


def placed(root: Path, server: ChartServer, repository: str | None = None) -> Path:
    copies.write_site(root, charts.site(repository or server.repository))
    return root / "site.yaml"


def fetch(site: Path, download: Download | None = QUICK) -> copies.Run:
    return copies.running(lambda terminal: command.fetch(site, terminal, download))


def add(site: Path, archive: Path) -> copies.Run:
    return copies.running(lambda terminal: command.add(site, archive, terminal))


def lock_of(root: Path) -> str:
    return (root / "charts.lock").read_text()


def cached(root: Path) -> Path:
    return root / f".cache/charts/jupyterhub-{charts.VERSION}.tgz"


def test_first_fetch_locks_what_came_and_says_so(tmp_path: Path, server: ChartServer) -> None:
    server.serve(PACKED)
    run = fetch(placed(tmp_path, server))
    assert run.out == (
        f"fetched   jupyterhub 4.4.0  sha256 {SHA256}\n"
        f"locked    jupyterhub 4.4.0 of {server.repository}\n"
    )
    assert "from now on accepts no others" in run.notes
    assert cached(tmp_path).read_bytes() == PACKED
    assert lock_of(tmp_path) == (
        "# Written by 'hubops charts': the charts that site.yaml pins, by digest. Do not edit.\n"
        "charts:\n"
        "  - name: jupyterhub\n"
        f'    repository: "{server.repository}"\n'.replace('"', "")
        + '    version: "4.4.0"\n    appVersion: "9.0.1"\n    kubeVersion: ">=1.25.0-0"\n'
        f"    sha256: {scalar(SHA256)}\n    size: {len(PACKED)}\n"
    )


def test_second_fetch_asks_nobody_and_changes_nothing(tmp_path: Path, server: ChartServer) -> None:
    server.serve(PACKED)
    site = placed(tmp_path, server)
    fetch(site)
    server.asked.clear()
    before = copies.files(tmp_path)
    run = fetch(site)
    assert (run.out, run.notes) == (
        f"cached    jupyterhub 4.4.0  sha256 {SHA256}\n",
        "1 warning; hubops lint shows what\n",
    )
    assert (server.asked, copies.files(tmp_path)) == ([], before)


def test_emptied_cache_is_filled_with_the_locked_chart(tmp_path: Path, server: ChartServer) -> None:
    server.serve(PACKED)
    site = placed(tmp_path, server)
    fetch(site)
    cached(tmp_path).unlink()
    assert fetch(site).out == f"fetched   jupyterhub 4.4.0  sha256 {SHA256}\n"
    assert cached(tmp_path).read_bytes() == PACKED


@pytest.mark.parametrize("told", ["new digest", "old digest", "no digest"])
def test_republished_chart_is_refused_with_both_digests(
    tmp_path: Path, server: ChartServer, told: str
) -> None:
    server.serve(PACKED)
    site = placed(tmp_path, server)
    fetch(site)
    cached(tmp_path).unlink()
    other = charts.packed(charts.files(values=b"hub: {}\n"))
    other_sha256 = hashlib.sha256(other).hexdigest()
    digests = {"new digest": None, "old digest": SHA256, "no digest": ""}
    server.serve(other, digest=digests[told])
    before = lock_of(tmp_path)
    run = fetch(site)
    assert run.code == 3
    assert "the chart is not the one in charts.lock" in run.error
    assert SHA256 in run.said
    assert other_sha256 in run.said
    assert (lock_of(tmp_path), cached(tmp_path).exists()) == (before, False)


def test_archive_other_than_the_index_says_is_refused(tmp_path: Path, server: ChartServer) -> None:
    server.serve(PACKED, digest="0" * 64)
    run = fetch(placed(tmp_path, server))
    assert "the archive is not the one that the index names" in run.error
    assert {f"index: sha256 {'0' * 64}", f"archive: sha256 {SHA256}"} <= set(run.details)
    assert not (tmp_path / "charts.lock").exists()


def test_missing_version_names_the_nearest_and_the_newest(
    tmp_path: Path, server: ChartServer
) -> None:
    server.answers["/charts/index.yaml"] = chart_server.index("", "x", ("4.4.1", "3.0.0"))
    run = fetch(placed(tmp_path, server))
    assert run.error.endswith("no version 4.4.0 of jupyterhub")
    assert run.help == "did you mean 4.4.1? the newest are 9.1.0-beta, 4.4.1, 3.0.0"


def test_each_chart_that_fails_has_its_own_help(tmp_path: Path, server: ChartServer) -> None:
    server.answers["/charts/index.yaml"] = chart_server.index("", "x", ("4.4.1", "3.0.0"))
    chart = {"name": "disk", "repository": server.repository, "version": "1.0.0"}
    app = {"scope": "cluster", "namespace": "disk", "chart": chart}
    site = placed(tmp_path, server)
    copies.write_site(tmp_path, charts.site(server.repository) | {"apps": {"disk": app}})
    run = fetch(site)
    assert (run.error, run.help) == ("2 charts can't be had", "")
    assert "  did you mean 4.4.1? the newest are 9.1.0-beta, 4.4.1, 3.0.0" in run.details


def cut(request: Request) -> None:
    request.cut(PACKED)


def failing(request: Request) -> None:
    request.reply(503, b"")


def slow(request: Request) -> None:
    request.trickle(PACKED, 0.2)


def silent(request: Request) -> None:
    time.sleep(3)


def dripping(request: Request) -> None:
    request.drip(b"HTTP/1.1 200 OK\r\nX-Long: " + b"a" * 1000, 0.2)


def endless(request: Request) -> None:
    request.pour()


LATE = "nothing came within 2 seconds, and Helm was stopped"
FAULTS = {
    "cut": (cut, ONCE, "helm: unexpected EOF"),
    "failing": (failing, ONCE, "503 Service Unavailable"),
    "slow": (slow, HASTY, LATE),
    "silent": (silent, HASTY, LATE),
    "headers that drip": (dripping, HASTY, LATE),
    "endless": (endless, ONCE, "helm: what came takes more than 0.25 GiB of memory"),
    "large": (b"x" * (33 * 2**20), ONCE, "34,603,008 bytes, more than 33,554,432"),
    "empty": (b"", ONCE, "not a packaged chart"),
    "not a chart": (b"<html>log in</html>", ONCE, "not a packaged chart"),
}


@pytest.mark.parametrize(("answer", "download", "told"), FAULTS.values(), ids=FAULTS)
def test_fault_that_stays_is_said_and_leaves_nothing(
    tmp_path: Path,
    server: ChartServer,
    monkeypatch: pytest.MonkeyPatch,
    answer: chart_server.Handler | bytes,
    download: Download,
    told: str,
) -> None:
    monkeypatch.setattr(pull, "MAX_MEMORY", 2**28)
    server.serve(PACKED, digest="")
    server.answers["/charts/pack/it.tgz"] = answer
    begun = time.monotonic()
    run = fetch(placed(tmp_path, server), download)
    assert time.monotonic() - begun < download.patience + 2.0
    assert run.code == 3
    assert told in run.error
    assert list((tmp_path / ".cache").rglob("*")) == []
    assert not (tmp_path / "charts.lock").exists()


@pytest.mark.parametrize("answer", [cut, failing], ids=["cut", "failing"])
def test_fault_that_passes_is_tried_again(
    tmp_path: Path, server: ChartServer, answer: chart_server.Handler
) -> None:
    server.serve(PACKED)

    def once(request: Request) -> None:
        server.answers["/charts/pack/it.tgz"] = PACKED
        answer(request)

    server.answers["/charts/pack/it.tgz"] = once
    assert fetch(placed(tmp_path, server)).code == 0
    assert server.asked.count("/charts/pack/it.tgz") == 2


def test_refusal_is_not_tried_again(tmp_path: Path, server: ChartServer) -> None:
    run = fetch(placed(tmp_path, server))
    assert "404 Not Found" in run.error
    assert server.asked == ["/charts/index.yaml"]


def test_redirect_is_followed_on_this_machine(tmp_path: Path, server: ChartServer) -> None:
    server.serve(PACKED, url="moved.tgz")
    server.answers["/charts/moved.tgz"] = lambda request: request.reply(
        302, Location="/charts/pack/it.tgz"
    )
    assert fetch(placed(tmp_path, server)).code == 0


def test_redirect_to_plain_http_elsewhere_is_refused(tmp_path: Path, server: ChartServer) -> None:
    server.serve(PACKED)
    server.answers["/charts/pack/it.tgz"] = lambda request: request.reply(
        302, Location="http://charts.example.org/it.tgz"
    )
    run = fetch(placed(tmp_path, server))
    assert run.error.endswith('helm: Get "http://charts.example.org/it.tgz": plain HTTP is refused')


def test_plain_http_elsewhere_is_refused_without_asking(
    tmp_path: Path, server: ChartServer
) -> None:
    run = fetch(placed(tmp_path, server, "http://charts.example.org/"))
    assert run.error == "http://charts.example.org/: not an https:// or oci:// address"


ELSEWHERE = {
    "malformed": "http://[::1/x",
    "plain HTTP": "http://169.254.169.254/latest",
    "a file": "file:///etc/passwd",
    "another scheme": "s3://bucket/it.tgz",
    "no host": "https:///it.tgz",
}


@pytest.mark.parametrize("url", ELSEWHERE.values(), ids=ELSEWHERE)
def test_address_in_an_index_that_helm_must_not_ask_is_refused(
    tmp_path: Path, server: ChartServer, url: str
) -> None:
    server.serve(PACKED, url=url)
    run = fetch(placed(tmp_path, server))
    assert run.code == 3, run.said
    assert "not an https:// or oci:// address" in run.error
    assert server.asked == ["/charts/index.yaml"]


@pytest.fixture
def secure(server: ChartServer, tmp_path: Path) -> Iterator[ChartServer]:
    """A server with a certificate that the tests' Helm trusts, by the name `localhost`."""
    authority = tmp_path / "authority.pem"
    authority.write_bytes(certificates.of_a_server("localhost", "charts.example.org"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SSL_CERT_FILE", str(authority))
        with chart_server.running(certificate=authority) as served:
            served.serve(PACKED)
            served.push(PACKED)
            yield served


def test_https_repository_of_an_own_authority_is_asked(
    tmp_path: Path, server: ChartServer, secure: ChartServer
) -> None:
    assert fetch(placed(tmp_path, server, f"https://localhost:{secure.port}/charts")).code == 0


def test_https_repository_never_leads_to_plain_http(
    tmp_path: Path, server: ChartServer, secure: ChartServer
) -> None:
    server.serve(PACKED)
    secure.serve(PACKED, url=f"{server.repository}pack/it.tgz")
    run = fetch(placed(tmp_path, server, f"https://localhost:{secure.port}/charts"))
    assert "by plain HTTP" in run.error
    assert server.asked == []


@pytest.mark.parametrize(
    "repository", ["https://charts.example.org/charts/", "oci://charts.example.org/lab"]
)
def test_proxy_of_the_environment_is_used(
    tmp_path: Path,
    server: ChartServer,
    secure: ChartServer,
    monkeypatch: pytest.MonkeyPatch,
    repository: str,
) -> None:
    server.tunnels["charts.example.org:443"] = secure.port
    monkeypatch.setenv("https_proxy", f"http://{server.host}")
    run = fetch(placed(tmp_path, server, repository))
    assert run.code == 0, run.said
    assert set(server.asked) == {"charts.example.org:443"}
    assert secure.asked


def test_helm_gets_no_other_variable_of_its_user(
    tmp_path: Path, server: ChartServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = tmp_path / "told"
    program = tmp_path / "helm"
    program.write_text(f'#!/bin/sh\nenv >> {told}\nexec {os.environ["HELM"]} "$@"\n')
    program.chmod(0o755)
    for name in ("AWS_SECRET_ACCESS_KEY", "HELM_KUBETOKEN", "HELM_DRIVER_SQL", "NO_PROXY"):
        monkeypatch.setenv(name, "never-to-be-passed")
    monkeypatch.setenv("DOCKER_CONFIG", "passed")
    server.serve(PACKED)
    assert fetch(placed(tmp_path, server), replace(QUICK, helm=str(program))).code == 0
    assert "never-to-be-passed" not in told.read_text()
    assert "DOCKER_CONFIG=passed" in told.read_text()


def test_without_a_helm_it_is_said_how_to_get_one(
    tmp_path: Path, server: ChartServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("HELM")
    monkeypatch.setenv("PATH", str(tmp_path))
    run = fetch(placed(tmp_path, server))
    assert (run.code, run.error) == (4, "helm was not found")
    assert "'make tools'" in run.help
    assert "--helm" in run.help


def test_repository_with_a_login_of_the_user_s_helm_is_asked_with_it(
    tmp_path: Path, server: ChartServer
) -> None:
    server.serve(PACKED)
    server.lock(user="ada:lovelace")
    site = placed(tmp_path, server)
    refused = fetch(site)
    assert refused.error.endswith("the server wants a login")
    assert "helm repo add" in refused.help
    user = ("--username=ada", "--password=lovelace")
    add = (os.environ["HELM"], "repo", "add", "lab", server.repository, *user)
    subprocess.run(add, check=True, capture_output=True, timeout=20)
    run = fetch(site)
    assert run.code == 0, run.said
    assert "lovelace" not in run.said
    assert cached(tmp_path).read_bytes() == PACKED


def test_index_that_is_too_big_is_not_read(
    tmp_path: Path, server: ChartServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pull, "MAX_INDEX", 100)
    server.serve(PACKED)
    assert "bytes, more than 100" in fetch(placed(tmp_path, server)).error


def test_large_index_is_read_without_the_rest_of_it(tmp_path: Path, server: ChartServer) -> None:
    server.serve(PACKED)
    other = {"apiVersion": "v2", "name": "zero", "urls": ["x"], "digest": "0" * 64}
    many = [{**other, "version": f"1.{n}.0"} for n in range(20_000)]
    small = json.loads(chart_server.index(SHA256, "pack/it.tgz"))
    small["entries"] = {"zero": many, **small["entries"]}
    server.answers["/charts/index.yaml"] = json.dumps(small).encode()
    assert fetch(placed(tmp_path, server)).code == 0


@pytest.mark.parametrize(
    "content",
    [
        *(b"", b"\xff\xfe", b"[", b"[" * 100_000, b"a: 1", b"entries: 5"),
        *(b"entries: {jupyterhub: 5}", b"apiVersion: v1\nentries: {jupyterhub: [5, null]}"),
        b"apiVersion: v1\na: &a [x, x]\nb: &b [*a, *a]\nentries: {jupyterhub: *b}",
    ],
)
def test_index_that_is_none_is_refused(tmp_path: Path, server: ChartServer, content: bytes) -> None:
    server.answers["/charts/index.yaml"] = content
    run = fetch(placed(tmp_path, server))
    assert run.code == 3
    assert "not a valid chart repository" in run.error or "no chart 'jupyterhub'" in run.error


def test_chart_of_another_name_is_refused(tmp_path: Path, server: ChartServer) -> None:
    server.serve(charts.pack(name="other"))
    run = fetch(placed(tmp_path, server))
    assert "this is other 4.4.0, not jupyterhub 4.4.0" in run.error


def test_offline_takes_the_cache_alone(tmp_path: Path, server: ChartServer) -> None:
    server.serve(PACKED)
    site = placed(tmp_path, server)
    absent = fetch(site, None)
    assert absent.code == 3
    assert "not in the cache" in absent.error
    assert server.asked == []
    fetch(site)
    assert fetch(site, None).code == 0
    cached(tmp_path).write_bytes(b"something else")
    changed = fetch(site, None)
    assert f"charts.lock: sha256 {SHA256}" in changed.details


def test_cache_of_the_environment_is_used(
    tmp_path: Path, server: ChartServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HUBOPS_CACHE", str(tmp_path / "elsewhere"))
    server.serve(PACKED)
    assert fetch(placed(tmp_path, server)).code == 0
    assert (tmp_path / "elsewhere/jupyterhub-4.4.0.tgz").read_bytes() == PACKED


def test_one_chart_that_fails_does_not_hide_the_other(tmp_path: Path, server: ChartServer) -> None:
    server.serve(PACKED)
    raw = charts.site(server.repository)
    raw["charts"]["dask-gateway"] = {"version": "2026.3.0", "repository": server.repository}
    raw["daskGateway"] = {"limits": {"cores": 4, "memory": "24Gi", "workers": 3}}
    copies.write_site(tmp_path, raw)
    run = fetch(tmp_path / "site.yaml")
    assert run.code == 3
    assert run.error.endswith("no chart 'dask-gateway' there")
    assert cached(tmp_path).exists()
    assert SHA256 in lock_of(tmp_path)


def test_oci_registry_gives_a_chart_for_a_token_of_its_own(
    tmp_path: Path, server: ChartServer
) -> None:
    server.push(PACKED, token="open-to-all")
    run = fetch(placed(tmp_path, server, f"oci://{server.host}/lab"))
    assert run.code == 0, run.said
    assert SHA256 in lock_of(tmp_path)
    assert cached(tmp_path).read_bytes() == PACKED


@pytest.mark.parametrize(
    "realm",
    [
        "http://127.0.0.1:{port}/",
        "http://localhost:{port}/token",
        "https://127.0.0.1:{port}/",
        "http://[::1]:{port}/",
        "http://127.1:{port}/",
        "https://2130706433/",
        "http://169.254.169.254/latest",
        "https://10.0.0.1/token",
        "https://[fd00:ec2::254]/",
        "https://[::ffff:127.0.0.1]/",
        "https://metadata.google.internal/",
        "http://charts.example.org/token",
        "file:///etc/passwd",
        "http://[::1/x",
    ],
)
def test_oci_realm_on_this_machine_or_around_it_is_not_asked(
    tmp_path: Path, server: ChartServer, realm: str
) -> None:
    with chart_server.running() as other:
        server.push(PACKED, token="t", realm=realm.format(port=other.port))
        run = fetch(placed(tmp_path, server, f"oci://{server.host}/lab"))
        assert (run.code, other.asked) == (3, [])
        assert "and Helm was not started" in run.error
        assert len(server.asked) == 1


@pytest.mark.parametrize(
    "realm", ["https://auth.example.org/token", "https://ghcr.io/token", "https://1.1.1.1/token"]
)
def test_oci_realm_of_a_public_server_is_helm_s_to_ask(realm: str) -> None:
    assert challenge._is_fit(realm, "registry.example.org")


def test_registry_that_drips_its_challenge_is_left_in_time(
    tmp_path: Path, server: ChartServer
) -> None:
    server.push(PACKED)
    for path in list(server.answers):
        server.answers[path] = dripping
    begun = time.monotonic()
    assert fetch(placed(tmp_path, server, f"oci://{server.host}/lab"), HASTY).code == 3
    assert time.monotonic() - begun < HASTY.patience * 2 + 2.0


def test_oci_token_is_not_sent_to_where_the_registry_redirects(
    tmp_path: Path, server: ChartServer
) -> None:
    server.push(PACKED, token="open-to-all")
    with chart_server.running() as store:
        store.answers["/store"] = PACKED
        blob = f"/v2/lab/jupyterhub/blobs/sha256:{SHA256}"
        place = f"http://localhost:{store.port}/store"
        server.answers[blob] = lambda request: request.reply(307, Location=place)
        assert fetch(placed(tmp_path, server, f"oci://{server.host}/lab")).code == 0
        assert "/store" in store.asked
        assert any("Authorization" in headers for headers in server.seen)
        assert not any("Authorization" in headers for headers in store.seen)


def test_oci_layer_with_another_content_is_refused(tmp_path: Path, server: ChartServer) -> None:
    server.push(PACKED)
    other = bytes(len(PACKED))
    server.answers[f"/v2/lab/jupyterhub/blobs/sha256:{SHA256}"] = other
    run = fetch(placed(tmp_path, server, f"oci://{server.host}/lab"))
    assert run.code == 3
    assert not cached(tmp_path).exists()


def test_oci_chart_other_than_the_locked_one_is_refused(
    tmp_path: Path, server: ChartServer
) -> None:
    server.push(PACKED)
    site = placed(tmp_path, server, f"oci://{server.host}/lab")
    fetch(site)
    cached(tmp_path).unlink()
    server.push(charts.packed(charts.files(values=b"hub: {}\n")))
    run = fetch(site)
    assert "the chart is not the one in charts.lock" in run.error
    assert not cached(tmp_path).exists()


def test_oci_version_that_is_missing_is_said(tmp_path: Path, server: ChartServer) -> None:
    run = fetch(placed(tmp_path, server, f"oci://{server.host}/lab"))
    assert (run.code, run.error.endswith("jupyterhub:4.4.0: not found")) == (3, True)


def test_oci_registry_takes_the_login_of_the_user_s_helm(
    tmp_path: Path, server: ChartServer
) -> None:
    server.push(PACKED, token="t", user="ada:lovelace")
    site = placed(tmp_path, server, f"oci://{server.host}/lab")
    refused = fetch(site)
    assert refused.error.endswith("the server wants a login")
    assert refused.help == f"log in once: 'helm registry login {server.host}'"
    login = base64.b64encode(b"ada:lovelace").decode()
    docker = tmp_path / "home" / ".docker"
    docker.mkdir(parents=True)
    (docker / "config.json").write_text(json.dumps({"auths": {server.host: {"auth": login}}}))
    run = fetch(site)
    assert run.code == 0, run.said
    assert cached(tmp_path).read_bytes() == PACKED


def test_chart_carried_in_by_hand_is_locked_once(tmp_path: Path, server: ChartServer) -> None:
    site = placed(tmp_path, server)
    archive = tmp_path / "carried.tgz"
    archive.write_bytes(PACKED)
    run = add(site, archive)
    assert run.out == (
        f"added     jupyterhub 4.4.0  sha256 {SHA256}\n"
        f"locked    jupyterhub 4.4.0 of {server.repository}\n"
    )
    assert fetch(site, None).code == 0
    archive.write_bytes(charts.packed(charts.files(values=b"hub: {}\n")))
    refused = add(site, archive)
    assert "the chart is not the one in charts.lock" in refused.error
    assert len(refused.details) == 2
    assert cached(tmp_path).read_bytes() == PACKED


def test_chart_that_nobody_pins_is_kept_and_not_locked(tmp_path: Path, server: ChartServer) -> None:
    archive = tmp_path / "carried.tgz"
    archive.write_bytes(charts.pack(version="9.9.9"))
    run = add(placed(tmp_path, server), archive)
    assert run.code == 0
    assert run.notes.endswith("site.yaml pins no jupyterhub 9.9.9: not locked\n")
    assert not (tmp_path / "charts.lock").exists()


def test_two_repositories_with_one_version_keep_a_chart_each(
    tmp_path: Path, server: ChartServer
) -> None:
    server.serve(PACKED)
    other = charts.packed(charts.files(values=b"hub: {}\n"))
    server.answers["/other/index.yaml"] = chart_server.index("", "it.tgz")
    server.answers["/other/it.tgz"] = other
    raw = charts.site(server.repository)
    copies.with_staging(raw)
    raw["environments"]["staging"]["charts"] = {
        "jupyterhub": {"repository": f"http://{server.host}/other/"}
    }
    copies.write_site(tmp_path, raw)
    site = tmp_path / "site.yaml"
    assert fetch(site).code == 0
    assert fetch(site, None).code == 0
    kept = sorted(path.read_bytes() for path in (tmp_path / ".cache/charts").iterdir())
    assert kept == sorted([PACKED, other])


@pytest.mark.parametrize(
    "text",
    [
        "charts: 5",
        "[",
        "charts: [{name: a}]",
        "charts: [{name: a, repository: b, version: c, sha256: d}]",
    ],
)
def test_malformed_lock_is_said_and_left(tmp_path: Path, server: ChartServer, text: str) -> None:
    site = placed(tmp_path, server)
    (tmp_path / "charts.lock").write_text(text)
    run = fetch(site)
    assert run.code == 3
    assert "charts.lock" in run.error
    assert lock_of(tmp_path) == text


def test_pin_that_is_gone_is_dropped_from_the_lock(tmp_path: Path, server: ChartServer) -> None:
    server.serve(PACKED)
    site = placed(tmp_path, server)
    fetch(site)
    raw = charts.site(server.repository)
    raw["charts"]["jupyterhub"]["version"] = "9.1.0-beta"
    server.answers["/charts/index.yaml"] = chart_server.index("", "next.tgz")
    server.answers["/charts/next.tgz"] = charts.pack(version="9.1.0-beta")
    copies.write_site(tmp_path, raw)
    run = fetch(site)
    assert f"dropped   jupyterhub 4.4.0 of {server.repository}\n" in run.out
    assert SHA256 not in lock_of(tmp_path)


def test_file_that_is_missing_is_said(tmp_path: Path, server: ChartServer) -> None:
    with pytest.raises(GeneratorError, match="no such file"):
        command.add(placed(tmp_path, server), tmp_path / "nothing.tgz", copies.silent())


def test_first_lock_is_not_taken_from_a_cache_while_there_is_a_network(
    tmp_path: Path, server: ChartServer
) -> None:
    server.serve(PACKED)
    site = placed(tmp_path, server)
    cached(tmp_path).parent.mkdir(parents=True)
    cached(tmp_path).write_bytes(charts.packed(charts.files(values=b"hub: {}\n")))
    assert fetch(site).out.startswith(f"fetched   jupyterhub 4.4.0  sha256 {SHA256}\n")
    assert cached(tmp_path).read_bytes() == PACKED
