"""JupyterHub's login: the rows of its chart values, by provider."""

from generator.charts import login_values
from generator.charts.rows import HOST, SEALED, ValueRow, fixed, kept, row
from generator.charts.spellings import BOOLEAN, GROUPS_KEY, TEXT, TRUE, WORDS
from generator.records import replace
from generator.site.providers import OAUTH_CLASSES, PROVIDERS

# JupyterHub 5 and oauthenticator 17 come with chart 4; 16 ignores 17's keys of the claim, and 17
# fails on 16's. 17.4 calls CILogon's `allowed_idps` `idps`.
OAUTHENTICATOR_16, OAUTHENTICATOR_17 = "<4.0.0-0", ">=4.0.0-0"
ALLOWED_IDPS, IDPS = "<4.3.3-0", ">=4.3.3-0"

_LOGIN, _ALLOW = "jupyterhub.authentication.", "jupyterhub.authentication.allow."
_GENERIC, _GITHUB, _CILOGON, _GOOGLE = (
    f"hub config {PROVIDERS[name].section}"
    for name in ("generic-oauth", "github", "cilogon", "google")
)
_ASKED = "what hubops asks the login provider for, written out"
_NO_RULE = "what saying nothing means today, written out"
_OPENID = ("generic-oauth", "egi-check-in")


def _for(providers: str | tuple[str, ...], *rows: ValueRow) -> tuple[ValueRow, ...]:
    named = (providers,) if isinstance(providers, str) else providers
    return tuple(replace(row, providers=named) for row in rows)


# Every class that has a client.
_OAUTH = sorted(
    {one.section for one in PROVIDERS.values() if one.is_oauth}
    | {"OAuthenticator", *OAUTH_CLASSES.values()}
)
_SEALED_CLIENT = "the sealed value fills it, and a text here wins over that, even an empty one"

