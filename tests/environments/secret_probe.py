"""Run by the real JupyterHub's Python: which secret values the hub takes from its chart.

Standard input holds {"cookie_secret": [text, ...], "keys": [...], "token": [...]}; the answer tells
of each whether it is accepted. The chart reads the files as text and does what is done here
(files/hub/jupyterhub_config.py): from hex, split at ";", and as a service's token.
"""

import asyncio
import json
import sys
from binascii import a2b_hex

from jupyterhub import orm
from jupyterhub.app import JupyterHub
from jupyterhub.crypto import CryptKeeper
from traitlets.config import Config


def cookie_secret(value):
    hub = JupyterHub(config=Config({"JupyterHub": {"cookie_secret": a2b_hex(value)}}))
    hub.init_secrets()
    if len(hub.cookie_secret) != 32:
        raise ValueError("the signing of cookies wants 32 bytes")


def keys(value):
    CryptKeeper.clear_instance()
    keeper = CryptKeeper.instance(config=Config({"CryptKeeper": {"keys": value.split(";")}}))

    async def there_and_back():
        kept = {"access_token": "T"}
        return kept == await keeper.decrypt(await keeper.encrypt(kept))

    if not asyncio.run(there_and_back()):
        raise ValueError("not what was encrypted")


def token(value):
    db = orm.new_session_factory("sqlite:///:memory:")()
    service = orm.Service(name="dask-gateway")
    db.add(service)
    db.add(orm.OAuthClient(identifier="jupyterhub"))  # the hub's own, there from its first start
    db.commit()
    service.new_api_token(value, generated=False)
    if orm.APIToken.find(db, value).service is not service:
        raise ValueError("the token is nobody's")


def is_accepted(take, value):
    try:
        take(value)
    except Exception:
        return False
    return True


def main():
    asked = json.load(sys.stdin)
    takes = {"cookie_secret": cookie_secret, "keys": keys, "token": token}
    answer = {
        what: [is_accepted(takes[what], value) for value in values]
        for what, values in asked.items()
    }
    json.dump(answer, sys.stdout)


main()
