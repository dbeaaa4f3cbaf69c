"""What can't go back: a hub's database, and volumes. Pure.

One judgement for `lint`, `diff`, `bump` and `promote`: each asks the functions below about two
states of an environment, so all of them say the same.
"""

from collections.abc import Callable, Iterator

from generator.charts.overrides import reached
from generator.diagnostics import Finding, Pointer, Severity
from generator.lint.consequences import Act, Consequence, Weight, at_merge, before
from generator.quantities import amount
from generator.records import record
from generator.site.app import ChartPin
from generator.site.model import Cluster, Environment, Settings, Site
from generator.site.releases import HUB, Versions
from generator.versions import Version

# What a step from one state of an environment to the next takes back; None for nothing.
Judge = Callable[[Versions, Environment, Environment], Consequence | None]

_NAMED = 3
_DATABASE = "/srv/jupyterhub/jupyterhub.sqlite"


def findings(site: Site, base: Site | None, judge: Judge) -> Iterator[Finding]:
    """What a judge says of the environments since the base, once for each place and sentence."""
    groups: dict[tuple[Pointer, str], tuple[Consequence, list[Environment]]] = {}
    for old, new in kept(site, base) if base is not None else ():
        one = judge(site.versions, old, new)
        if one is not None:
            groups.setdefault((one.at, one.sentence), (one, []))[1].append(new)
    for one, environments in groups.values():
        shared = one.at[2:] if one.at[:1] == ("environments",) else one.at
        for environment in environments:
            yield Finding(
                code=one.code,
                severity=Severity.ERROR if one.is_sure else Severity.WARNING,
                at=one.at,
                message=f"{_named(environments)}: {one.sentence}",
                help=f"{one.acts[0].purpose}; where this is intentional, write the reason: "
                f"# hubops: ignore[{one.code}] reason",
                relies_on=(one.at, shared, (*environment.at, *one.at)),
            )


def _named(environments: list[Environment]) -> str:
    names = [f"'{environment.name}'" for environment in environments]
    if len(names) > _NAMED:
        names[_NAMED - 1 :] = [f"{len(names) - _NAMED + 1} more"]
    listed = " and ".join(filter(None, (", ".join(names[:-1]), names[-1])))
    return f"environment{'s' if len(environments) > 1 else ''} {listed}"


def kept(site: Site, base: Site) -> Iterator[tuple[Environment, Environment]]:
    """Each environment that runs where the base ran it: what it was, and what it is.

    One that is new, or moved to another cluster or namespace, begins with new volumes.
    """
    earlier = {environment.name: environment for environment in base.environments}
    for environment in site.environments:
        was = earlier.get(environment.name)
        if was is not None and keeps_its_place(base, was, site, environment):
            yield was, environment


def keeps_its_place(base: Site, was: Environment, site: Site, now: Environment) -> bool:
    """Whether an environment has the same namespace of the same cluster as before.

    A cluster is the same by its name, for an address may change, or by its address.
    """
    stays = is_same_cluster(base, was, site, now)
    is_entry = was.cluster == now.cluster
    return was.namespace == now.namespace and (is_entry if stays is None else stays)


def may_keep_its_place(base: Site, was: Environment, site: Site, now: Environment) -> bool:
    """The same, also where only the clusters' administrators know."""
    stays = is_same_cluster(base, was, site, now)
    return was.namespace == now.namespace and stays is not False


def taken_place(base: Site, site: Site, now: Environment) -> str:
    """The environment of another name that was where this one is; empty where there was none."""
    return next(
        (
            was.name
            for was in base.environments
            if was.name != now.name
            and was.namespace == now.namespace
            and is_same_cluster(base, was, site, now)
        ),
        "",
    )


def is_same_cluster(base: Site, was: Environment, site: Site, now: Environment) -> bool | None:
    """Whether an environment's cluster is the one from before; None: site.yaml can't tell."""
    old, new = base.clusters.get(was.cluster), site.clusters.get(now.cluster)
    if old is None or new is None:
        return was.cluster == now.cluster
    return is_cluster(was.cluster, old.identity, site, new)


def is_cluster(entry: str, identity: tuple[str, str], site: Site, now: Cluster) -> bool | None:
    """Whether a cluster is the one that had this entry and identity; None: site.yaml can't tell.

    An entry may be renamed. An address may change, or be exchanged for the name that Argo CD knows
    the same cluster by.
    """
    if identity == now.identity:
        return True
    if entry == now.name:
        return None
    kept = site.clusters.get(entry)
    if kept is not None and kept.identity == identity:
        return False
    is_named_alike = identity[0] == now.identity[0] != "entry"
    return False if is_named_alike else None


