"""Takes the pictures of the page in docs/images: ``python docs/screenshots.py`` (needs chromium)."""

from __future__ import annotations

import shutil
import socket
import sys
import threading
from pathlib import Path

from playwright.sync_api import Page, expect, sync_playwright

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from assistant.service import create_assistant  # noqa: E402
from assistant.web.server import serve  # noqa: E402

IMAGES = ROOT / "docs" / "images"
QUESTION = "黄岩的公司，2022年3月拿到中国质量奖提名奖，奖多少钱？"
SIZES = {"page.png": (1280, 800), "page-mobile.png": (375, 812)}


def main() -> None:
    """Starts the page, asks an eligibility question at two sizes, writes the pictures."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    threading.Thread(target=serve, args=(create_assistant(), "127.0.0.1", port), daemon=True).start()
    IMAGES.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        for name, (width, height) in SIZES.items():
            page = browser.new_page(viewport={"width": width, "height": height}, device_scale_factor=2)
            _ask(page, f"http://127.0.0.1:{port}")
            page.screenshot(path=IMAGES / name, full_page=True)
            print(IMAGES / name)
        browser.close()


def _ask(page: Page, address: str) -> None:
    for _ in range(100):  # until the server listens
        try:
            page.goto(address)
            break
        except Exception:
            page.wait_for_timeout(200)
    box = page.locator("#question textarea")
    box.fill(QUESTION)
    box.press("Enter")
    expect(page.locator("#evidence")).to_contain_text("三/（一）/1", timeout=30_000)
    # The picture shows the page at rest, without a cursor.
    page.locator("h1").click()
    page.wait_for_timeout(500)


if __name__ == "__main__":
    main()
