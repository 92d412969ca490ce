"""Over HTTPS under a made-up host name: with the factory's authority trusted, the app has all its powers."""

import os
import ssl
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest
from playwright.sync_api import Error, Playwright, expect

from benchmarks.browsing.app import open_app, wait_until_kept
from benchmarks.browsing.chromium import PHONE, SCREENSHOTS
from benchmarks.browsing.serving import free_port, wait_for
from tests.browser import office
from tests.browser.brief import BriefChromium
from tests.browser.tablet import picture, says

pytestmark = pytest.mark.browser
HOST = "mumen.test"
POWERS = """async () => {
    const stream = await navigator.mediaDevices.getUserMedia({ video: true });
    const tracks = stream.getVideoTracks().length;
    stream.getTracks().forEach((track) => track.stop());
    return {
        secure: isSecureContext, worker: (await navigator.serviceWorker.ready).active.state,
        files: (await navigator.storage.getDirectory()).kind, camera: tracks, keys: typeof crypto.subtle,
    };
}"""


def trust(home: Path, certificate: Path) -> None:
    """What the guide tells people to do, for a browser on this machine."""
    store = home / ".pki" / "nssdb"
    store.mkdir(parents=True)
    for arguments in (("-N", "--empty-password"), ("-A", "-t", "C,,", "-n", "mumen", "-i", str(certificate))):
        subprocess.run(["certutil", "-d", f"sql:{store}", *arguments], check=True)


def test_a_tablet_that_trusts_the_factory_has_every_power(built_app: Path, play: Playwright, tmp_path: Path) -> None:
    assert built_app.is_dir()
    port, connect_port = free_port(), free_port()
    environment = {
        "MUMEN_DATA_DIR": str(tmp_path / "data"),
        "MUMEN_PUBLIC_URL": f"https://{HOST}:{port}",
        "MUMEN_PORT": str(port),
        "MUMEN_HOST": "127.0.0.1",
    }
    command = [sys.executable, "-m", "mumen.cli", "serve", "--lan", "--connect-port", str(connect_port)]
    process = subprocess.Popen(command, env=os.environ | environment, stdout=subprocess.DEVNULL)
    rules = [f"--host-resolver-rules=MAP {HOST} 127.0.0.1"]
    trusting = BriefChromium(play, tmp_path / "trusting", rules, home=tmp_path / "home")
    stranger = BriefChromium(play, tmp_path / "stranger", rules, home=tmp_path / "stranger-home")
    lost = BriefChromium(play, tmp_path / "lost", [f"--host-resolver-rules=MAP {HOST} ~NOTFOUND"])
    try:
        wait_for(f"http://127.0.0.1:{connect_port}/connect")
        certificate = tmp_path / "mumen-ca.crt"
        with urllib.request.urlopen(f"http://127.0.0.1:{connect_port}/mumen-ca.crt") as answer:
            certificate.write_bytes(answer.read())
        wait_for_tls(port, certificate)
        trust(tmp_path / "home", certificate)
        trusting.open()
        page = trusting.page()
        open_app(page, f"https://{HOST}:{port}/app/")
        says(page, "登记这台设备")
        wait_until_kept(page)
        assert page.evaluate(POWERS) == {
            "secure": True, "worker": "activated", "files": "directory", "camera": 1, "keys": "object",
        }  # fmt: skip
        guide = f"http://127.0.0.1:{connect_port}/connect"
        guided = trusting.page()
        guided.goto(guide)
        expect(guided.get_by_text("证书已信任")).to_be_visible()
        expect(guided.get_by_text("找得到服务器")).to_be_visible()
        picture(guided, "connect")
        assert office.foreign_fonts(guided) == set()
        stranger.open()
        unknown = stranger.page()
        unknown.goto(guide)
        expect(unknown.get_by_text("还没有信任证书")).to_be_visible()
        with pytest.raises(Error, match="ERR_CERT_AUTHORITY_INVALID"):
            unknown.goto(f"https://{HOST}:{port}/app/")
        lost.open()
        alone = lost.page(PHONE)
        alone.goto(guide)
        expect(alone.get_by_text(f"找不到 {HOST}")).to_be_visible()
        expect(alone.get_by_text("--public-url https://")).to_be_visible()
        expect(alone.get_by_text("证书已信任")).to_be_hidden()
        alone.screenshot(path=SCREENSHOTS / "connect-lost-phone.png", full_page=True)
    finally:
        for browser in (trusting, stranger, lost):
            browser.kill()
        process.terminate()
        process.wait(20)


def wait_for_tls(port: int, certificate: Path) -> None:
    """Until the HTTPS side answers too, for whoever trusts the authority."""
    context = ssl.create_default_context(cafile=str(certificate))
    end = time.monotonic() + 30
    while True:
        try:
            urllib.request.urlopen(f"https://localhost:{port}/healthz", context=context, timeout=5).close()
        except OSError:
            if time.monotonic() > end:
                raise
            time.sleep(0.1)
        else:
            return
