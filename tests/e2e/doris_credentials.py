# ctest: doris_credentials, 120 s, fast
"""The password is not sent where it was not meant to go.

A Doris frontend over TLS, played by this test, redirects a load to http, or to a host that
'benodes' does not name; and a query port without TLS waits for a login.
"""

import http.server
import json
import socket
import ssl
import subprocess
import threading

from servers import Millrace, expect, main, playground, say

SCRIPT = """
CREATE TABLE made (id BIGINT) WITH (
  'connector' = 'datagen', 'number-of-rows' = '5', 'fields.id.kind' = 'sequence',
  'fields.id.start' = '1', 'fields.id.end' = '5');
CREATE TABLE sink (id BIGINT) WITH (
  'connector' = 'doris', 'fenodes' = '127.0.0.1:{port}', 'table.identifier' = 'd.t',
  'username' = 'root', 'password' = 'word', 'query-port' = '{query_port}',
  {options});
INSERT INTO sink SELECT id FROM made;
"""

SCHEMA = {"keysType": "UNIQUE_KEYS",
          "properties": [{"name": "id", "type": "BIGINT", "aggregation_type": ""}]}
# Protocol 10, no capability of TLS.
GREETING = (b"\x0a5.7.99\0\1\0\0\0abcdefgh\0\x01\x82\x21\x02\0\x08\0\x15" + bytes(10) +
            b"ijklmnopqrst\0mysql_native_password\0")


class Server:
    """An HTTP server that answers like a frontend and remembers what it is asked."""

    def __init__(self, certificate=None, redirect_to=None):
        requests = self.requests = []

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def answer(self, status, body=b"", **headers):
                self.send_response_only(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def handle_expect_100(self):
                return True

            def do_GET(self):
                requests.append((self.path, self.headers.get("Authorization")))
                data = "UNKNOWN" if "get_load_state" in self.path else SCHEMA
                self.answer(200, json.dumps({"code": 0, "msg": "success", "data": data}).encode())

            def do_PUT(self):
                requests.append((self.path, self.headers.get("Authorization")))
                if redirect_to:
                    self.answer(307, Location=f"{redirect_to}{self.path}", Connection="close")
                else:
                    self.answer(200, b'{"Status":"Fail","Message":"x"}', Connection="close")
                self.close_connection = True

            def log_message(self, *arguments):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.port = self.server.server_address[1]
        if certificate:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(certificate)
            self.server.socket = context.wrap_socket(self.server.socket, server_side=True)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()


class QueryPort:
    """A MySQL server without TLS that remembers what a client sends after its greeting."""

    def __init__(self):
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        self.connections = 0
        self.received = b""
        threading.Thread(target=self.serve, daemon=True).start()

    def serve(self):
        while True:
            connection, _ = self.listener.accept()
            self.connections += 1
            with connection:
                connection.sendall(len(GREETING).to_bytes(3, "little") + b"\0" + GREETING)
                while data := connection.recv(4096):
                    self.received += data


def certificate_in(folder):
    path = folder / "server.pem"
    subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2",
                    "-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1",
                    "-keyout", path, "-out", folder / "ca.pem"], check=True, capture_output=True)
    path.write_bytes(path.read_bytes() + (folder / "ca.pem").read_bytes())
    return path


def credentials():
    with playground("doris-credentials") as (folder, _):
        certificate = certificate_in(folder)
        query = QueryPort()

        def run(name, frontend, options, sql=None):
            script = folder / f"{name}.sql"
            script.write_text(SCRIPT.format(port=frontend.port, query_port=query.port,
                                            options=options) if sql is None else sql)
            return Millrace(folder / name, folder / f"state-{name}").once(script)

        tls = f"'doris.enable.tls' = 'true', 'doris.tls.ca-certificate-path' = '{folder}/ca.pem'"
        plain = Server()
        frontend = Server(certificate, f"http://127.0.0.1:{plain.port}")
        status, out, err = run("downgrade", frontend, tls)
        expect(status == 3, f"a redirect to http ends with {status}\n{out}{err}")
        expect("redirected from https to http" in err, f"the refusal is not said\n{err}")
        expect(frontend.requests, "the frontend was not asked over TLS")
        expect(not plain.requests, f"the plain server was asked: {plain.requests}")
        say("a redirect from https to http is refused")

        other = Server()
        backend = Server(None, f"http://127.0.0.1:{other.port}")
        status, out, err = run("foreign", Server(), f"'benodes' = '127.0.0.1:{backend.port}'")
        expect(status == 3, f"a redirect to another host ends with {status}\n{out}{err}")
        expect("is not one of the given hosts" in err, f"the refusal is not said\n{err}")
        expect(not other.requests, f"the other server was asked: {other.requests}")
        say("a redirect to a host outside of 'benodes' is refused")

        query.received = b""
        query.connections = 0
        status, out, err = run("query", frontend, tls, sql=SCRIPT.format(
            port=frontend.port, query_port=query.port, options=tls).split("INSERT")[0] +
            "SELECT id FROM sink;")
        expect(status == 3, f"reading over a query port without TLS ends with {status}\n{out}{err}")
        expect("excluded-protocols" in err, f"the refusal does not say what to do\n{err}")
        expect(query.connections > 0 and not query.received,
               f"the query port received {query.received}")
        say("no login is sent to a query port without TLS")


if __name__ == "__main__":
    main(credentials)
