"""Take the pictures of the documentation: python3 run.py has installed, then `.venv/bin/python scripts/pictures.py`.

Starts the fictional practice in a folder of its own, signs in, and photographs the interview in a real browser and
a page of the policy as PDF. Needs the development set, a Chromium (found as the tests find it) and poppler's pdftoppm.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
PICTURES = ROOT / "docs" / "pictures"
OWNER = "imani@harbour-lane.example"
PORT = 8477
COLOURS = 64
"""Enough for type, paper and two accents; a photograph would need more."""

ANSWERS = {
    "country": "US", "region": "US-OR", "profession": "psychologist", "practice": "solo", "clients": "adults",
    "practice_name": "Harbour Lane Therapy", "therapist_name": "Dr Imani Cole, PsyD", "sms": "never",
    "board_name": "Oregon Board of Psychology", "board_contact": "oregon.gov/psychology",
    "phone": "(503) 555-0142", "email": "office@harbour-lane.example",
}  # fmt: skip


def browser_program() -> str:
    """The browser of this machine."""
    sys.path[:0] = [str(ROOT), str(ROOT / ".ci")]
    import develop

    found: str = develop.find_browser()
    if not found:
        raise SystemExit("No Chromium found; name one in DOORFRAME_CHROMIUM.")
    return found


@contextmanager
def demo(folder: Path) -> Iterator[tuple[str, str]]:
    """The fictional practice, running; gives its address and password, and stops it at the end."""
    env = {**os.environ, "DOORFRAME_DATA": str(folder), "DOORFRAME_DEMO": "auto"}
    command = [sys.executable, "-m", "doorframe.web.start", "--port", str(PORT), "--no-open"]
    with subprocess.Popen(command, env=env, stdout=subprocess.DEVNULL) as running:
        try:
            address = f"http://localhost:{PORT}/"
            wait_until_ready(address, running)
            yield address, (folder / "demo-password.txt").read_text(encoding="utf-8").strip()
        finally:
            running.terminate()


def wait_until_ready(address: str, running: subprocess.Popen[bytes]) -> None:
    """Return once /healthz answers 200; give up after a minute."""
    for _ in range(240):
        if running.poll() is not None:
            raise SystemExit("Doorframe ended before it was ready.")
        try:
            with urllib.request.urlopen(f"{address}healthz", timeout=5):
                return
        except (urllib.error.URLError, ConnectionError):
            time.sleep(0.25)
    raise SystemExit("Doorframe did not become ready.")


def sign_in(page: Page, address: str, password: str) -> None:
    """Open Today as the owner of the fictional practice."""
    page.goto(f"{address}me/login/")
    page.get_by_label("E-mail address").fill(OWNER)
    page.locator("input[type=password]").fill(password)
    page.locator("main form button[type=submit]").first.click()
    page.wait_for_url(address)


def interview(page: Page, address: str) -> None:
    """The question about friend requests, with the policy beside it."""
    page.goto(f"{address}policy/")
    page.get_by_role("link", name="Go on").first.click()
    screens = page.url.split("/q/")[0]
    page.goto(f"{screens}/q/friending/")
    page.locator("input[type=radio]").nth(1).check()
    page.wait_for_timeout(1500)  # the preview follows the answer
    save(page.screenshot(), "interview.png")


def policy_page(folder: Path) -> None:
    """The first page of the policy as PDF, built from the command line."""
    given = [part for key, value in ANSWERS.items() for part in ("--set", f"{key}={value}")]
    new = subprocess.run(doorframe("policy", "new", *given), check=True, capture_output=True, text=True)
    answers = folder / "answers.toml"
    answers.write_text(new.stdout, encoding="utf-8")
    build = ("policy", "build", str(answers), "--out", str(folder), "--only", "policy", "--format", "pdf")
    subprocess.run(doorframe(*build, "--date", "2026-11-21"), check=True, stdout=subprocess.DEVNULL)
    drawn = subprocess.run(
        ["pdftoppm", "-f", "1", "-l", "1", "-r", "80", "-png", str(folder / "policy.pdf")],
        check=True,
        capture_output=True,
    )
    save(drawn.stdout, "policy.png")


def doorframe(*arguments: str) -> list[str]:
    """The command line, run by this Python."""
    return [sys.executable, "-m", "doorframe.cli.main", *arguments]


def save(png: bytes, name: str) -> None:
    """Keep a picture small: few colours, and none of the camera's notes."""
    picture = Image.open(BytesIO(png)).convert("RGB").quantize(COLOURS)
    PICTURES.mkdir(parents=True, exist_ok=True)
    picture.save(PICTURES / name, optimize=True)
    print(f"{PICTURES / name}: {(PICTURES / name).stat().st_size // 1024} kB")


def main() -> None:
    """Take both pictures."""
    if shutil.which("pdftoppm") is None:
        raise SystemExit("pdftoppm is missing; it comes with poppler (Debian: apt install poppler-utils).")
    program = browser_program()
    arguments = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"]
    with tempfile.TemporaryDirectory(prefix="doorframe-pictures-") as name:
        policy_page(Path(name))
        with demo(Path(name) / "data") as (address, password), sync_playwright() as play:
            browser = play.chromium.launch(executable_path=program, args=arguments)
            page = browser.new_page(viewport={"width": 1280, "height": 860}, color_scheme="light", locale="en-US")
            sign_in(page, address, password)
            interview(page, address)
            browser.close()


if __name__ == "__main__":
    main()
