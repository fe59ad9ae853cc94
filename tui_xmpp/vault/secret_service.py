"""The quick way to what the keyring holds: the Secret Service of Linux desktops, asked over D-Bus without `keyring`.

The store's key is wanted before the first picture. `keyring` with its back ends takes 300 ms to import, this 20 ms.
It only reads what is unlocked; in every other case the answer is None, and the whole `keyring` is asked, which also
knows how to have it unlocked. The secret crosses the session's own bus as it is, which only this user can read.
"""

import logging
import os
import sys
from collections.abc import Mapping
from pathlib import Path

PATIENCE = 2.0
"""Seconds for each answer."""

_SERVICE = "org.freedesktop.secrets"
_PATH = "/org/freedesktop/secrets"
_INTERFACE = "org.freedesktop.Secret.Service"
_SYSTEM: str = sys.platform

_log = logging.getLogger(__name__)


def read(service: str, name: str, environment: Mapping[str, str] = os.environ) -> str | None:
    """The secret that `keyring` has filed under these; None: not here, or not so easily."""
    if _SYSTEM != "linux" or not environment.get("DBUS_SESSION_BUS_ADDRESS") or _other_keyring(environment):
        return None
    try:
        return _ask(service, name)
    except Exception as error:  # noqa: BLE001 - whatever a bus or its absence raises: the long way is open
        _log.info("The Secret Service was not asked: %s", type(error).__name__)
        return None


def _other_keyring(environment: Mapping[str, str]) -> bool:
    """Whether the person has told `keyring` which back end to use."""
    base = environment.get("XDG_CONFIG_HOME") or f"{environment.get('HOME', '')}/.config"
    return "PYTHON_KEYRING_BACKEND" in environment or (Path(base) / "python_keyring" / "keyringrc.cfg").exists()


def _ask(service: str, name: str) -> str | None:
    from jeepney import DBusAddress, MessageType, new_method_call
    from jeepney.io.blocking import open_dbus_connection

    address = DBusAddress(_PATH, bus_name=_SERVICE, interface=_INTERFACE)
    with open_dbus_connection(bus="SESSION") as bus:

        def call(method: str, signature: str, *values: object) -> tuple[object, ...]:
            reply = bus.send_and_get_reply(new_method_call(address, method, signature, values), timeout=PATIENCE)
            if reply.header.message_type is not MessageType.method_return:
                raise LookupError(method)
            body: tuple[object, ...] = reply.body
            return body

        unlocked, _locked = call("SearchItems", "a{ss}", {"service": service, "username": name})
        if not isinstance(unlocked, list) or not unlocked:
            return None
        _, session = call("OpenSession", "sv", "plain", ("s", ""))
        (secrets,) = call("GetSecrets", "aoo", unlocked[:1], session)
        if not isinstance(secrets, dict):
            return None
        _, _, value, _ = secrets[unlocked[0]]
        return bytes(value).decode()