@record
class HubMove:
    """A JupyterHub chart that changes its version, and what that does to the hub's database.

    `was` and `will` are the JupyterHub that each carries, None where the chart is not known.
    """

    old: ChartPin
    new: ChartPin
    was: str | None
    will: str | None
    keeps_database: bool
    surely_differs: bool
    goes_back: bool

    @property
    def is_lossy(self) -> bool:
        """Whether the hub can't read its database afterwards, as far as anyone knows."""
        return self.goes_back and not self.keeps_database

    @property
    def database(self) -> str:
        """What happens to the database, in one sentence."""
        if self.was is not None and self.was == self.will:
            return "the database stays as it is"
        if self.keeps_database:
            return "the database keeps its form, so both versions can read it"
        newer, older = (self.was, self.will) if self.goes_back else (self.will, self.was)
        upgrades = f"JupyterHub {newer}" if newer else "the newer JupyterHub"
        fails = f"{older} can't read it" if older else "the older one can't read it"
        if self.goes_back:
            does = "has upgraded" if self.surely_differs else "may have upgraded"
            unknown = f"hubops does not know {self.old.text}. If its hub ever ran: "
            return (
                f"{'' if newer else unknown}{upgrades} {does} the database, and {fails} then: the "
                'hub stops with "Can\'t locate revision identified by", and no one can log in'
            )
        does = "upgrades" if self.surely_differs else "may upgrade"
        return f"{upgrades} {does} the database when it starts, and {fails} afterwards"


def hub_move(known: Versions, old: ChartPin | None, new: ChartPin | None) -> HubMove | None:
    """The step between two pins of the JupyterHub chart; None where there is none.

    JupyterHub stops on a database with a revision that it does not know, and reads one with the
    same revision, whatever the version. A chart that is not known is judged by its number alone:
    revisions only go forward, so beyond a known step they differ for sure.
    """
    if old is None or new is None or old.text == new.text:
        return None
    was, will = _carried(known, old), _carried(known, new)
    if old.version is None or new.version is None:
        keeps = differs = back = False
    else:
        earlier, later = (known.hub_release(one).database for one in (old.version, new.version))
        keeps = known.keeps_database(old.version, new.version)
        differs = bool(earlier and later and earlier != later)
        back = new.version < old.version
    if was is not None and will is not None:
        back = Version.parse(will) < Version.parse(was)
    return HubMove(
        old=old,
        new=new,
        was=was,
        will=will,
        keeps_database=keeps,
        surely_differs=differs,
        goes_back=back,
    )


def _carried(known: Versions, pin: ChartPin) -> str | None:
    if pin.version is None or not known.is_known(HUB, pin.version):
        return None
    return known.hub_release(pin.version).jupyterhub


def hub_went_back(known: Versions, was: Environment, now: Environment) -> Consequence | None:
    """A JupyterHub that can't read the database that a newer one has upgraded."""
    old, new = (one.settings.charts.get(HUB) for one in (was, now))
    move = hub_move(known, old, new)
    if move is None or not move.is_lossy:
        return None
    step = f"chart {HUB} {move.old.text} -> {move.new.text}"
    if move.was is None:
        return Consequence(
            code="C308",
            weight=Weight.DATA,
            at=now.settings.origin.at("charts", HUB, "version"),
            sentence=f"{step}: {move.database}",
            is_sure=False,
            acts=tuple(_if_it_ran(was, move)),
        )
    return Consequence(
        code="C308",
        weight=Weight.DATA,
        at=now.settings.origin.at("charts", HUB, "version"),
        sentence=f"{step}: {move.database}",
        acts=(
            before(
                f"keep chart {HUB} {move.old.text}, or have a copy of the database from before "
                "the upgrade ready"
            ),
            *_copies(was),
        ),
    )


def _copies(was: Environment) -> Iterator[Act]:
    """How to come back to an older database: SQLite's upgrade leaves a copy, PostgreSQL's none."""
    if not _is_on_server(was):
        left = "the hub left such a copy beside the database when it upgraded it"
        yield before(left, _copies_left(was))
    yield copy_of_database(was)
    yield at_merge(f"right before the older hub starts, {_put_back(was)}")


