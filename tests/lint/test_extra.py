"""What `extra/` holds is judged as Argo CD's AppProject would, at its file and line."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from generator.build.projects import namespaces_project, refusal
from generator.lint.extra import findings
from tests.support import kustomize
from tests.support.sites import protocoast_with

SITE = protocoast_with({"environments": {"staging": {"namespace": "daskhub-staging"}}})
KIND = "is of a kind that AppProject 'protocoast-fedcloud-namespaces' does not allow: {}"
ELSEWHERE = "AppProject 'protocoast-fedcloud-namespaces' allows 'daskhub' here, no other"

RBAC = "rbac.authorization.k8s.io"
FINE = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: fine}\n"
ROLE = f"apiVersion: {RBAC}/v1\nkind: Role\nmetadata: {{name: r}}\nrules: []\n"


def listing(*names: str, more: str = "") -> str:
    return f"resources: [{', '.join(names)}]\n{more}"


def thing(kind: str, group: str = RBAC, name: str = "x", more: str = "") -> str:
    return f"apiVersion: {group}/v1\nkind: {kind}\nmetadata: {{name: {name}}}\n{more}"


def of(*objects: str, more: str = "") -> dict[str, str]:
    """A folder with one file of several documents."""
    return {"kustomization.yaml": listing("a.yaml", more=more), "a.yaml": "---\n".join(objects)}


def patched(patch: str, *, target: str = "", options: str = "") -> dict[str, str]:
    block = "".join(f"    {line}\n" for line in patch.splitlines())
    return of(ROLE, more=f"patches:\n- patch: |\n{block}{target}{options}")


def found(files: Mapping[str, str], environment: str = "production") -> list[tuple[str, int, str]]:
    """The file, line and message of every finding; all are errors of one code."""
    given = {path: text.encode(errors="surrogateescape") for path, text in files.items()}
    every = list(findings(SITE, {environment: given}))
    assert {(one.code, str(one.severity)) for one in every} <= {("M923", "error")}
    folder = f"overlays/{environment}/namespace/extra/"
    return [
        (
            one.at.file.removeprefix(folder),
            one.at.line,
            one.message.removeprefix(f"{environment}: "),
        )
        for one in every
    ]


REFUSED: dict[str, tuple[dict[str, str], list[tuple[str, int, str]]]] = {
    "a ClusterRoleBinding": (
        of(thing("ClusterRoleBinding")),
        [("a.yaml", 2, f"ClusterRoleBinding 'x' {KIND.format(f'ClusterRoleBinding of {RBAC}')}")],
    ),
    "a ClusterRole that aggregates": (
        of(FINE, thing("ClusterRole", more="aggregationRule: {}\n")),
        [("a.yaml", 6, f"ClusterRole 'x' {KIND.format(f'ClusterRole of {RBAC}')}")],
    ),
    "another Namespace": (
        of("apiVersion: v1\nkind: Namespace\nmetadata:\n  name: kube-public\n"),
        [("a.yaml", 4, "Namespace 'kube-public' is not this environment's own, 'daskhub'")],
    ),
    "the Namespace of another environment": (
        of("apiVersion: v1\nkind: Namespace\nmetadata: {name: daskhub-staging}\n"),
        [("a.yaml", 3, "Namespace 'daskhub-staging' is not this environment's own, 'daskhub'")],
    ),
    "its own Namespace, which is there": (
        of("apiVersion: v1\nkind: Namespace\nmetadata: {name: daskhub}\n"),
        [("a.yaml", 3, "Namespace 'daskhub' comes twice: hubops writes it itself")],
    ),
    "an object for another namespace": (
        of("apiVersion: v1\nkind: Secret\nmetadata: {name: s, namespace: kube-system}\n"),
        [("a.yaml", 3, f"Secret 's' is for namespace 'kube-system': {ELSEWHERE}")],
    ),
    "an object for the namespace of another environment": (
        of("apiVersion: v1\nkind: Secret\nmetadata: {name: s, namespace: daskhub-staging}\n"),
        [("a.yaml", 3, f"Secret 's' is for namespace 'daskhub-staging': {ELSEWHERE}")],
    ),
    "namespace in the kustomization": (
        of(ROLE, more="namespace: kube-system\n"),
        [("kustomization.yaml", 2, f"Role 'r' is for namespace 'kube-system': {ELSEWHERE}")],
    ),
    "namespace in a kustomization below": (
        {
            "kustomization.yaml": listing("sub"),
            "sub/kustomization.yml": listing("r.yaml", more="namespace: argocd\n"),
            "sub/r.yaml": ROLE,
        },
        [("sub/kustomization.yml", 2, f"Role 'r' is for namespace 'argocd': {ELSEWHERE}")],
    ),
    "namespace of a generator": (
        {"kustomization.yaml": "configMapGenerator:\n- {name: c, namespace: argocd}\n"},
        [("kustomization.yaml", 2, f"ConfigMap 'c' is for namespace 'argocd': {ELSEWHERE}")],
    ),
    "a List": (
        of(
            "apiVersion: v1\nkind: List\nitems:\n- apiVersion: v1\n  kind: ConfigMap\n"
            f"  metadata: {{name: a}}\n- apiVersion: {RBAC}/v1\n  kind: ClusterRoleBinding\n"
            "  metadata: {name: b}\n"
        ),
        [("a.yaml", 8, f"ClusterRoleBinding 'b' {KIND.format(f'ClusterRoleBinding of {RBAC}')}")],
    ),
    "a list of its own kind": (
        of(thing("ClusterRoleBindingList", more="items:\n- {metadata: {name: b}}\n")),
        [("a.yaml", 5, f"ClusterRoleBinding 'b' {KIND.format(f'ClusterRoleBinding of {RBAC}')}")],
    ),
    "a ConfigMap that is a list to Argo CD": (
        of(
            FINE + f"items:\n- apiVersion: {RBAC}/v1\n  kind: ClusterRole\n"
            "  metadata: {name: deep}\n"
        ),
        [("a.yaml", 6, f"ClusterRole 'deep' {KIND.format(f'ClusterRole of {RBAC}')}")],
    ),
    "JSON": (
        {
            "kustomization.yaml": listing("a.json"),
            "a.json": f'{{"apiVersion": "{RBAC}/v1",\n"kind": "ClusterRole", "metadata": {{}}}}',
        },
        [("a.json", 2, f"ClusterRole {KIND.format(f'ClusterRole of {RBAC}')}")],
    ),
    "lines that end in CR": (
        of(FINE + "---\r" + thing("ClusterRole").replace("\n", "\r")),
        [("a.yaml", 6, f"ClusterRole 'x' {KIND.format(f'ClusterRole of {RBAC}')}")],
    ),
    "a patch of what it would refuse": (
        of(ROLE, more="patchesStrategicMerge: [p.yaml]\n") | {"p.yaml": thing("ClusterRole")},
        [("p.yaml", 2, f"ClusterRole 'x' {KIND.format(f'ClusterRole of {RBAC}')}")],
    ),
    "a component": (
        {
            "kustomization.yaml": "components: [c]\n",
            "c/kustomization.yaml": "kind: Component\nresources: [a.yaml]\n",
            "c/a.yaml": thing("ClusterRole"),
        },
        [("c/a.yaml", 2, f"ClusterRole 'x' {KIND.format(f'ClusterRole of {RBAC}')}")],
    ),
    **{
        f"{kind} of {group}": (
            of(thing(kind, group)),
            [("a.yaml", 2, f"{kind} 'x' {KIND.format(f'{kind} of {group}')}")],
        )
        for kind, group in (
            ("MutatingWebhookConfiguration", "admissionregistration.k8s.io"),
            ("ValidatingWebhookConfiguration", "admissionregistration.k8s.io"),
            ("ValidatingAdmissionPolicy", "admissionregistration.k8s.io"),
            ("APIService", "apiregistration.k8s.io"),
            ("CustomResourceDefinition", "apiextensions.k8s.io"),
            ("PriorityClass", "scheduling.k8s.io"),
            ("StorageClass", "storage.k8s.io"),
            ("Application", "argoproj.io"),
            ("AppProject", "argoproj.io"),
            ("ApplicationSet", "argoproj.io"),
            ("ClusterIssuer", "cert-manager.io"),
            # The name of a kind that is allowed, in a group that is not.
            ("Role", "iam.example.org"),
            ("Secret", "vault.example.org"),
            ("Ingress", "config.openshift.io"),
            ("Namespace", "example.org"),
        )
    },
}


@pytest.mark.parametrize(("files", "expected"), REFUSED.values(), ids=REFUSED)
def test_what_the_project_refuses_is_found_where_it_stands(
    files: dict[str, str], expected: list[tuple[str, int, str]]
) -> None:
    assert found(files) == expected


PATCH_KIND = "- {op: replace, path: /kind, value: ClusterRole}"
TARGET = "  target: {kind: Role}\n"
UNCLEAR: dict[str, tuple[dict[str, str], str]] = {
    "above the folder": ({"kustomization.yaml": listing("../../../x")}, "'../../../x' is not in"),
    "absolute": ({"kustomization.yaml": listing("/etc/x.yaml")}, "'/etc/x.yaml' is not in"),
    "an address": (
        {"kustomization.yaml": listing('"https://e.org/x.yaml"')},
        "'https://e.org/x.yaml' is not in",
    ),
    "an address with a decoy": (
        {"kustomization.yaml": listing('"https://e.org/x.yaml"'), "https:/e.org/x.yaml": FINE},
        "'https://e.org/x.yaml' is not in",
    ),
    "a repository": (
        {"kustomization.yaml": listing("github.com/a/b"), "github.com/a/b/kustomization.yaml": ""},
        "'github.com/a/b' is not in",
    ),
    "a repository by SSH": ({"kustomization.yaml": listing('"git@e.org:a/b"')}, "is not in"),
    "below a base": (
        {"kustomization.yaml": listing("s"), "s/kustomization.yaml": "bases: [../../../b]\n"},
        "'../../../b' is not in",
    ),
    "a file that hubops does not see": (
        {"kustomization.yaml": listing(".hidden.yaml")},
        "hubops leaves out a file of the name '.hidden.yaml'",
    ),
    "a link": (
        {"kustomization.yaml": listing("a.yaml"), "a.yaml": "../b.txt"},
        "it is a link, or holds no object",
    ),
    "a link whose path reads as an object": (
        {
            "kustomization.yaml": listing("a.yaml"),
            "a.yaml": "{kind: Role}",
            "{kind: Role}": thing("ClusterRole"),
        },
        "it is a link, or holds no object",
    ),
    "a link to a file that hubops does not see": (
        {"kustomization.yaml": listing("s/a.yaml"), "s/a.yaml": "../.kind: Role"},
        "it is a link, or holds no object",
    ),
    "no text": (of("\udcff"), "it is not UTF-8"),
    "no YAML": (of("a: ["), "it can't be read: "),
    "a kind that is written twice": (
        of(FINE + "kind: ClusterRole\n"),
        "the key 'kind' is written twice",
    ),
    "merge keys in a list": (
        of("x: &x {kind: ClusterRole}\n<<: [*x]\n"),
        "hubops does not follow a list of merge keys",
    ),
    "a kind by a patch": (patched(PATCH_KIND, target=TARGET), "a patch may not change '/kind'"),
    "a kind by a patch with a word before the path": (
        patched("- {op: add, path: x/kind, value: ClusterRole}", target=TARGET),
        "a patch may not change 'x/kind'",
    ),
    "a patch of any kind": (
        patched("rules: []\n", target="  target: {name: r}\n"),
        "the target of the patch names no kind",
    ),
    "a namespace by a label": (
        of(ROLE, more="labels:\n- pairs: {namespace: argocd}\n  fields: [{path: metadata}]\n"),
        "hubops can't tell what 'fields' of labels change",
    ),
    "a kind by a patch of the whole": (
        patched('- {op: replace, path: "", value: {}}', target=TARGET),
        "a patch may not change ''",
    ),
    "a namespace by a patch": (
        patched("- {op: add, path: /metadata/namespace, value: argocd}", target=TARGET),
        "a patch may not change '/metadata/namespace'",
    ),
    "a grant by a patch": (
        patched("- {op: add, path: /rules/-, value: {}}", target=TARGET),
        "a patch may not change '/rules/-'",
    ),
    "a kind by a patch in a file": (
        of(ROLE, more=f"patchesJson6902:\n- path: p.json\n{TARGET}")
        | {"p.json": '[{"op": "replace", "path": "/kind", "value": "ClusterRole"}]'},
        "a patch may not change '/kind'",
    ),
    "a kind by an option": (
        patched(
            thing("ClusterRole"), target=TARGET, options="  options: {allowKindChange: true}\n"
        ),
        "the patch may make another kind of an object",
    ),
    "a key in other letters": (
        {"kustomization.yaml": "Resources: [a.yaml]\n"},
        "hubops can't tell what 'Resources' makes of the objects",
    ),
    **{
        field: (
            of(FINE, more=f"{field}: []\n"),
            f"hubops can't tell what '{field}' makes of the objects",
        )
        for field in (
            *("helmCharts", "helmChartInflationGenerator", "generators", "transformers"),
            *("validators", "replacements", "vars", "configurations", "crds", "openapi"),
        )
    },
}


@pytest.mark.parametrize(("files", "expected"), UNCLEAR.values(), ids=UNCLEAR)
def test_what_can_not_be_judged_is_refused(files: dict[str, str], expected: str) -> None:
    assert [message for _, _, message in found(files) if expected in message]


TAKEN: dict[str, dict[str, str]] = {
    "its own namespace": of(FINE, FINE.replace("fine", "b, namespace: daskhub")),
    "its own namespace over another": of(
        FINE.replace("fine", "b, namespace: kube-system"), more="namespace: daskhub\n"
    ),
    "everything that is usual": {
        "kustomization.yaml": (
            "apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\n"
            "resources: [sub/, ./role.yaml]\nnamePrefix: team-\ncommonAnnotations: {a: b}\n"
            "configMapGenerator: [{name: c, literals: [a=b]}]\nimages: [{name: a, newTag: b}]\n"
            "generatorOptions: {disableNameSuffixHash: true}\n"
            "patches:\n- path: patch.yaml\n- target: {kind: ConfigMap}\n"
            "  patch: '- {op: add, path: /data, value: {}}'\n- target: {kind: Role}\n"
            "  patch: '{kind: any, metadata: {name: any, labels: {b: c}}}'\n"
        ),
        "sub/kustomization.yaml": "resources: [a.yaml]\n",
        "sub/a.yaml": FINE,
        "role.yaml": ROLE,
        "patch.yaml": thing("Role", name="r, labels: {a: b}"),
    },
    "a List of what is allowed": of(
        f"apiVersion: v1\nkind: List\nitems:\n- apiVersion: {RBAC}/v1\n  kind: Role\n"
        "  metadata: {name: r}\n"
    ),
}


@pytest.mark.tools
@pytest.mark.parametrize("files", TAKEN.values(), ids=TAKEN)
def test_what_is_taken_is_taken_as_kustomize_builds_it(
    files: dict[str, str], tmp_path: Path
) -> None:
    assert found(files) == []
    kustomize.write(tmp_path, {path: text.encode() for path, text in files.items()})
    project = namespaces_project(SITE, SITE.clusters["fedcloud"])
    built = kustomize.build(tmp_path)
    assert built
    assert [refusal(project, resource, "daskhub") for resource in built] == [None] * len(built)


# Of these files real Kustomize makes what the project refuses.
MADE = {
    name: (UNCLEAR.get(name) or REFUSED[name])[0]
    for name in (
        *("a namespace by a label", "a kind by a patch with a word before the path"),
        *("a kind by a patch", "a kind by an option", "a namespace by a patch", "a List"),
        *("namespace in a kustomization below", "namespace of a generator", "a component"),
    )
}


@pytest.mark.tools
@pytest.mark.parametrize("files", MADE.values(), ids=MADE)
def test_kustomize_makes_what_the_project_refuses(files: dict[str, str], tmp_path: Path) -> None:
    kustomize.write(tmp_path, {path: text.encode() for path, text in files.items()})
    project = namespaces_project(SITE, SITE.clusters["fedcloud"])
    assert any(refusal(project, resource, "daskhub") for resource in kustomize.build(tmp_path))


def test_what_no_kustomization_names_is_not_deployed() -> None:
    assert found({"a.yaml": thing("ClusterRole")}) == []
    assert found({"kustomization.yaml": listing(), "a.yaml": thing("ClusterRole")}) == []


def test_folders_that_name_each_other_end() -> None:
    files = {"kustomization.yaml": listing("a"), "a/kustomization.yaml": listing("../a", "a", "..")}
    assert found(files) == []


def test_an_environment_has_its_own_project_and_namespace() -> None:
    files = of(FINE.replace("fine", "b, namespace: daskhub-staging"), thing("ClusterRole"))
    assert [message for _, _, message in found(files, "staging")] == [
        f"ClusterRole 'x' {KIND.format(f'ClusterRole of {RBAC}')}".replace(
            "cloud-", "cloud-staging-"
        )
    ]


def test_a_folder_of_an_environment_that_is_gone_is_not_deployed() -> None:
    assert found(of(thing("ClusterRole")), "removed") == []
