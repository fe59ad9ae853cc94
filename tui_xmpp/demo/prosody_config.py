"""The configuration of a private Prosody on loopback, as text."""

from pathlib import Path

from tui_xmpp.demo.certificates import Certificate
from tui_xmpp.model.frozen import frozen

PLUGINS = Path(__file__).parent / "plugins"
"""Prosody modules of our own."""

LOOPBACK = "127.0.0.1"

HOST_MODULES = (
    "disco", "roster", "saslauth", "tls", "blocklist", "bookmarks", "carbons", "pep", "private", "smacks", "csi",
    "vcard4", "vcard_legacy", "ping", "time", "version", "mam", "offline", "lastactivity", "leash",
)  # fmt: skip
"""What every private server offers; `leash` ties it to us."""

ROOM_MODULES = ("muc_mam",)

WEB_HOST = "localhost"
"""Where files are put and fetched (XEP-0363); a name, for the certificate."""


@frozen
class Ports:
    """Loopback ports of one server."""

    starttls: int
    direct: int
    web: int


@frozen
class ServerPlan:
    """What a private server shall be."""

    domain: str
    storage: str = "memory"
    """Prosody's storage: memory (fast, gone at exit), internal (files), sql (SQLite; needs lua-dbi-sqlite3)."""
    registration: bool = False
    """Whether anybody may register in band (XEP-0077)."""
    host_modules: tuple[str, ...] = ()
    """Modules beside `HOST_MODULES`."""
    room_modules: tuple[str, ...] = ()
    """Modules of the room service beside `ROOM_MODULES`."""
    remove_directory: Path | None = None
    """Removed by the server when the process that started it has died."""
    room_service_name: str = "Rooms"
    settings: str = ""
    """Further global settings, in Lua."""
    admins: tuple[str, ...] = ()
    largest_file: int = 10 * 1024 * 1024
    """Bytes of the largest file that can be uploaded."""

    @property
    def rooms(self) -> str:
        """The domain of the room service."""
        return f"rooms.{self.domain}"

    @property
    def files(self) -> str:
        """The domain of the upload service."""
        return f"files.{self.domain}"

    @property
    def domains(self) -> tuple[str, ...]:
        """The names that its certificate has to bear."""
        return self.domain, self.rooms, WEB_HOST


def configuration(plan: ServerPlan, directory: Path, ports: Ports, certificate: Certificate) -> str:
    """Return a Prosody 0.12 configuration that touches nothing outside `directory` and listens on loopback alone."""
    tls = f"{{ certificate = {quoted(certificate.certificate)}; key = {quoted(certificate.key)} }}"
    doomed = "" if plan.remove_directory is None else f"leash_remove_directory = {quoted(plan.remove_directory)}"
    return f"""\
pidfile = {quoted(directory / "prosody.pid")}
data_path = {quoted(directory / "data")}
log = {{ {{ levels = {{ min = "info" }}, to = "file", filename = {quoted(directory / "prosody.log")} }} }}
certificates = {quoted(certificate.certificate.parent)}
run_as_root = true -- containers have nobody else
plugin_paths = {{ {quoted(PLUGINS)} }}
leash_ready_file = {quoted(directory / "ready")}
{doomed}

interfaces = {{ {quoted(LOOPBACK)} }}
c2s_ports = {{ {ports.starttls} }}
c2s_direct_tls_ports = {{ {ports.direct} }}
c2s_require_encryption = true
ssl = {tls}
c2s_direct_tls_ssl = {tls}
http_ports = {{ }}
https_interfaces = {{ {quoted(LOOPBACK)} }}
https_ports = {{ {ports.web} }}
https_ssl = {tls}

authentication = "internal_hashed"
default_iteration_count = 4096 -- clients compute it too; these passwords protect nothing
allow_registration = {_lua_boolean(plan.registration)}
admins = {_lua_list(plan.admins)}
admin_socket = {quoted(directory / "admin.sock")}

storage = {quoted(plan.storage)}
sql = {{ driver = "SQLite3"; database = {quoted(directory / "prosody.sqlite")} }}
storage_archive_item_limit = 100000
default_archive_policy = true
archive_expires_after = "never"

modules_enabled = {_lua_list(_host_modules(plan))}
modules_disabled = {{ "s2s" }}
{plan.settings}

VirtualHost {quoted(plan.domain)}

Component {quoted(plan.rooms)} "muc"
\tname = {quoted(plan.room_service_name)}
\tmodules_enabled = {_lua_list((*ROOM_MODULES, *plan.room_modules))}
\tmuc_log_by_default = true
\tmuc_log_expires_after = "never"
\trestrict_room_creation = false

Component {quoted(plan.files)} "http_file_share"
\thttp_host = {quoted(WEB_HOST)}
\thttp_file_share_size_limit = {plan.largest_file}
\thttp_file_share_daily_quota = {100 * plan.largest_file}
"""


def quoted(value: str | Path) -> str:
    """Return a Lua string literal."""
    text = str(value).replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\0", "\\0")
    return f'"{text}"'


def _host_modules(plan: ServerPlan) -> tuple[str, ...]:
    registration = ("register_ibr",) if plan.registration else ()
    return (*HOST_MODULES, *registration, *plan.host_modules)


def _lua_list(items: tuple[str, ...]) -> str:
    return "{ " + " ".join(f"{quoted(item)};" for item in items) + " }"


def _lua_boolean(value: bool) -> str:
    return "true" if value else "false"
