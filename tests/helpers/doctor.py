"""What flask doctor says of an app behind a real proxy."""

import json

from tests.helpers.gated import Gated

PROXY = {"OTPAPP_TRUSTED_PROXIES": "1"}


def ask(site: Gated, *arguments: str, name: str = "wiki", **environ: str) -> tuple[int, str]:
    """Run the doctor on an app; return how it ends and what it says is wrong."""
    port = site.apps[name].rpartition(":")[2]
    before = dict(site.server.environ)
    site.server.environ.update(environ)
    try:
        done = site.server.flask(
            "doctor", name, "--json", "--connect", f"127.0.0.1:{port}", *arguments
        )
    finally:
        site.server.environ = before
    assert done.stdout, done.stderr
    found = [one for group in json.loads(done.stdout).values() for one in group]
    wrong = [f"{each['said']} -> {each['fix']}" for one in found for each in one["wrong"]]
    return done.returncode, "\n".join(wrong)


def served_with(site: Gated, **environ: str) -> None:
    """Start the server anew with other settings."""
    site.server.stop()
    site.server.environ.update(environ)
    site.server.start()
