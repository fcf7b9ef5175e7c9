"""Network namespaces: two hosts and a relay between them, joined by veth pairs."""

import ctypes
import fcntl
import os
import socket
import struct
import subprocess
from contextlib import contextmanager, suppress

_libc = ctypes.CDLL(None, use_errno=True)
_CLONE_NEWNET = 0x40000000
_SIOCETHTOOL = 0x8946
# ETHTOOL_STXCSUM, SSG, STSO, SGSO, SGRO: what would make a capture differ from the wire.
_OFFLOADS = (0x17, 0x19, 0x1F, 0x24, 0x2C)

CLIENT_MAC, SERVER_MAC = "02:00:00:00:00:01", "02:00:00:00:00:02"


def ip(*arguments: str, namespace: str | None = None) -> None:
    """Runs iproute2's `ip`, in a namespace if given."""
    inside = ["-n", namespace] if namespace else []
    subprocess.run(["ip", *inside, *arguments], check=True, capture_output=True, text=True)


def enter(namespace: str) -> None:
    """Moves the calling thread into a named network namespace."""
    with open(f"/run/netns/{namespace}", "rb") as handle:
        _setns(handle.fileno())


def _setns(descriptor: int) -> None:
    if _libc.setns(descriptor, _CLONE_NEWNET):
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))


@contextmanager
def inside(namespace: str):
    """Runs a block in a namespace; sockets made there stay there."""
    with open("/proc/thread-self/ns/net", "rb") as home:
        enter(namespace)
        try:
            yield
        finally:
            _setns(home.fileno())


def _no_offloads(interface: str) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as handle:
        for command in _OFFLOADS:
            value = ctypes.create_string_buffer(struct.pack("II", command, 0))
            request = struct.pack("16sP", interface.encode(), ctypes.addressof(value))
            with suppress(OSError):
                fcntl.ioctl(handle, _SIOCETHTOOL, request)


def set_sysctls(settings: dict[str, str]) -> None:
    """Sets sysctls by their dotted names in the calling thread's namespace."""
    for name, value in settings.items():
        with open("/proc/sys/" + name.replace(".", "/"), "w") as handle:
            handle.write(value)


class Network:
    """The namespaces of one case; with `loopback` both hosts are one, and there is no relay.

    `number` (1...254) makes its addresses unlike those of any case that runs beside it: that is
    how the account, which the kernel keeps for all namespaces together, is told apart.
    """

    def __init__(self, prefix: str, number: int, *, family: int, loopback: bool) -> None:
        self.loopback = loopback
        self.family = socket.AF_INET6 if family == 6 else socket.AF_INET
        network = "127.77" if loopback else "10.77"
        pattern = f"fd00:77:{number:x}::%d" if family == 6 else f"{network}.{number}.%d"
        self.addresses = {"client": pattern % 1, "server": pattern % 2}
        if loopback:
            self.namespaces = dict.fromkeys(("client", "server"), f"{prefix}-host")
            self.interface = "lo"
        else:
            self.namespaces = {side: f"{prefix}-{side}" for side in ("client", "relay", "server")}
            self.interface = "eth0"

    def up(self, settings: dict[str, str]) -> None:
        """Makes everything; `settings` are sysctls of the hosts."""
        for namespace in dict.fromkeys(self.namespaces.values()):
            ip("netns", "add", namespace)
            ip("link", "set", "lo", "up", namespace=namespace)
        if not self.loopback:
            self._join("client", CLIENT_MAC)
            self._join("server", SERVER_MAC)
            self.know_peer("client")
            self.know_peer("server")
        for side in ("client", "server"):
            with inside(self.namespaces[side]):
                set_sysctls(settings)

    def _join(self, side: str, mac: str) -> None:
        namespace, relay = self.namespaces[side], self.namespaces["relay"]
        ip("link", "add", "eth0", "address", mac, "netns", namespace,
           "type", "veth", "peer", "name", side, "netns", relay)
        with inside(namespace):
            if self.family == socket.AF_INET6:
                set_sysctls({"net.ipv6.conf.eth0.accept_dad": "0",
                             "net.ipv6.conf.eth0.router_solicitations": "0"})
            _no_offloads("eth0")
        with inside(relay):
            _no_offloads(side)
            set_sysctls({f"net.ipv6.conf.{side}.disable_ipv6": "1"})
        ip("link", "set", side, "up", namespace=relay)
        ip("link", "set", "eth0", "up", namespace=namespace)
        size = 64 if self.family == socket.AF_INET6 else 24
        ip("address", "add", f"{self.addresses[side]}/{size}", "dev", "eth0", namespace=namespace)

    def know_peer(self, side: str) -> None:
        """Gives a host its peer's link address, so that no ARP or neighbour discovery is needed."""
        peer, mac = ("server", SERVER_MAC) if side == "client" else ("client", CLIENT_MAC)
        ip("neighbour", "replace", self.addresses[peer], "lladdr", mac, "nud", "permanent",
           "dev", "eth0", namespace=self.namespaces[side])

    def down(self) -> None:
        """Removes everything that is there."""
        for namespace in dict.fromkeys(self.namespaces.values()):
            with suppress(subprocess.CalledProcessError):
                ip("netns", "delete", namespace)
