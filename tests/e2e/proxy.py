"""A proxy before a MySQL server: it cuts connections where a test wants it, and changes what passes.

All is decided by functions the test sets at any time: budgets for each connection, `rewrite` for each
statement that passes, `damage` for what the server sends.
"""

import contextlib
import socket
import struct
import threading

PIECE = 1 << 16
HEADER_BYTES = 4  # of a packet: three of length, one that counts
COM_QUERY = 3
LINGER_NOT = struct.pack("ii", 1, 0)


class Link:
    """One connection through the proxy; one thread per direction."""

    def __init__(self, proxy, client):
        self.proxy = proxy
        self.client = client
        self.server = socket.create_connection(("127.0.0.1", proxy.server_port))
        self.left = {}
        self.limit()
        self.buffer = b""
        for side, source, target in (("to server", client, self.server),
                                     ("to client", self.server, client)):
            threading.Thread(target=self.pump, args=(side, source, target), daemon=True).start()

    def limit(self):
        budgets = self.proxy.budgets() if self.proxy.budgets else (None, None)
        self.left = dict(zip(("to server", "to client"), budgets))

    def pump(self, side, source, target):
        with contextlib.suppress(OSError):
            while data := source.recv(PIECE):
                if side == "to server":
                    data = self.whole_packets(data)
                elif self.proxy.damage is not None:
                    data = self.proxy.damage(data)
                left = self.left[side]
                target.sendall(data if left is None else data[:left])
                if left is not None:
                    self.left[side] = left - len(data)
                    if self.left[side] <= 0:
                        self.proxy.cuts += 1
                        break
        self.close()

    def whole_packets(self, data):
        """What of the client's bytes are whole packets, with their statements changed."""
        if self.proxy.rewrite is None and not self.buffer:
            return data
        self.buffer += data
        out = b""
        while len(self.buffer) >= HEADER_BYTES:
            end = HEADER_BYTES + int.from_bytes(self.buffer[:3], "little")
            if len(self.buffer) < end:
                break
            header, body = self.buffer[:HEADER_BYTES], self.buffer[HEADER_BYTES:end]
            if self.proxy.on_command is not None and header[3] == 0 and body:
                self.proxy.on_command(self, body[0])
            if self.proxy.rewrite is not None and header[3] == 0 and body[:1] == bytes([COM_QUERY]):
                statement = self.proxy.rewrite(body[1:].decode()).encode()
                body = body[:1] + statement
                header = len(body).to_bytes(3, "little") + header[3:]
            out += header + body
            self.buffer = self.buffer[end:]
        return out

    def close(self):
        """At once, as a network does: what was not read by the other side is lost."""
        self.proxy.links.discard(self)
        for end in (self.client, self.server):
            with contextlib.suppress(OSError):
                end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, LINGER_NOT)
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()


class Proxy:
    def __init__(self, server_port):
        self.server_port = server_port
        self.rewrite = None  # statement -> statement
        self.on_command = None  # called with (link, code) before a command passes; needs rewrite
        self.damage = None  # bytes to the client -> as many other bytes
        self.budgets = None
        self.links = set()
        self.cuts = 0
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self.accept, daemon=True).start()

    def limit(self, budgets):
        """From now on each connection, those there are too, lets so many bytes through as budgets()
        returns (to the server, to the client; None: unlimited); budgets itself may be None."""
        self.budgets = budgets
        for link in list(self.links):
            link.limit()

    def accept(self):
        with contextlib.suppress(OSError):
            while True:
                client, _ = self.listener.accept()
                try:
                    self.links.add(Link(self, client))
                except OSError:  # the server is away
                    client.close()
