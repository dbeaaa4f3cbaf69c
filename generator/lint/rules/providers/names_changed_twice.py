"""An identity provider both leaves a domain out of names and puts a prefix before them.

CILogon's authenticator does one of the two. Choose: `stripDomain` for the one provider whose users
should have short names, `prefix` for others whose names could be the same.

Bad:
    jupyterhub:
      authentication:
        provider: cilogon
        identityProviders:
          https://idp.example.edu/shibboleth:
            usernameClaim: eppn
            stripDomain: example.edu
            prefix: edu
            allow: {everyone: true}
Good:
    jupyterhub:
      authentication:
        provider: cilogon
        identityProviders:
          https://idp.example.edu/shibboleth:
            usernameClaim: eppn
            stripDomain: example.edu
            allow: {everyone: true}

See https://oauthenticator.readthedocs.io/en/latest/tutorials/provider-specific-setup/providers/cilogon.html
"""

from generator.lint.rules.base import LOGIN, Findings, errors, logins
from generator.site.model import Site

finding = errors("A516")


def check(site: Site) -> Findings:
    """A finding at each such `prefix`."""
    for settings, login, _ in logins(site):
        for entity, said in login.identity_providers.items():
            if "stripDomain" in said and "prefix" in said:
                yield finding(
                    settings.origin.at(*LOGIN, "identityProviders", entity, "prefix"),
                    "an identity provider takes 'stripDomain' or 'prefix', not both",
                    "remove one of the two",
                )
