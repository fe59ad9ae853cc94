"""The handlers of one client, asked only for stanzas that they can match.

slixmpp asks every handler about every stanza, and each question walks the stanza: most of its time in a flood goes
there. Here a handler is put aside by the name of the stanza, by the names of its children, or, for the answer to a
request, by its id, before it is asked; those that remain decide as ever.
"""

import logging
import re
from collections.abc import Callable
from dataclasses import dataclass

from slixmpp.xmlstream import ElementBase, StanzaBase
from slixmpp.xmlstream.handler.base import BaseHandler
from slixmpp.xmlstream.matcher import MatcherId, MatchXPath, StanzaPath
from slixmpp.xmlstream.matcher.base import MatcherBase
from slixmpp.xmlstream.matcher.idsender import MatchIDSender

_log = logging.getLogger(__name__)
_XPATH = re.compile(r"(\{[^{}]*\}[\w.-]+)(?:/(\{[^{}]*\}[\w.-]+))?")
_PATH = re.compile(r"(message|presence|iq)(?:@[^/]*)?(?:/([\w.-]+)(?:[@/].*)?)?")

Filter = Callable[[StanzaBase], StanzaBase | None]


@dataclass(slots=True)
class _Entry:
    handler: BaseHandler
    root: str = ""
    """Qualified name that the stanza must have."""
    name: str = ""
    """Local name that the stanza must have."""
    child: str = ""
    """Qualified name that one of its children must have."""
    path: str = ""
    """slixmpp's name of what one of its children must be."""


class Handlers:
    """Keeps handlers in the order of their registration; runs those that match."""

    def __init__(self) -> None:
        self._entries: list[_Entry] = []
        self._by_id: dict[str, list[BaseHandler]] = {}
        self._tags: dict[tuple[type[ElementBase], str], tuple[object, frozenset[str]]] = {}

    def add(self, handler: BaseHandler) -> None:
        """Take a handler in, after all others."""
        key = _request_id(handler)
        if key is None:
            self._entries.append(_entry(handler))
        else:
            self._by_id.setdefault(key, []).append(handler)

    def remove(self, name: str) -> bool:
        """Take out the first handler of this name; False where there is none."""
        for entry in self._entries:
            if entry.handler.name == name:
                self._entries.remove(entry)
                return True
        for key, handlers in self._by_id.items():
            for handler in handlers:
                if handler.name == name:
                    self._drop_request(key, handler)
                    return True
        return False

    def run(self, stanza: StanzaBase) -> bool:
        """Run all that match; False if none did. What one of them raises stays with it."""
        matched = self._matching(stanza)
        for handler in matched:
            try:
                handler.prerun(stanza)
                handler.run(stanza)
            except Exception as error:  # noqa: BLE001 - the boundary towards handlers
                stanza.exception(error)
            if handler.check_delete():
                self._discard(handler)
        return bool(matched)

    def _matching(self, stanza: StanzaBase) -> list[BaseHandler]:
        xml = stanza.xml
        children = {child.tag for child in xml}
        matched = []
        for entry in self._entries:
            if entry.root and entry.root != xml.tag:
                continue
            if entry.name and entry.name != stanza.name:
                continue
            if entry.child and entry.child not in children:
                continue
            if entry.path and not self._may_hold(stanza, entry.path, children):
                continue
            if _matches(entry.handler, stanza):
                matched.append(entry.handler)
        matched += [handler for handler in self._by_id.get(xml.get("id", ""), ()) if _matches(handler, stanza)]
        return matched

    def _may_hold(self, stanza: StanzaBase, path: str, children: set[str]) -> bool:
        """Whether a child may be what `path` names; the library's table of them may still grow."""
        kind = type(stanza)
        known = self._tags.get((kind, path))
        if known is None or known[0] is not kind.plugin_tag_map:
            known = self._tags[kind, path] = (kind.plugin_tag_map, _tags_of(kind, path))
        return not known[1] or not known[1].isdisjoint(children)

    def _discard(self, handler: BaseHandler) -> None:
        key = _request_id(handler)
        if key is not None:
            self._drop_request(key, handler)
            return
        for entry in self._entries:
            if entry.handler is handler:
                self._entries.remove(entry)
                return

    def _drop_request(self, key: str, handler: BaseHandler) -> None:
        left = [other for other in self._by_id.get(key, ()) if other is not handler]
        if left:
            self._by_id[key] = left
        else:
            self._by_id.pop(key, None)


def _matcher(handler: BaseHandler) -> MatcherBase:
    return handler._matcher  # noqa: SLF001 - slixmpp has no other way to ask


def _request_id(handler: BaseHandler) -> str | None:
    matcher = _matcher(handler)
    if type(matcher) is MatchIDSender:
        return matcher._criteria["id"]  # noqa: SLF001 - as above
    if type(matcher) is MatcherId:
        return matcher._criteria  # noqa: SLF001 - as above
    return None


def _entry(handler: BaseHandler) -> _Entry:
    matcher = _matcher(handler)
    if type(matcher) is MatchXPath:
        found = _XPATH.fullmatch(matcher._criteria)  # noqa: SLF001 - as above
        return _Entry(handler) if found is None else _Entry(handler, root=found[1], child=found[2] or "")
    if type(matcher) is StanzaPath:
        found = _PATH.fullmatch(matcher._raw_criteria)  # noqa: SLF001 - as above
        return _Entry(handler) if found is None else _Entry(handler, name=found[1], path=found[2] or "")
    return _Entry(handler)


def _tags_of(kind: type[ElementBase], path: str) -> frozenset[str]:
    """Names of the children that slixmpp may call `path` in a stanza of this kind; empty: any."""
    if path in kind.sub_interfaces:
        return frozenset()
    plugins = kind.plugin_tag_map.items()
    return frozenset(
        tag for tag, plugin in plugins if path in {plugin.plugin_attrib, plugin.plugin_multi_attrib, plugin.name}
    )


def _matches(handler: BaseHandler, stanza: StanzaBase) -> bool:
    try:
        return handler.match(stanza)
    except Exception:  # noqa: BLE001 - the boundary towards handlers: a bad address, for one, raises here
        _log.warning("the handler %s could not read a stanza", handler.name, exc_info=True)
        return False
