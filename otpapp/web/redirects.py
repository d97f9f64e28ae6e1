"""Where people may be sent after signing in."""

import re

LONGEST = 2000
_PATH = re.compile(r"/(?![/\\])[\x21-\x5b\x5d-\x7e]*")
HOME = "/"
FOR_PROGRAMS = ("/api/", "/verify/")  # a GET of the latter sends a code


def safe_path(text: str | None) -> str:
    """Return `text` if it is a path on this site, else the home page.

    X23: no scheme, no host, no backslash, no dot segment, nothing that browsers strip or fold.
    """
    if not text or len(text) > LONGEST or not _PATH.fullmatch(text):
        return HOME
    path = re.split(r"[?#]", text)[0]
    if "//" in path or "/." in path or path == "/sign-out" or path.startswith(FOR_PROGRAMS):
        return HOME
    return text
