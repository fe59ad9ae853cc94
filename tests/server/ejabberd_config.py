"""The configuration of a private ejabberd on loopback, as a value that is written as JSON (which YAML contains)."""

from dataclasses import dataclass
from pathlib import Path

from tui_xmpp.demo.prosody_config import LOOPBACK, WEB_HOST

Value = str | int | bool | list["Value"] | dict[str, "Value"]


@dataclass(frozen=True, slots=True)
class EjabberdPorts:
    """Loopback ports; `api` takes commands over HTTP, from loopback, without a password, `web` takes files."""

    starttls: int
    direct: int
    api: int
    web: int


@dataclass(frozen=True, slots=True)
class Options:
    """What tests choose."""

    registration: bool = True
    resumable: int = 300
    """Seconds that a lost stream is held for its resumption (XEP-0198)."""
    lasting_rooms: bool = False
    """Whether new rooms outlive a restart."""


def configuration(domain: str, certificate: Path, ports: EjabberdPorts, options: Options) -> dict[str, Value]:
    """Return the configuration; `certificate` is one PEM file with certificate and key."""
    everybody: Value = {"allow": "all"}
    stream: dict[str, Value] = {"ip": LOOPBACK, "module": "ejabberd_c2s", "access": "everybody"}
    modules: dict[str, Value] = {
        name: {}
        for name in (
            "mod_adhoc", "mod_admin_extra", "mod_blocking", "mod_caps", "mod_carboncopy", "mod_client_state",
            "mod_disco", "mod_http_api", "mod_last", "mod_muc_admin", "mod_offline", "mod_ping", "mod_privacy",
            "mod_private", "mod_time", "mod_vcard", "mod_version",
        )
    }  # fmt: skip
    modules |= {
        "mod_mam": {"default": "always", "assume_mam_usage": True},
        "mod_muc": {
            "host": f"rooms.{domain}",
            "access": ["allow"],
            "access_create": ["allow"],
            "access_persistent": ["allow"],
            "access_mam": ["allow"],
            "default_room_options": {"mam": True, "persistent": options.lasting_rooms},
        },
        "mod_stream_mgmt": {"resume_timeout": options.resumable, "resend_on_timeout": "if_offline"},
        "mod_pubsub": {"access_createnode": "everybody", "plugins": ["flat", "pep"]},
        "mod_roster": {"versioning": True},
        "mod_http_upload": {
            "host": f"files.{domain}",
            "put_url": f"https://{WEB_HOST}:{ports.web}/upload",
            "docroot": str(certificate.parent / "uploads"),
            "secret_length": 32,
            "max_size": 10_485_760,
            "access": "everybody",
        },
    }
    if options.registration:
        modules["mod_register"] = {"ip_access": "everybody", "password_strength": 0}
    return {
        "loglevel": "info",
        "hosts": [domain],
        "certfiles": [str(certificate)],
        "registration_timeout": "infinity",
        "auth_password_format": "scram",
        "disable_sasl_mechanisms": ["digest-md5", "X-OAUTH2"],
        "access_rules": {"everybody": everybody},
        "api_permissions": {"from loopback": {"who": {"ip": f"{LOOPBACK}/8"}, "what": "*"}},
        "listen": [
            {**stream, "port": ports.starttls, "starttls_required": True},
            {**stream, "port": ports.direct, "tls": True},
            {
                "ip": LOOPBACK,
                "port": ports.api,
                "module": "ejabberd_http",
                "request_handlers": {"/api": "mod_http_api"},
            },
            {
                "ip": LOOPBACK,
                "port": ports.web,
                "module": "ejabberd_http",
                "tls": True,
                "request_handlers": {"/upload": "mod_http_upload"},
            },
        ],
        "modules": modules,
    }
