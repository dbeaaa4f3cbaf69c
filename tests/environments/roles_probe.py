"""Run by the real JupyterHub's Python: which scopes users, their servers and services have.

Standard input holds {"services": hub.services, "roles": hub.loadRoles, "users": {name: [group]},
"tokens": {service: token}}, as the chart hands them on. Standard output gets the scopes of each.
"""

import asyncio
import json
import sys

from jupyterhub import orm, roles, scopes
from jupyterhub.app import JupyterHub
from traitlets.config import Config


async def hub_of(asked):
    c = Config()
    c.JupyterHub.db_url = "sqlite:///:memory:"
    c.JupyterHub.log_level = "ERROR"
    c.JupyterHub.authenticator_class = "null"
    # jupyterhub_config.py of the chart: `apiToken` becomes `api_token`, names become entries.
    c.JupyterHub.services = [
        {"name": name, "api_token": asked["tokens"][name]}
        | {key: value for key, value in service.items() if key != "apiToken"}
        for name, service in asked["services"].items()
    ]
    c.JupyterHub.load_roles = [{"name": name, **role} for name, role in asked["roles"].items()]
    hub = JupyterHub(config=c)
    hub.log.setLevel("ERROR")
    hub.init_db()
    hub.init_hub()
    await hub.init_role_creation()
    await hub.init_users()
    await hub.init_groups()
    hub.init_oauth()
    hub.init_services()
    await hub.init_api_tokens()
    await hub.init_role_assignment()
    return hub


def held(hub, user, groups):
    """The scopes of a user, and of the token that the user's server has."""
    person = orm.User(name=user)
    hub.db.add(person)
    for name in groups:
        group = orm.Group.find(hub.db, name) or orm.Group(name=name)
        group.users.append(person)
    person.roles.append(orm.Role.find(hub.db, "user"))
    hub.db.commit()
    # As User.spawn (jupyterhub/user.py): of the role's scopes those that the user has too.
    wanted = roles.roles_to_scopes([orm.Role.find(hub.db, "server")])
    have = roles.roles_to_scopes(roles.get_roles_for(person)) | {"inherit"}
    client = hub.db.query(orm.OAuthClient).filter_by(identifier="jupyterhub").one()
    own, _ = scopes._resolve_requested_scopes(wanted, have, person, client, hub.db)
    token = orm.APIToken.find(hub.db, person.new_api_token(scopes=own))
    return [sorted(scopes.get_scopes_for(one)) for one in (person, token)]


async def main():
    asked = json.load(sys.stdin)
    hub = await hub_of(asked)
    services = {one.name: one for one in hub.db.query(orm.Service)}
    result = {
        "users": {user: held(hub, user, groups) for user, groups in asked["users"].items()},
        "services": {name: sorted(scopes.get_scopes_for(one)) for name, one in services.items()},
    }
    json.dump(result, sys.stdout)


asyncio.run(main())