def _put_back(was: Environment) -> str:
    place = "the database in PostgreSQL" if _is_on_server(was) else _DATABASE
    return f"put the older copy in the place of {place}; users and tokens made since are lost"


def _if_it_ran(was: Environment, move: HubMove) -> Iterator[Act]:
    """What to look at where the newer version may be one that does not exist."""
    look = (
        f"see whether chart {HUB} {move.old.text} ever ran: then the hub says another version than "
        f"{move.will or 'before'}"
    )
    version = f"kubectl -n {was.namespace} exec deployment/hub -- jupyterhub --version"
    if _is_on_server(was):
        yield before(look, version)
    else:
        look += ", and left a copy of its database beside it"
        yield before(look, version)
        yield before(look, _copies_left(was))
    yield copy_of_database(was)
    yield at_merge(f"only if it ran: right before the older hub starts, {_put_back(was)}")


def _copies_left(was: Environment) -> str:
    return f"kubectl -n {was.namespace} exec deployment/hub -- sh -c 'ls -l {_DATABASE}*'"


def _is_on_server(environment: Environment) -> bool:
    return bool(environment.settings.at("jupyterhub.database.postgres"))


def copy_of_database(environment: Environment) -> Act:
    """The act that copies an environment's hub database to the current folder."""
    name, namespace = environment.name, environment.namespace
    server = environment.settings.at("jupyterhub.database.postgres")
    if server:
        host, port = server.get("host", ""), server.get("port", 5432)
        options = f"-h {host} -p {port} -U {server.get('user')} {server.get('database')}"
        return before("copy the hub's database", f"pg_dump -Fc -f {name}.dump {options}")
    pod = f"$(kubectl -n {namespace} get pod -l component=hub -o name | cut -d/ -f2)"
    command = f'kubectl -n {namespace} cp "{pod}:{_DATABASE}" {name}.sqlite'
    return before("copy the hub's database", command)


def home_shrank(_: Versions, was: Environment, now: Environment) -> Consequence | None:
    """A smaller size of home volumes: those that exist can't follow."""
    sentence = (
        "home volumes {old} -> {new}: a volume can't shrink, so homes that exist keep {old}, and "
        "only new ones get {new}"
    )
    return _shrank(was, now, "L409", "home.capacity", sentence)


def database_shrank(_: Versions, was: Environment, now: Environment) -> Consequence | None:
    """A smaller volume of the hub's database."""
    sentence = (
        "the hub database's volume {old} -> {new}: a volume can't shrink, so Kubernetes refuses "
        "the claim and the hub's sync fails"
    )
    return _shrank(was, now, "L410", "database.storage", sentence)


# Where `values`, which win over the rest of site.yaml, set the same size.
_RAW = {
    "home.capacity": ("singleuser", "storage", "capacity"),
    "database.storage": ("hub", "db", "pvc", "storage"),
}


def _shrank(
    was: Environment, now: Environment, code: str, key: str, sentence: str
) -> Consequence | None:
    """What the sentence says of both sizes, where the newer one is smaller."""
    if was.settings.hub is None or now.settings.hub is None:
        return None
    if not all(_has_volume(one.settings, key) for one in (was, now)):
        return None
    (old, _), (new, path) = (_size(one.settings, key) for one in (was, now))
    try:
        if old == new or amount(new) >= amount(old):
            return None
    except ValueError:
        return None
    return Consequence(
        code=code,
        weight=Weight.DATA,
        at=now.settings.origin.at(*path),
        sentence=sentence.format(old=old, new=new),
        acts=(before(f"keep {old} for {sentence.partition(' {')[0]}"),),
    )


def _has_volume(settings: Settings, key: str) -> bool:
    """Whether site.yaml has a volume of this size: not beside PostgreSQL, or one home for all."""
    others = {"home.capacity": ("shared", "none"), "database.storage": ("postgres",)}[key]
    section = key.partition(".")[0]
    return not any(settings.at(f"{HUB}.{section}.{other}") for other in others)


def _size(settings: Settings, key: str) -> tuple[str, Pointer]:
    """A size as it takes effect, and its place below the settings."""
    depth, size = reached(settings.sections[HUB].values, _RAW[key])
    if depth == len(_RAW[key]) and isinstance(size, str | int):
        return str(size), (HUB, "values", *_RAW[key])
    return str(settings.at(f"{HUB}.{key}")), (HUB, *key.split("."))
