"""Servers on loopback that a sender may meet: SMTP by script, good or rude, and an SMS gateway."""

import json
import socket
import socketserver
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from email import message_from_bytes, policy
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

USUAL = {
    "CONNECT": "220 mail.example.org",
    "EHLO": "250 mail.example.org",
    "MAIL": "250 sender taken",
    "RCPT": "250 receiver taken",
    "DATA": "354 go on",
    ".": "250 taken",
    "NOOP": "250 nothing done",
    "RSET": "250 forgotten",
    "QUIT": "221 goodbye",
    "AUTH": "235 ok",
}
HANG_UP = "hang up"
SAY_NOTHING = "say nothing"


class ScriptedSmtp(socketserver.ThreadingTCPServer):
    """Answers as `replies` say, by verb; `drip` is the pause in seconds before each byte.

    A reply may hold `{subject}`, as servers quote what they refuse. `conversations` holds the verbs
    of each connection, `mails` what was handed over in full. `pauses` are seconds before a reply.
    """

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self, replies: dict[str, str] | None = None, drip: float = 0, port: int = 0):
        super().__init__(("127.0.0.1", port), _Conversation)
        self.replies = {**USUAL, **(replies or {})}
        self.drip = drip
        self.pauses: dict[str, float] = {}
        self.port: int = self.server_address[1]
        self.conversations: list[list[str]] = []
        self.mails: list[EmailMessage] = []
        self.open: list[socket.socket] = []
        self._only_once: set[str] = set()

    def __enter__(self) -> "ScriptedSmtp":
        threading.Thread(target=self.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(self, *_) -> None:
        self.hang_up()
        self.shutdown()
        self.server_close()

    def once(self, verb: str, reply: str) -> None:
        """Give this reply to the next such verb, and the usual one from then on."""
        self.replies[verb] = reply
        self._only_once.add(verb)

    def reply(self, verb: str) -> str:
        """Return what the script has for `verb` now."""
        found = self.replies.get(verb, "500 what?")
        if verb in self._only_once:
            self._only_once.remove(verb)
            self.replies[verb] = USUAL[verb]
        return found

    def hang_up(self, goodbye: str = "") -> None:
        """End every connection, perhaps with a last word."""
        for line in self.open:
            with suppress(OSError):
                line.sendall(f"{goodbye}\r\n".encode() if goodbye else b"")
                line.shutdown(socket.SHUT_RDWR)
        self.open.clear()


class _Conversation(socketserver.StreamRequestHandler):
    server: ScriptedSmtp
    disable_nagle_algorithm = True

    def handle(self) -> None:
        self.server.open.append(self.connection)
        verbs: list[str] = []
        self.server.conversations.append(verbs)
        with suppress(OSError):
            go_on = self._reply("CONNECT")
            while go_on and (line := self.rfile.readline()):
                verb = line.split()[0].decode().upper() if line.strip() else ""
                verbs.append(verb)
                go_on = self._reply(verb)
                if verb == "DATA" and go_on and self.server.replies[verb].startswith("354"):
                    go_on = self._take_mail()

    def _take_mail(self) -> bool:
        lines = []
        while (line := self.rfile.readline()) not in (b".\r\n", b""):
            lines.append(line)
        mail = message_from_bytes(b"".join(lines), policy=policy.default)
        self.server.mails.append(mail)
        return self._reply(".", str(mail["Subject"]))

    def _reply(self, verb: str, subject: str = "") -> bool:
        """Say what the script has for `verb`; False where the conversation ends."""
        reply = self.server.reply(verb)
        if reply == HANG_UP:
            return False
        if reply == SAY_NOTHING:
            while self.rfile.read(1):
                pass
            return False
        time.sleep(self.server.pauses.get(verb, 0))
        for letter in (reply.replace("{subject}", subject) + "\r\n").encode():
            time.sleep(self.server.drip)
            self.wfile.write(bytes([letter]))
        return verb != "QUIT"


class SmsGateway(ThreadingHTTPServer):
    """Takes text messages as JSON, one a POST; `status` is what it answers."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _SmsRequest)
        self.url = f"json://127.0.0.1:{self.server_address[1]}/{{to}}"
        self.status = 200
        self.answer: Callable[[str], str] = lambda body: "ok"
        self.received: list[tuple[str, str]] = []

    def __enter__(self) -> "SmsGateway":
        threading.Thread(target=self.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(self, *_) -> None:
        self.shutdown()
        self.server_close()

    @property
    def bodies(self) -> list[str]:
        """The texts that were taken or refused, the oldest first."""
        return [body for _, body in self.received]


class _SmsRequest(BaseHTTPRequestHandler):
    server: SmsGateway

    def do_POST(self) -> None:  # noqa: N802 - http.server's name
        """Take one text message, or refuse it."""
        length = int(self.headers["Content-Length"])
        body = json.loads(self.rfile.read(length))["message"]
        self.server.received.append((self.path, body))
        answer = self.server.answer(body).encode()
        self.send_response(self.server.status)
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *_) -> None:
        """Print nothing."""
