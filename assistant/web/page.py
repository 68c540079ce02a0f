"""The page: chat, evidence beside it, examples."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import cast

import gradio as gr
from fastapi import FastAPI
from gradio.themes import Base, colors, sizes

from assistant.pipeline import Assistant
from assistant.settings import AssistantSettings
from assistant.web.chat import Visit, ask
from assistant.web.head import TITLE
from assistant.web.panel import collection_html, evidence_html
from knowledge.library import load_policies

EXAMPLES = (
    "黄岩的公司，2022年3月拿到中国质量奖提名奖，奖多少钱？",
    "台州2021年意见里对社会共治是怎么写的？",
    "台州2021年意见比2017年意见，浙江省政府质量奖多了多少？",
    "舟山的工程质量由哪些部门负责？",
)

_UNCHANGED = cast("object", gr.skip())  # pyright: ignore[reportUnknownMemberType]
_AT_ONCE = 4  # questions answered at the same time; a search keeps one processor busy
_FONTS = ("Noto Sans CJK SC", "Noto Sans SC", "Microsoft YaHei", "PingFang SC", "sans-serif")
_HEADER = f"""<header class="pa-header"><h1>{TITLE}</h1>
<p>查质量奖励政策：能领哪些奖励、能领多少，条文原文怎么写。金额由规则计算，依据逐字引用。</p></header>"""
_WELCOME = "### 想了解哪项政策？\n写清地区、奖项和取得时间，答得最准。"
_HINT = '<p class="pa-hint">可以接着追问，例如“那如果是2018年拿的呢？”</p>'


def mount_page(app: FastAPI, assistant: Assistant, ready: Callable[[], bool]) -> None:
    """Adds the page at ``/``.

    Args:
        app: Gets the page; routes that it has already come first.
        assistant: Answers the questions.
        ready: Whether the model is loaded.
    """
    gr.mount_gradio_app(  # pyright: ignore[reportUnknownMemberType]
        app,
        _build(assistant, ready),
        path="/",
        theme=_theme(),
        css_paths=Path(__file__).with_name("page.css"),
        footer_links=[],
        app_kwargs={"openapi_url": None},
        # Questions would be kept in the browser of a shared computer.
        run_history=False,
        show_error=False,
        enable_monitoring=False,
        ssr_mode=False,
    )


def _build(assistant: Assistant, ready: Callable[[], bool]) -> gr.Blocks:
    empty_panel = collection_html(policy.meta for policy in load_policies().values())

    def answer(typed: str | None, visit: Visit, event: gr.EventData) -> Iterator[tuple[object, ...]]:
        example = event.target.value if isinstance(event.target, gr.Button) else None
        text = example or typed or ""
        # While one answer is sought, a second question waits in the box.
        if visit.busy or not text.strip():
            yield _UNCHANGED, _UNCHANGED, _UNCHANGED, visit
            return
        for step in ask(assistant, visit, text, ready):
            if step.failed:
                box: object = text
            else:
                # Emptied once; what is typed while the answer is sought stays.
                box = "" if step.answer is None and example is None else _UNCHANGED
            panel = evidence_html(step.answer) if step.answer else _UNCHANGED
            yield box, step.messages, panel, visit

    def start_over() -> tuple[object, ...]:
        return "", [], empty_panel, Visit()

    with gr.Blocks(title=TITLE, analytics_enabled=False, fill_width=True) as page:
        visit = gr.State(Visit())
        with gr.Row(elem_classes="pa-top", equal_height=False):
            gr.HTML(_HEADER, container=False, elem_classes="pa-bare")
            fresh = gr.Button("新对话", elem_id="new-conversation", size="md", scale=0)
        with gr.Row(elem_classes="pa-main", equal_height=False):
            with gr.Column(scale=3, elem_classes="pa-left"):
                chat = gr.Chatbot(
                    elem_id="chat",
                    label="对话",
                    show_label=False,
                    placeholder=_WELCOME,
                    buttons=[],
                    latex_delimiters=[],
                    allow_tags=False,
                    feedback_options=None,
                )
                box = gr.Textbox(
                    elem_id="question",
                    label="问题",
                    show_label=False,
                    placeholder="输入问题，按 Enter 发送",
                    lines=1,
                    max_lines=6,
                    max_length=AssistantSettings().max_question,
                    autofocus=True,
                    submit_btn="发送",
                )
                with gr.Row(elem_classes="pa-examples"):
                    examples = [gr.Button(text, size="sm", elem_classes="pa-example") for text in EXAMPLES]
                gr.HTML(_HINT, container=False, elem_classes="pa-bare")
            with gr.Column(scale=2, elem_classes="pa-right"):
                panel = gr.HTML(empty_panel, elem_id="evidence", container=False)
        shown = [box, chat, panel, visit]
        asking = gr.on(  # pyright: ignore[reportUnknownMemberType]
            [box.submit, *(example.click for example in examples)],
            answer,
            [box, visit],
            shown,
            show_progress="hidden",
            # Gradio's own “once” would also hold up a new conversation until the old search has ended.
            trigger_mode="multiple",
            concurrency_limit=_AT_ONCE,
            api_visibility="private",
        )
        fresh.click(
            start_over,
            None,
            shown,
            cancels=[asking],
            show_progress="hidden",
            concurrency_limit=None,
            api_visibility="private",
        )
    page.queue(api_open=False)
    return page


def _theme() -> Base:
    # System fonts by name: nothing is fetched, and no official desktop is without one of them.
    return Base(
        primary_hue=colors.blue,
        neutral_hue=colors.slate,
        font=_FONTS,
        font_mono=("Noto Sans Mono CJK SC", "Consolas", "monospace"),
        radius_size=sizes.radius_md,
    )
