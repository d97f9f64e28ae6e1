"""Where a request comes from."""

from dataclasses import dataclass, field
from ipaddress import IPv6Address, ip_address


@dataclass(frozen=True)
class Visitor:
    """The address and, in our own words, the browser of a request.

    `known` holds the tokens of a browser that may have signed people in before, the newest first.
    """

    ip: str = ""
    browser: str = ""
    known: tuple[str, ...] = field(default=(), repr=False)

    @property
    def network(self) -> str:
        """The address that limits count: IPv4 as it is, IPv6 cut to its /64 (X24)."""
        if not self.ip:
            return ""
        address = ip_address(self.ip)
        if not isinstance(address, IPv6Address):
            return self.ip
        if address.ipv4_mapped:
            return str(address.ipv4_mapped)
        return str(IPv6Address(int(address) >> 64 << 64))
