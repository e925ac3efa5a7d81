"""Asking a server that answers as it is told."""

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from bench.asking import CSRF, SAMPLES, Ask, Line, Wrong, compare


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    asked: list[tuple[str, str, str]] = []

    def do_GET(self):
        self.asked.append((self.path, self.headers["Cookie"], self.headers["X-Forwarded-Proto"]))
        body = b"row row"
        self.send_response(500 if self.path == "/broken" else 200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
        if self.path == "/goodbye":
            self.close_connection = True

    def log_message(self, *args):
        pass


@pytest.fixture
def line():
    Handler.asked = []
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, args=[0.01], daemon=True).start()
    yield Line(server.server_address[1])
    server.shutdown()
    server.server_close()


def test_somebody_signed_in_asks_as_over_https(line):
    seconds, body = line.get(Ask("/page", "key", "row", 2))
    assert seconds > 0
    assert body == b"row row"
    assert Handler.asked == [("/page", f"sessionid=key; csrftoken={CSRF}", "https")]


@pytest.mark.parametrize("ask", [Ask("/broken", "", "row"), Ask("/", "", "other"), Ask("/", "", "row", 3)])
def test_a_wrong_answer_is_no_measurement(line, ask):
    with pytest.raises(Wrong):
        line.get(ask)


def test_a_connection_that_the_server_has_closed_is_opened_again(line):
    line.get(Ask("/goodbye", "", "row"))
    line.get(Ask("/next", "", "row"))
    assert [path for path, *_ in Handler.asked] == ["/goodbye", "/next"]


def test_ours_and_the_floor_alternate_and_the_first_round_is_dropped(line):
    ours, floor = Ask("/ours", "", "row"), Ask("/floor", "", "row")
    (result,) = compare(line, [("one", ours, floor)], rounds=2)
    assert [path for path, *_ in Handler.asked] == ["/floor", "/ours"] * SAMPLES * 3
    assert len(result.ours) == len(result.baseline) == 2
