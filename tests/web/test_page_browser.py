"""The page in a real browser."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any, cast

import pytest
from playwright.sync_api import Browser, Locator, Page, Request, expect
from web_stand_ins import StandInSearch

from assistant.web.chat import LOADING, THINKING
from assistant.web.page import EXAMPLES

CLAIM = "黄岩的公司，2022年3月拿到中国质量奖提名奖，奖多少钱？"
SEARCHED = "舟山市2023年方案里怎样讲好质量故事？"


@pytest.fixture(autouse=True)
def nothing_foreign(page: Page, address: str) -> list[str]:
    """Opens the page; the list holds every request to another host than the server."""
    foreign: list[str] = []

    def note(request: Request) -> None:
        if not request.url.startswith((f"{address}/", "data:", f"blob:{address}")):
            foreign.append(request.url)

    page.on("request", note)
    page.goto(address)
    expect(page.locator("#question textarea")).to_be_visible(timeout=15_000)
    return foreign


def box(page: Page) -> Locator:
    return page.locator("#question textarea")


def ask(page: Page, text: str) -> None:
    box(page).fill(text)
    box(page).press("Enter")


def last_reply(page: Page) -> Locator:
    return page.locator("#chat [data-testid=bot]").last


def panel(page: Page) -> Locator:
    return page.locator("#evidence")


def test_an_eligibility_question_a_follow_up_and_no_foreign_request(page: Page, nothing_foreign: list[str]) -> None:
    expect(page).to_have_title("政策通")
    assert page.evaluate("document.documentElement.lang") == "zh-CN"
    expect(panel(page)).to_contain_text("收录的文件")

    ask(page, CLAIM)
    expect(last_reply(page)).to_contain_text("75 万元")
    expect(panel(page).locator(".pa-clause").first).to_have_text("三/（一）/1")
    expect(panel(page)).to_contain_text("台政发〔2021〕4号")
    expect(panel(page).locator(".pa-quote").first).to_contain_text("质量奖提名奖的组织")
    # The words of the clause are beside the answer, not in it once more.
    expect(last_reply(page)).not_to_contain_text("质量奖提名奖的组织")
    expect(box(page)).to_have_value("")
    expect(box(page)).to_be_focused()

    ask(page, "那如果是2018年拿的呢？")
    expect(last_reply(page)).to_contain_text("30 万元")
    expect(panel(page)).to_contain_text("台政发〔2017〕13号")

    # Fonts, icons and whatever the page loads late have their chance as well.
    page.wait_for_load_state("load")
    assert nothing_foreign == []
    assert page.evaluate("document.styleSheets.length") > 0


def test_an_example_is_asked_with_one_click(page: Page) -> None:
    box(page).fill("写了一半")
    page.get_by_role("button", name=EXAMPLES[0]).click()
    expect(last_reply(page)).to_contain_text("75 万元")
    expect(box(page)).to_have_value("写了一半")
    expect(box(page)).to_be_focused()


def test_a_new_conversation_forgets(page: Page) -> None:
    ask(page, CLAIM)
    expect(last_reply(page)).to_contain_text("75 万元")
    page.get_by_role("button", name="新对话").click()
    expect(page.locator("#chat [data-testid=bot]")).to_have_count(0)
    expect(panel(page)).to_contain_text("收录的文件")
    ask(page, "那如果是2018年拿的呢？")
    expect(last_reply(page)).to_contain_text("没有找到")


def test_each_visitor_has_a_conversation(page: Page, browser: Browser, address: str) -> None:
    ask(page, CLAIM)
    expect(last_reply(page)).to_contain_text("75 万元")
    other = browser.new_page()
    other.goto(address)
    ask(other, "那如果是2018年拿的呢？")
    expect(last_reply(other)).to_contain_text("没有找到")
    other.close()


def test_empty_input_does_nothing(page: Page) -> None:
    for text in ("", "   "):
        ask(page, text)
    page.get_by_role("button", name="发送").click()
    ask(page, CLAIM)
    expect(last_reply(page)).to_contain_text("75 万元")
    expect(page.locator("#chat [data-testid=user]")).to_have_count(1)


def test_input_is_limited(page: Page) -> None:
    assert box(page).get_attribute("maxlength") == "2000"


def test_an_error_is_a_sentence_and_what_was_typed_comes_back(page: Page, broken: StandInSearch) -> None:
    ask(page, CLAIM)
    expect(last_reply(page)).to_contain_text("75 万元")
    ask(page, SEARCHED)
    expect(last_reply(page)).to_contain_text(str(broken.error))
    expect(box(page)).to_have_value(SEARCHED)

    broken.error = ZeroDivisionError("secret detail")
    box(page).press("Enter")
    expect(last_reply(page)).to_contain_text("暂时无法回答")
    expect(page.locator("body")).not_to_contain_text("secret")
    expect(page.locator("body")).not_to_contain_text("Traceback")

    # The conversation is what it was before the errors.
    ask(page, "那如果是2018年拿的呢？")
    expect(last_reply(page)).to_contain_text("30 万元")


@pytest.mark.parametrize(("where", "shown"), [("address", THINKING), ("address_loading", LOADING)])
def test_the_wait_is_shown(
    page: Page, request: pytest.FixtureRequest, search: StandInSearch, where: str, shown: str
) -> None:
    search.gate = threading.Event()
    page.goto(request.getfixturevalue(where))
    ask(page, SEARCHED)
    expect(last_reply(page)).to_have_text(re.compile(re.escape(shown)))
    expect(box(page)).to_be_focused()
    # A second question waits in the box until the first is answered.
    ask(page, CLAIM)
    page.wait_for_timeout(500)
    expect(box(page)).to_have_value(CLAIM)
    search.gate.set()
    expect(last_reply(page)).to_contain_text("没有找到")
    expect(box(page)).to_have_value(CLAIM)
    box(page).press("Enter")
    expect(last_reply(page)).to_contain_text("75 万元")


def test_a_new_conversation_while_an_answer_is_sought(page: Page, search: StandInSearch) -> None:
    search.gate = threading.Event()
    ask(page, SEARCHED)
    expect(last_reply(page)).to_contain_text(THINKING)
    page.get_by_role("button", name="新对话").click()
    expect(page.locator("#chat [data-testid=bot]")).to_have_count(0)
    # The old search still runs; the new conversation need not wait for it, and hears nothing of it.
    ask(page, CLAIM)
    expect(last_reply(page)).to_contain_text("75 万元")
    search.gate.set()
    page.wait_for_timeout(500)
    ask(page, "那如果是2018年拿的呢？")
    expect(last_reply(page)).to_contain_text("30 万元")
    expect(page.locator("#chat [data-testid=user]")).to_have_count(2)


@pytest.mark.parametrize(
    "hostile",
    [
        "<script>window.hacked=1</script>你好",
        "<img src=x onerror='window.hacked=1'>你好",
        "![图](http://evil.example/a.png) [链接](javascript:window.hacked=1) 你好",
        "$$\\href{http://evil.example}{x}$$ `<b>` **粗** # 题",
        "    <iframe src='http://evil.example'></iframe>",
    ],
)
def test_hostile_markdown_is_shown_as_text(page: Page, nothing_foreign: list[str], hostile: str) -> None:
    ask(page, hostile)
    typed = page.locator("#chat [data-testid=user]").last
    expect(typed).to_have_text(hostile.strip())
    expect(last_reply(page)).not_to_contain_text(THINKING)
    assert page.evaluate("window.hacked") is None
    assert page.locator("#chat .message-content :is(img, script, iframe, a, b, strong, code, h1)").count() == 0
    assert nothing_foreign == []


def test_enter_of_an_input_method_does_not_send(page: Page) -> None:
    box(page).click()
    devtools = page.context.new_cdp_session(page)
    send = cast("Callable[[str, dict[str, Any]], object]", devtools.send)  # pyright: ignore[reportUnknownMemberType]
    send("Input.imeSetComposition", {"text": "zhiliang", "selectionStart": 8, "selectionEnd": 8})
    page.keyboard.press("Enter")
    expect(page.locator("#chat [data-testid=user]")).to_have_count(0)
    send("Input.insertText", {"text": "黄岩的公司，2022年3月拿到中国质量奖提名奖，奖多少钱？"})
    page.keyboard.press("Enter")
    expect(last_reply(page)).to_contain_text("75 万元")
    expect(page.locator("#chat [data-testid=user]")).to_have_count(1)


@pytest.mark.parametrize("event", [{"isComposing": True}, {"keyCode": 229}])
def test_no_key_event_of_an_input_method_sends(page: Page, event: dict[str, Any]) -> None:
    box(page).fill("质量")
    for kind in ("keydown", "keypress"):
        box(page).dispatch_event(kind, {"key": "Enter", **event})
    page.wait_for_timeout(300)
    expect(page.locator("#chat [data-testid=user]")).to_have_count(0)


def test_shift_enter_breaks_the_line(page: Page) -> None:
    box(page).fill("黄岩的公司，2022年3月拿到中国质量奖提名奖，")
    box(page).press("Shift+Enter")
    page.keyboard.type("奖多少钱？")
    expect(page.locator("#chat [data-testid=user]")).to_have_count(0)
    box(page).press("Enter")
    expect(last_reply(page)).to_contain_text("75 万元")


def test_a_phone_has_the_evidence_under_the_chat(page: Page, tmp_path: Path) -> None:
    page.set_viewport_size({"width": 375, "height": 812})
    ask(page, CLAIM)
    expect(panel(page)).to_contain_text("三/（一）/1")
    assert page.evaluate("document.documentElement.scrollWidth") == 375
    chat, evidence = page.locator("#chat").bounding_box(), panel(page).bounding_box()
    assert chat
    assert evidence
    assert evidence["y"] > chat["y"] + chat["height"]
    assert page.evaluate("[...document.querySelectorAll('#chat td')].every(e => e.getBoundingClientRect().right < 365)")
    page.screenshot(path=tmp_path / "phone.png", full_page=True)
    assert (tmp_path / "phone.png").stat().st_size > 10_000
