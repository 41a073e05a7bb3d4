"""web_server - a server that answers as the services whose clients record_web records: web_server.py ADDRESS"""
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

PORTS = (80, 5985)


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version = "Lab/1.0"

    def answer(self, status=200, body=b"ok\n", **fields):
        self.send_response(status)
        for name, value in fields.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Content-Type", "text/plain")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def read_body(self):
        if "chunked" in self.headers.get("Transfer-Encoding", ""):
            while True:
                size = int(self.rfile.readline().split(b";")[0], 16)
                self.rfile.read(size + 2)
                if size == 0:
                    return
        self.rfile.read(int(self.headers.get("Content-Length", "0")))

    def do_any(self):
        self.read_body()
        authorization = self.headers.get("Authorization", "")
        if self.path == "/chunked":
            self.send_response(200)
            self.send_header("Transfer-Encoding", "chunked")
            self.end_headers()
            for part in (b"a" * 2000, b"b" * 10):
                self.wfile.write(b"%x;x=1\r\n%s\r\n" % (len(part), part))
            self.wfile.write(b"0\r\nX-Trailer: 1\r\n\r\n")
        elif self.path == "/empty":
            self.send_response(204)
            self.end_headers()
        elif self.path == "/basic" and not authorization:
            self.answer(401, WWW_Authenticate='Basic realm="lab, one"')
        elif self.path == "/digest" and not authorization:
            self.answer(401, WWW_Authenticate='Digest realm="lab", qop="auth", nonce="0a1b", algorithm=MD5')
        elif self.path == "/moved":
            self.answer(302, Location="/plain")
        elif self.path == "/missing":
            self.answer(404)
        elif self.path == "/close":
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b"until the end\n" * 100)
            self.close_connection = True
        elif self.command == "PROPFIND":
            self.answer(207, b"<multistatus/>")
        else:
            self.answer()

    do_GET = do_HEAD = do_POST = do_PROPFIND = do_OPTIONS = do_any

    def log_message(self, *arguments):
        pass


def main():
    servers = [ThreadingHTTPServer((sys.argv[1], port), Handler) for port in PORTS]
    for server in servers[1:]:
        threading.Thread(target=server.serve_forever, daemon=True).start()
    servers[0].serve_forever()


if __name__ == "__main__":
    main()
