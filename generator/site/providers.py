"""The kinds of login that site.yaml knows, and what holds for each. Pure."""

from collections.abc import Mapping

from generator.records import record


@record
class Provider:
    """One kind of login.

    `section`: its class, as `hub.config` names it; empty where site.yaml names the class.
    `authenticator`: what the chart calls the class (entry points of jupyterhub and oauthenticator).
    `is_oauth`: whether a client is registered with it. `scopes`: what is asked for by default.
    `page`: where its clients are registered, of one that has a single place for that.
    `is_openid`: whether its addresses, its scopes and the fields of its answers are settings.
    """

    section: str = ""
    authenticator: str = ""
    is_oauth: bool = True
    scopes: tuple[str, ...] = ()
    is_openid: bool = False
    page: str = ""


PROVIDERS: Mapping[str, Provider] = {
    "generic-oauth": Provider(
        section="GenericOAuthenticator",
        authenticator="generic-oauth",
        scopes=("openid", "profile", "email"),
        is_openid=True,
    ),
    "egi-check-in": Provider(
        section="GenericOAuthenticator",
        authenticator="generic-oauth",
        scopes=("openid", "profile", "email", "entitlements"),
        is_openid=True,
    ),
    "github": Provider(
        section="GitHubOAuthenticator",
        authenticator="github",
        page="https://github.com/settings/developers",
    ),
    "cilogon": Provider(
        section="CILogonOAuthenticator",
        authenticator="cilogon",
        page="https://cilogon.org/oauth2/register",
    ),
    "google": Provider(
        section="GoogleOAuthenticator",
        authenticator="google",
        page="https://console.cloud.google.com/apis/credentials",
    ),
    "other": Provider(is_oauth=False),
    "dummy": Provider(section="DummyAuthenticator", authenticator="dummy", is_oauth=False),
}
# The sections of those of oauthenticator's entry points that no word of site.yaml stands for.
OAUTH_CLASSES: Mapping[str, str] = {
    "auth0": "Auth0OAuthenticator",
    "azuread": "AzureAdOAuthenticator",
    "bitbucket": "BitbucketOAuthenticator",
    "gitlab": "GitLabOAuthenticator",
    "globus": "GlobusOAuthenticator",
    "mediawiki": "MWOAuthenticator",
    "openshift": "OpenShiftOAuthenticator",
}
# The sections of all of them, by entry point; each but mediawiki has one for users of the hub's own
# system too, whose section is also that of its base.
OAUTH_SECTIONS: Mapping[str, str] = {
    **{one.authenticator: one.section for one in PROVIDERS.values() if one.is_oauth},
    **OAUTH_CLASSES,
}
LOCAL = "local-"
_REFUSED = Provider(is_oauth=False)


def of(name: str | None) -> Provider:
    """What holds for a provider; of one that was refused nothing."""
    return PROVIDERS.get(name or "", _REFUSED)


def is_oauth_class(name: str) -> bool:
    """Whether an authenticator's class reads its client as oauthenticator's do."""
    return name.removeprefix(LOCAL) in OAUTH_SECTIONS or name.startswith("oauthenticator.")
