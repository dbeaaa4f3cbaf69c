"""JupyterHub's login: the rows of its chart values, by provider."""

from collections.abc import Mapping

from generator.charts import hub_values
from generator.charts.rows import HOST, SEALED, ValueRow, fixed, kept, row
from generator.charts.spellings import GROUPS_KEY, TEXT, TRUE, WORDS
from generator.records import replace

# The class of each provider: its section in `hub.config`.
PROVIDERS: Mapping[str, str] = {
    "generic-oauth": "GenericOAuthenticator",
    "github": "GitHubOAuthenticator",
    "dummy": "DummyAuthenticator",
}
# JupyterHub 5 and oauthenticator 17 come with chart 4; 16 ignores 17's keys of the claim, and 17
# fails on 16's.
OAUTHENTICATOR_16, OAUTHENTICATOR_17 = "<4.0.0-0", ">=4.0.0-0"

_LOGIN, _ALLOW = "jupyterhub.authentication.", "jupyterhub.authentication.allow."
_GENERIC, _GITHUB = (f"hub config {PROVIDERS[name]}" for name in ("generic-oauth", "github"))
_ASKED = "what hubops asks the login provider for, written out"
_NO_RULE = "what saying nothing means today, written out"


def _for(provider: str, *rows: ValueRow) -> tuple[ValueRow, ...]:
    return tuple(replace(row, provider=provider) for row in rows)


ROWS = (
    row(
        "hub config JupyterHub authenticator_class",
        f"{_LOGIN}provider",
        TEXT,
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
        value=hub_values.allowed_users,
    ),
    *_for(
        "generic-oauth",
        row(f"{_GENERIC} authorize_url", f"{_LOGIN}authorizeUrl", TEXT),
        row(f"{_GENERIC} token_url", f"{_LOGIN}tokenUrl", TEXT),
        row(f"{_GENERIC} userdata_url", f"{_LOGIN}userdataUrl", TEXT),
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
        row(
            f"{_GENERIC} claim_groups_key",
            f"{_ALLOW}groupsClaim",
            TEXT,
            versions=OAUTHENTICATOR_16,
        ),
        row(
            f"{_GENERIC} manage_groups",
            f"{_ALLOW}groupsClaim",
            value=hub_values.manages_groups,
            inverse="auth_state_groups_key beside it names the claim",
        ),
        row(
            f"{_GENERIC} auth_state_groups_key",
            f"{_ALLOW}groupsClaim",
            GROUPS_KEY,
            versions=OAUTHENTICATOR_17,
        ),
        row(f"{_GENERIC} oauth_callback_url", HOST, value=hub_values.callback),
    ),
    *_for(
        "github",
        fixed(_GITHUB, {}, "the section of the login"),
        row(f"{_GITHUB} allowed_organizations", f"{_LOGIN}organizations", WORDS),
        row(
            f"{_GITHUB} scope",
            f"{_LOGIN}scopes",
            WORDS,
            value=hub_values.github_scopes,
            why=_ASKED,
        ),
        row(f"{_GITHUB} allow_all", f"{_ALLOW}everyone", TRUE, why=_NO_RULE),
        row(f"{_GITHUB} oauth_callback_url", HOST, value=hub_values.callback),
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
