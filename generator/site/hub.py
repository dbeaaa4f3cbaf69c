"""JupyterHub as an environment runs it: its login, its servers, its profiles."""

from collections.abc import Mapping
from typing import Any

from generator.records import field, record
from generator.site import providers
from generator.site.profiles import Keys, Profile

Json = Any


@record
class Allow:
    """Who may log in."""

    everyone: bool = False
    existing_users: bool = False
    users: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    groups_claim: str | None = None


@record
class Authentication:
    """How people log in; the URLs are None for providers that know their own.

    `class_`, `config` and `secret_config` are of the provider `other`: the authenticator's class,
    its traits by class, and as `Class.trait` those whose values are sealed.
    """

    provider: str
    login_service: str | None = None
    authorize_url: str | None = None
    token_url: str | None = None
    userdata_url: str | None = None
    scopes: tuple[str, ...] = ()
    username_claim: str | None = None
    organizations: tuple[str, ...] = ()
    domains: tuple[str, ...] = ()
    google_groups: Mapping[str, Json] = field(factory=dict)
    identity_providers: Mapping[str, Json] = field(factory=dict)
    class_: str = ""
    config: Mapping[str, Json] = field(factory=dict)
    secret_config: tuple[str, ...] = ()
    instance: str | None = None
    vo: str | None = None
    roles: tuple[str, ...] = ()
    entitlements: tuple[str, ...] = ()
    allow: Allow = field(factory=Allow)
    admins: tuple[str, ...] = ()
    admin_groups: tuple[str, ...] = ()

    @property
    def uses_oauth(self) -> bool:
        """Whether a client id and secret are needed."""
        return providers.of(self.provider).is_oauth or providers.is_oauth_class(self.class_)

    @property
    def is_openid(self) -> bool:
        """Whether addresses, scopes and the fields of the user information are settings."""
        return providers.of(self.provider).is_openid


@record
class Bounds:
    """What is guaranteed and what is the limit, as Kubernetes spells it."""

    guarantee: str | int | float | None = None
    limit: str | int | float | None = None


@record
class Hub:
    """JupyterHub as an environment runs it; `authentication` is None where it was refused.

    `servers` are what all servers get, by dotted keys such as `memory.limit`.
    """

    authentication: Authentication | None
    database_storage: str
    home_capacity: str
    cpu: Bounds
    memory: Bounds
    ephemeral_storage: Bounds
    servers: Keys = field(factory=dict)
    profiles: tuple[Profile, ...]
    values: Mapping[str, Json]

    @property
    def default_profile(self) -> Profile | None:
        """The profile of a user who chooses nothing."""
        marked = [profile for profile in self.profiles if profile.default]
        return next(iter(marked or self.profiles), None)

    @property
    def has_page(self) -> bool:
        """Whether users see a page of choices before their server starts."""
        return len(self.profiles) > 1 or any(profile.has_choices for profile in self.profiles)

    @property
    def image(self) -> str:
        """The image of a user who chooses nothing; empty without one."""
        profile = self.default_profile
        return self.image_of(profile) if profile is not None else self.servers.get("image", "")

    def image_of(self, profile: Profile) -> str:
        """The image of a user who chooses a profile and nothing more."""
        defaults = [option.default for option in reversed(profile.options)]
        chosen = [choice.image for choice in defaults if choice is not None and choice.image]
        found = next(iter(chosen), "") or profile.image or self.servers.get("image", "")
        return str(found)
