"""Places for files on our server's upload service (XEP-0363): who gives them, asking for one, reading the answer."""

import asyncio
import logging
import re
from urllib.parse import urlsplit
from xml.etree.ElementTree import Element

from tui_xmpp.errors import RequestFailed, TransferFailed, UploadRefused
from tui_xmpp.model.address import Address
from tui_xmpp.model.sending import Slot, UploadService, too_large_words
from tui_xmpp.xmpp import disco, names, parse
from tui_xmpp.xmpp.build import xml_text
from tui_xmpp.xmpp.conditions import TIMEOUT
from tui_xmpp.xmpp.iq import Refused, Requests
from tui_xmpp.xmpp.line import Line

_log = logging.getLogger(__name__)

_SERVICES_LIMIT = 50
"""Most services of a server that are asked what they are."""
_URL_LIMIT = 8_192
_LARGEST = 2**62
_HEADERS = {"authorization": "Authorization", "cookie": "Cookie", "expires": "Expires"}
"""What a server may have us send along (§5), as it is written."""
_NOT_IN_URL = re.compile(r"[^\x21-\x7e]|[\"<>\\^`{|}#]")
_NOT_IN_HEADER = re.compile(r"[^\t\x20-\x7e]")

_QUERY = names.tag(names.DISCO_INFO, "query")
_FORM = names.tag(names.FORM, "x")
_FIELD = names.tag(names.FORM, "field")
_VALUE = names.tag(names.FORM, "value")
_REQUEST = names.tag(names.UPLOAD, "request")
_SLOT = names.tag(names.UPLOAD, "slot")
_ERROR = names.tag(names.CLIENT, "error")
_TOO_LARGE = f"{names.tag(names.CLIENT, 'error')}/{names.tag(names.UPLOAD, 'file-too-large')}"
_RETRY = f"{names.tag(names.CLIENT, 'error')}/{names.tag(names.UPLOAD, 'retry')}"


class Uploads:
    """Asks for places; what the server offers is asked once on each stream."""

    def __init__(self, line: Line, requests: Requests) -> None:
        self._line = line
        self._requests = requests
        self._service: UploadService | None = None

    def reset(self) -> None:
        """Another stream: ask again."""
        self._service = None

    async def service(self) -> UploadService | None:
        """Return who takes files for us (§4); None: nobody. Raises TransferFailed, nobody said so; Unavailable."""
        if self._service is None:
            self._service = await self._find()
        return self._service

    async def _find(self) -> UploadService | None:
        domain = Address(self._line.own.domain)
        try:
            items = await disco.ask_items(self._requests, domain, _SERVICES_LIMIT)
        except RequestFailed as error:
            if _is_passing(error):
                raise TransferFailed(error.message) from error
            _log.info("the server does not tell its services: %s", error.condition)
            items = ()
        places = [domain, *(address for address, _ in items if not address.local and address != domain)]
        answers = await asyncio.gather(*(self._ask(place) for place in places))
        found = next((answer for answer in answers if isinstance(answer, UploadService)), None)
        unsaid = next((answer for answer in answers if isinstance(answer, RequestFailed)), None)
        if found is None and unsaid is not None:
            raise TransferFailed(unsaid.message) from unsaid
        return found

    async def _ask(self, place: Address) -> UploadService | RequestFailed | None:
        """Return the service that it is, or why it may be one though it did not say so."""
        try:
            query = (await self._requests.get(Element(_QUERY), place)).find(_QUERY)
        except RequestFailed as error:
            return error if _is_passing(error) else None
        return None if query is None else read_service(query, place)

    async def slot(self, service: Address, name: str, size: int, kind: str) -> Slot:
        """Ask for a place for a file (§5). Raises UploadRefused; TransferFailed, to be tried again; Unavailable."""
        request = Element(_REQUEST, {"filename": xml_text(name), "size": str(size), "content-type": xml_text(kind)})
        try:
            answer = await self._requests.get(request, service)
        except Refused as refusal:
            raise refused(refusal) from refusal
        except RequestFailed as error:
            raise TransferFailed(error.message) from error
        return read_slot(answer)


