"""What kind of network an address is in (SECURITY 24)."""

import pytest

from tui_xmpp.web.reach import Reach, reach_of


@pytest.mark.parametrize(
    ("address", "reach"),
    [
        ("9.9.9.9", Reach.PUBLIC),
        ("2620:fe::9", Reach.PUBLIC),
        ("127.0.0.1", Reach.LOOPBACK),
        ("127.8.8.8", Reach.LOOPBACK),
        ("::1", Reach.LOOPBACK),
        ("::ffff:127.0.0.1", Reach.LOOPBACK),
        ("10.1.2.3", Reach.PRIVATE),
        ("172.16.0.1", Reach.PRIVATE),
        ("192.168.1.1", Reach.PRIVATE),
        ("100.64.0.1", Reach.PRIVATE),
        ("::ffff:192.168.1.1", Reach.PRIVATE),
        ("fd00::1", Reach.PRIVATE),
        ("fec0::1", Reach.PRIVATE),
        ("64:ff9b:1::1", Reach.PRIVATE),
        ("169.254.169.254", Reach.LINK_LOCAL),
        ("::ffff:169.254.169.254", Reach.LINK_LOCAL),
        ("fe80::1%eth0", Reach.LINK_LOCAL),
        ("64:ff9b::7f00:1", Reach.LOOPBACK),
        ("64:ff9b::909:909", Reach.PUBLIC),
        ("2002:c0a8:101::1", Reach.PRIVATE),
        ("0.0.0.0", Reach.NOWHERE),
        ("0.1.2.3", Reach.NOWHERE),
        ("::", Reach.NOWHERE),
        ("::127.0.0.1", Reach.NOWHERE),
        ("224.0.0.1", Reach.NOWHERE),
        ("255.255.255.255", Reach.NOWHERE),
        ("ff02::1", Reach.NOWHERE),
        ("2001:0:53aa:64c:0:0:80ff:fffe", Reach.NOWHERE),
    ],
)
def test_every_way_to_write_an_address_is_seen_through(address: str, reach: Reach) -> None:
    assert reach_of(address) is reach


def test_a_name_is_no_address() -> None:
    with pytest.raises(ValueError, match="localhost"):
        reach_of("localhost")
