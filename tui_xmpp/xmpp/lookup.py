"""Where a domain's server may be: SRV records for both kinds of TLS, in the order to try (RFC 2782, XEP-0368)."""

import asyncio
import logging
import secrets
from collections.abc import Callable, Sequence

import aiodns
from pycares import AresError, SRVRecordData

from tui_xmpp.model.account import AccountSettings, TlsMode
from tui_xmpp.model.frozen import frozen

_log = logging.getLogger(__name__)
STARTTLS_PORT = 5222
DIRECT_PORT = 5223
_LOOKUP_TIMEOUT = 5.0
_MOST_TARGETS = 8
_SERVICES = {False: "_xmpp-client._tcp", True: "_xmpps-client._tcp"}


@frozen
class Target:
    """One place to try; `direct` when TLS begins at once."""

    host: str
    port: int
    direct: bool


@frozen
class Record:
    """One SRV record (RFC 2782)."""

    priority: int
    weight: int
    target: Target


def fixed_targets(settings: AccountSettings) -> list[Target]:
    """The places to try for a host that a person has set; for `auto` both kinds, the likelier first."""
    return _both(settings.host, settings.port, settings.tls)


def fallback_targets(domain: str, mode: TlsMode) -> list[Target]:
    """The places to try where DNS names none (RFC 6120 §3.2.2)."""
    return _both(domain, 0, mode)


def _both(host: str, port: int, mode: TlsMode) -> list[Target]:
    starttls = Target(host, port or STARTTLS_PORT, direct=False)
    direct = Target(host, port or DIRECT_PORT, direct=True)
    match mode:
        case TlsMode.STARTTLS:
            return [starttls]
        case TlsMode.DIRECT:
            return [direct]
        case TlsMode.AUTO:
            return [direct, starttls] if port in {DIRECT_PORT, 443} else [starttls, direct]


def in_order(records: Sequence[Record], pick: Callable[[int], int] = secrets.randbelow) -> list[Target]:
    """Sort by priority, and draw among equals by weight; at most eight, and none for the host `.`.

    `pick(n)` gives a number below n.
    """
    ordered: list[Target] = []
    for priority in sorted({record.priority for record in records}):
        left = sorted((r for r in records if r.priority == priority), key=lambda record: record.weight)
        while left:
            drawn = pick(sum(record.weight for record in left) + 1)
            for record in left:
                drawn -= record.weight
                if drawn <= 0:
                    break
            left.remove(record)
            ordered.append(record.target)
    return [target for target in ordered if target.host][:_MOST_TARGETS]


async def srv_targets(domain: str, mode: TlsMode, resolver: aiodns.DNSResolver | None = None) -> list[Target]:
    """Look up both services at once; an empty list when there is no record or no answer in 5 s. Never raises.

    `resolver` for a name server of one's own.
    """
    kinds = [direct for direct in (True, False) if mode is not (TlsMode.STARTTLS if direct else TlsMode.DIRECT)]
    try:
        own = aiodns.DNSResolver(timeout=2.0, tries=2) if resolver is None else resolver
    except (aiodns.error.DNSError, AresError, OSError):
        _log.warning("SRV records cannot be looked up", exc_info=True)
        return []
    try:
        async with asyncio.timeout(_LOOKUP_TIMEOUT):
            found = await asyncio.gather(*(_records(own, domain, direct=direct) for direct in kinds))
    except TimeoutError:
        return []
    finally:
        if resolver is None:
            await own.close()
    return in_order([record for records in found for record in records])


async def _records(resolver: aiodns.DNSResolver, domain: str, *, direct: bool) -> list[Record]:
    try:
        result = await resolver.query_dns(f"{_SERVICES[direct]}.{domain}", "SRV")
    except aiodns.error.DNSError as error:
        _log.debug("no SRV records %s for %s: %s", _SERVICES[direct], domain, error.args)
        return []
    records = []
    for answer in result.answer:
        data = answer.data
        if isinstance(data, SRVRecordData):  # an alias (CNAME) may stand beside the records
            records.append(Record(data.priority, data.weight, Target(data.target.rstrip("."), data.port, direct)))
    return records