ROWS = (
    *(
        kept(f"hub config {section} {key}", _SEALED_CLIENT, default=None)
        for section in _OAUTH
        for key in ("client_id", "client_secret")
    ),
    row(
        "hub config JupyterHub authenticator_class",
        f"{_LOGIN}provider",
        value=login_values.authenticator,
        why=f"it follows from '{_LOGIN}provider', as the rest of the login does",
        is_protected=True,
    ),
    # These three stop the chart from inventing secrets on each render, and fail closed where the
    # Secret lacks the real ones: not hex, not 32 bytes, shorter than 8 characters.
    kept("hub config JupyterHub cookie_secret", SEALED, value="see-existingSecret"),
    kept("hub config CryptKeeper keys", SEALED, value=["see-existingSecret"]),
    row("hub config Authenticator admin_users", f"{_LOGIN}admins", WORDS),
    row(
        "hub config Authenticator allowed_users",
        f"{_ALLOW}users",
        WORDS,
        value=login_values.allowed_users,
    ),
    row("hub config Authenticator allow_existing_users", f"{_ALLOW}existingUsers", BOOLEAN),
    row("hub config Authenticator enable_auth_state", f"{_LOGIN}authState", TRUE),
    *_for(
        _OPENID,
        row(f"{_GENERIC} authorize_url", f"{_LOGIN}authorizeUrl", TEXT),
        row(f"{_GENERIC} token_url", f"{_LOGIN}tokenUrl", TEXT),
        row(f"{_GENERIC} userdata_url", f"{_LOGIN}userdataUrl", TEXT),
        row(
            f"{_GENERIC} userdata_from_id_token",
            f"{_LOGIN}userdataUrl",
            value=login_values.from_id_token,
            inverse="without userdata_url the token has the user information",
        ),
        row(f"{_GENERIC} scope", f"{_LOGIN}scopes", WORDS, why=_ASKED),
        row(
            f"{_GENERIC} username_claim",
            f"{_LOGIN}usernameClaim",
            TEXT,
            why="the authenticator's own default, written out",
        ),
        row(f"{_GENERIC} login_service", f"{_LOGIN}loginService", TEXT),
        row(f"{_GENERIC} allow_all", f"{_ALLOW}everyone", TRUE, why=_NO_RULE),
        row(f"{_GENERIC} allowed_groups", f"{_ALLOW}groups", WORDS),
        row(f"{_GENERIC} admin_groups", f"{_LOGIN}adminGroups", WORDS),
        row(
            f"{_GENERIC} claim_groups_key",
            f"{_ALLOW}groupsClaim",
            TEXT,
            versions=OAUTHENTICATOR_16,
        ),
        row(
            f"{_GENERIC} manage_groups",
            f"{_ALLOW}groupsClaim",
            value=login_values.manages_groups,
            inverse="auth_state_groups_key beside it names the claim",
        ),
        row(
            f"{_GENERIC} auth_state_groups_key",
            f"{_ALLOW}groupsClaim",
            GROUPS_KEY,
            versions=OAUTHENTICATOR_17,
        ),
        row(f"{_GENERIC} oauth_callback_url", HOST, value=login_values.callback),
    ),
    *_for(
        "github",
        fixed(_GITHUB, {}, "the section of the login"),
        row(f"{_GITHUB} allowed_organizations", f"{_LOGIN}organizations", WORDS),
        row(
            f"{_GITHUB} scope",
            f"{_LOGIN}scopes",
            WORDS,
            value=login_values.github_scopes,
            why=_ASKED,
        ),
        row(f"{_GITHUB} allow_all", f"{_ALLOW}everyone", TRUE, why=_NO_RULE),
        row(f"{_GITHUB} oauth_callback_url", HOST, value=login_values.callback),
    ),
    *_for(
        "cilogon",
        *(
            row(
                f"{_CILOGON} {trait}",
                f"{_LOGIN}identityProviders",
                login_values.IDENTITY_PROVIDERS,
                versions=versions,
            )
            for trait, versions in (("allowed_idps", ALLOWED_IDPS), ("idps", IDPS))
        ),
        row(f"{_CILOGON} scope", f"{_LOGIN}scopes", WORDS),
        row(f"{_CILOGON} login_service", f"{_LOGIN}loginService", TEXT),
        row(f"{_CILOGON} allow_all", f"{_ALLOW}everyone", TRUE, why=_NO_RULE),
        row(f"{_CILOGON} oauth_callback_url", HOST, value=login_values.callback),
    ),
    *_for(
        "google",
        row(f"{_GOOGLE} hosted_domain", f"{_LOGIN}domains", WORDS),
        *(
            row(f"{_GOOGLE} {trait}", f"{_LOGIN}googleGroups", spelled)
            for trait, spelled in login_values.GOOGLE_GROUPS.items()
        ),
        row(f"{_GOOGLE} login_service", f"{_LOGIN}loginService", TEXT),
        row(f"{_GOOGLE} allow_all", f"{_ALLOW}everyone", TRUE, why=_NO_RULE),
        row(f"{_GOOGLE} oauth_callback_url", HOST, value=login_values.callback),
    ),
    *_for(
        "other",
        row("hub config Authenticator allow_all", f"{_ALLOW}everyone", TRUE, why=_NO_RULE),
        row(
            "hub config OAuthenticator oauth_callback_url",
            HOST,
            value=login_values.oauth_callback,
        ),
        kept(
            "hub extraConfig hubops-login",
            "it takes the login's secrets from 'hub-secrets'",
            f"{_LOGIN}secretConfig",
            value=login_values.sealed_traits,
        ),
    ),
    *_for(
        "dummy",
        row(
            "hub config DummyAuthenticator allow_all",
            f"{_ALLOW}everyone",
            TRUE,
            value=lambda settings: bool(settings.at(f"{_ALLOW}everyone")),
            versions=OAUTHENTICATOR_17,
            why=_NO_RULE,
        ),
    ),
)
