"""flask doctor, of what concerns the whole site, before anybody asks for an app."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from otpapp import clock as app_clock
from tests.helpers.nginx import nginx
from tests.helpers.portal import behind_nginx

HIDES = "location ~ ^/(gate/(nginx|forward)|readyz|metrics)$ {\n        return 404;\n    }"


def wrong(printed: str) -> list[str]:
    """Return what the doctor says of the site in JSON."""
    found = json.loads(printed)["this site"]
    return [f"{each['said']} -> {each['fix']}" for one in found for each in one["wrong"]]


@pytest.mark.postgres
class TestClock:
    """The clock of PostgreSQL is the machine's; ours is told to be elsewhere."""

    @pytest.fixture
    def database_url(self, postgres) -> str:
        return postgres

    @pytest.fixture
    def overrides(self) -> dict:
        return {"mode": "development", "public_url": "http://127.0.0.1:5000", "sms_url": ""}

    @pytest.mark.parametrize("seconds", [-4, 0, 4])
    def test_of_one_that_is_about_right_nothing_is_said(self, app, seconds):
        assert self.ask(app, seconds) == (0, [])

    @pytest.mark.parametrize("seconds", [-60, -6, 6, 60])
    def test_one_that_is_apart_is_said(self, app, seconds):
        code, said = self.ask(app, seconds)
        assert (code, len(said)) == (1, 1)
        apart = said[0].removeprefix("the clock of the database and the one here are ").split()[0]
        assert int(apart) == pytest.approx(abs(seconds), abs=1)
        assert "sudo timedatectl set-ntp true" in said[0]

    def ask(self, app, seconds: float) -> tuple[int, list[str]]:
        """Run the doctor where our clock is so many seconds ahead."""
        with app_clock.reading(lambda: datetime.now(UTC) + timedelta(seconds=seconds)):
            done = app.test_cli_runner().invoke(args=["doctor", "--json"])
        return done.exit_code, wrong(done.stdout)


def test_behind_the_shipped_nginx_nobody_asks_the_gate(tmp_path):
    with behind_nginx(tmp_path) as portal:
        line = ("--ca", str(portal.nginx.authority.file), "--connect")
        done = portal.server.flask("doctor", "--json", *line, f"127.0.0.1:{portal.nginx.port}")
        assert (done.returncode, wrong(done.stdout)) == (0, []), done.stderr
        assert "nobody asks the gate but proxies" in done.stdout

        with nginx(tmp_path / "open", portal.server.port, {HIDES: ""}) as site:
            line = ("--ca", str(site.authority.file), "--connect")
            done = portal.server.flask("doctor", "--json", *line, f"127.0.0.1:{site.port}")
    assert done.returncode == 1, done.stderr
    (said,) = wrong(done.stdout)
    assert f"anybody can ask the gate at {portal.nginx.url}/gate/" in said
    assert "location ~ ^/(gate/(nginx|forward)|readyz|metrics)$ { return 404; }" in said


def test_numbers_that_anybody_can_read_are_said(tmp_path):
    with behind_nginx(tmp_path) as portal:
        portal.server.stop()
        portal.server.environ["OTPAPP_METRICS"] = str(tmp_path / "metrics")
        portal.server.start()
        forgotten = HIDES.replace("|metrics", "")
        with nginx(tmp_path / "open", portal.server.port, {HIDES: forgotten}) as site:
            line = ("--ca", str(site.authority.file), "--connect")
            done = portal.server.flask("doctor", "--json", *line, f"127.0.0.1:{site.port}")
    assert done.returncode == 1, done.stderr
    (said,) = wrong(done.stdout)
    assert f"anybody can read the numbers at {portal.nginx.url}/metrics" in said
    assert "|readyz|metrics)$ { return 404; }" in said