def read_service(query: Element, address: Address) -> UploadService | None:
    """Read an answer to disco#info: whether this takes files, and how large ones (§4)."""
    if names.UPLOAD not in disco.parse_info(query).features:
        return None
    for form in query.findall(_FORM):
        fields = {field.get("var", ""): field.findtext(_VALUE, "") for field in form.findall(_FIELD)}
        if fields.get("FORM_TYPE") == names.UPLOAD:
            return UploadService(address, _bytes(fields.get("max-file-size", "")))
    return UploadService(address)


def read_slot(answer: Element) -> Slot:
    """Read an answer with a place; of its headers those that are allowed, in one line each. Raises UploadRefused."""
    slot = answer.find(_SLOT)
    put = None if slot is None else slot.find(names.tag(names.UPLOAD, "put"))
    get = None if slot is None else slot.find(names.tag(names.UPLOAD, "get"))
    if put is None or get is None:
        raise UploadRefused("The server gave no place for the file.")
    headers: dict[str, str] = {}
    for header in put.findall(names.tag(names.UPLOAD, "header")):
        name = _HEADERS.get(_NOT_IN_HEADER.sub("", header.get("name", "")).strip().lower())
        if name is not None:
            headers.setdefault(name, _NOT_IN_HEADER.sub("", header.text or "").strip())
    return Slot(_https(put.get("url", "")), _https(get.get("url", "")), tuple(headers.items()))


def refused(refusal: Refused) -> UploadRefused | TransferFailed:
    """Say in plain words why there is no place (§5.1, §5.2), or only just now none."""
    stanza = refusal.stanza
    too_large = stanza.find(_TOO_LARGE)
    if too_large is not None:
        largest = _bytes(too_large.findtext(names.tag(names.UPLOAD, "max-file-size"), ""))
        return UploadRefused(too_large_words(largest), condition=refusal.condition)
    retry = stanza.find(_RETRY)
    again = None if retry is None else parse.timestamp(retry.get("stamp"))
    words = parse.error_text(stanza)
    said = f" (“{words}”)" if words else ""
    if refusal.condition == "resource-constraint":
        return UploadRefused(
            f"You have uploaded as much as your server allows for now.{said}", condition=refusal.condition, again=again
        )
    if refusal.condition in {"forbidden", "not-allowed", "not-authorized"}:
        return UploadRefused(f"Your server does not let you upload files.{said}", condition=refusal.condition)
    if refusal.condition == "not-acceptable":
        return UploadRefused(f"Your server does not take such a file.{said}", condition=refusal.condition)
    if again is None and _is_passing(refusal):
        return TransferFailed(refusal.message)
    return UploadRefused(refusal.message, condition=refusal.condition, again=again)


def _is_passing(error: RequestFailed) -> bool:
    """Whether it may be otherwise in a moment: nobody answered, or the answer is to wait (RFC 6120 §8.3.2)."""
    if error.condition == TIMEOUT:
        return True
    found = error.stanza.find(_ERROR) if isinstance(error, Refused) else None
    return found is not None and found.get("type") == "wait"


def _bytes(text: str) -> int | None:
    text = text.strip()
    is_number = text.isascii() and text.isdecimal() and len(text) < 20
    return int(text) if is_number and 0 < int(text) < _LARGEST else None


def _https(url: str) -> str:
    """Return an address over TLS that has nothing in it but the address. Raises UploadRefused."""
    try:
        parts = urlsplit(url)
        fits = parts.scheme == "https" and bool(parts.hostname) and parts.username is None
        _ = parts.port
    except ValueError:
        fits = False
    if not fits or len(url) > _URL_LIMIT or _NOT_IN_URL.search(url):
        _log.warning("the upload service named an address that is not a plain https one")
        raise UploadRefused("The server named a place for the file that is not safe, so nothing was sent there.")
    return url
