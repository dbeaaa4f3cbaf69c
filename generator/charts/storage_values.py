"""Where the hub's database and users' homes are: values that follow from several settings."""

from collections.abc import Callable

from generator.site.model import Json, Release, Settings

POSTGRES = "jupyterhub.database.postgres"
# files/hub/jupyterhub_config.py hands it to libpq as PGPASSWORD.
DATABASE_PASSWORD = "hub.db.password"


def database_type(settings: Settings) -> Json:
    """SQLite on a volume, or PostgreSQL."""
    return "postgres" if settings.at(POSTGRES) else "sqlite-pvc"


def upgrades_database(settings: Settings) -> Json:
    """True where the chart would not upgrade the database by itself."""
    return True if settings.at(POSTGRES) else None


def of_volume(said: Json) -> Callable[[Settings], Json]:
    """A row's value: a constant or a key's, where the database is on a volume."""
    return _only_where(lambda settings: database_type(settings) == "sqlite-pvc", said)


def of_homes(said: Json) -> Callable[[Settings], Json]:
    """A row's value: a constant or a key's, where each user has a volume."""
    return _only_where(lambda settings: home_type(settings) == "dynamic", said)


def _only_where(holds: Callable[[Settings], bool], said: Json) -> Callable[[Settings], Json]:
    def value(settings: Settings) -> Json:
        if not holds(settings):
            return None
        if isinstance(said, str):
            return settings.at(said)
        return dict(said) if isinstance(said, dict) else said

    return value


def home_type(settings: Settings) -> Json:
    """Where homes are: a volume for each user, one for all, or nowhere."""
    if settings.at("jupyterhub.home.none"):
        return "none"
    return "static" if settings.at("jupyterhub.home.shared") else "dynamic"


def home_class(release: Release) -> Json:
    """The storage class of the cluster, where each user has a volume."""
    is_dynamic = home_type(release.settings) == "dynamic"
    return release.cluster.storage_class if is_dynamic else None


def database_class(release: Release) -> Json:
    """The storage class of the cluster, where the database is on a volume."""
    is_volume = database_type(release.settings) == "sqlite-pvc"
    return release.cluster.storage_class if is_volume else None
