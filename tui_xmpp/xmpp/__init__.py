"""The network layer on slixmpp, behind the port in core.ports."""
