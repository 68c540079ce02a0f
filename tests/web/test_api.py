"""``POST /api/ask``: answers in the form of a batch line, errors as one Chinese sentence."""

from __future__ import annotations

from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from web_stand_ins import StandInSearch

from assistant.model import Answer
from assistant.web.api import MAX_TURNS
from assistant.web.guard import MAX_BODY

CLAIM = "黄岩的公司，2022年3月拿到中国质量奖提名奖，奖多少钱？"


@pytest.fixture
def client(app: FastAPI) -> TestClient:
    return TestClient(app, raise_server_exceptions=False)


def post(client: TestClient, body: Any) -> Any:
    return client.post("/api/ask", json=body)


def sentence(response: Any) -> str:
    """The error of a response, which holds nothing else and no traceback."""
    body = response.json()
    assert list(body) == ["error"]
    assert "Traceback" not in body["error"]
    assert any("\u4e00" <= character <= "\u9fff" for character in body["error"])
    return body["error"]


def test_one_answer_for_each_turn(client: TestClient) -> None:
    response = post(client, {"turns": [CLAIM, "那如果是2018年拿的呢？"], "today": "2026-11-21"})
    assert response.status_code == 200
    first, second = [Answer.model_validate(answer) for answer in response.json()["answers"]]
    assert first.assessment
    assert first.assessment.total_yuan == 750_000
    assert first.citations[0].clause == "三/（一）/1"
    assert second.assessment
    assert second.assessment.total_yuan == 300_000


def test_conversations_know_nothing_of_each_other(client: TestClient) -> None:
    post(client, {"turns": [CLAIM]})
    response = post(client, {"turns": ["那如果是2018年拿的呢？"]})
    assert response.json()["answers"][0]["assessment"] is None


def test_a_line_of_a_batch_file_can_be_posted_as_it_is(client: TestClient) -> None:
    response = post(client, {"id": "M001", "turns": [CLAIM], "today": "2026-11-21"})
    assert list(response.json()) == ["id", "answers"]
    assert response.json()["id"] == "M001"


def test_today_is_what_relative_dates_count_from(client: TestClient) -> None:
    claim = "黄岩的公司，去年拿到中国质量奖提名奖，奖多少钱？"
    totals = [
        post(client, {"turns": [claim], "today": today}).json()["answers"][0]["assessment"]["total_yuan"]
        for today in ("2019-06-01", "2023-06-01")
    ]
    assert totals == [300_000, 750_000]


def test_control_characters_are_no_part_of_a_question(client: TestClient) -> None:
    response = post(client, {"turns": [f"\x00\x1b[31m{CLAIM}\x07"]})
    assert response.status_code == 200
    assert response.json()["answers"][0]["assessment"]["total_yuan"] == 750_000


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b"{", "JSON"),
        (b"", "JSON"),
        (b"\xff\xfe", "JSON"),
        (b'{"turns": ["\\ud800"]}', "JSON"),
        (b"[]", "JSON 对象"),
        (b'"text"', "JSON 对象"),
        (b"{}", "turns"),
        (b'{"turns": []}', "turns"),
        (b'{"turns": "text"}', "turns"),
        (b'{"turns": [1]}', "turns"),
        (b'{"turns": [null]}', "turns"),
        (b'{"turns": ["x"], "today": "tomorrow"}', "today"),
        (b'{"turns": ["x"], "today": 20261121}', "today"),
        (b'{"turns": ["x"], "date": "2026-11-21"}', "date"),
        (b'{"turns": ["x"], "id": []}', "id"),
    ],
)
def test_a_malformed_body_is_named(client: TestClient, body: bytes, said: str) -> None:
    response = client.post("/api/ask", content=body)
    assert response.status_code == 422
    assert said in sentence(response)


@pytest.mark.parametrize("question", ["", "  \n", "\x00\x01"])
def test_an_empty_question(client: TestClient, question: str) -> None:
    response = post(client, {"turns": [question]})
    assert response.status_code == 422
    assert "空" in sentence(response)


def test_a_bad_turn_is_named_by_its_number(client: TestClient) -> None:
    response = post(client, {"turns": [CLAIM, ""]})
    assert response.status_code == 422
    assert "第 2 个问题" in sentence(response)


def test_a_question_that_is_too_long(client: TestClient) -> None:
    response = post(client, {"turns": ["问" * 2001]})
    assert response.status_code == 422
    assert "2000" in sentence(response)


def test_too_many_turns(client: TestClient) -> None:
    response = post(client, {"turns": ["你好"] * (MAX_TURNS + 1)})
    assert response.status_code == 422
    assert str(MAX_TURNS) in sentence(response)
    assert post(client, {"turns": ["你好"] * MAX_TURNS}).status_code == 200


@pytest.mark.parametrize("path", ["/api/ask", "/gradio_api/queue/join"])
def test_a_huge_body(client: TestClient, path: str) -> None:
    response = client.post(path, content=b"x" * (MAX_BODY + 1))
    assert response.status_code == 413
    assert "64 KB" in sentence(response)


def test_a_huge_body_in_pieces(client: TestClient) -> None:
    response = client.post("/api/ask", content=(b"x" * 1024 for _ in range(65)))
    assert response.status_code == 413


def test_an_index_that_cannot_be_used(client: TestClient, broken: StandInSearch) -> None:
    response = post(client, {"turns": ["舟山怎样讲好质量故事？"]})
    assert response.status_code == 503
    assert sentence(response) == str(broken.error)
    # What needs no search is answered all the same.
    assert post(client, {"turns": [CLAIM]}).status_code == 200


def test_an_unforeseen_error_stays_in_the_log(
    client: TestClient, search: StandInSearch, caplog: pytest.LogCaptureFixture
) -> None:
    search.error = ZeroDivisionError("secret detail")
    response = post(client, {"turns": ["舟山怎样讲好质量故事？"]})
    assert response.status_code == 500
    assert "secret" not in sentence(response)
    assert "secret detail" in caplog.text


def test_other_methods_and_addresses(client: TestClient) -> None:
    assert client.get("/api/ask").status_code == 405
    assert "POST /api/ask" in sentence(client.get("/api/ask"))
    assert client.post("/api/asks").status_code == 404
    sentence(client.post("/api/asks"))


def test_healthz(client: TestClient) -> None:
    assert client.get("/healthz").json() == {"status": "ok"}


@pytest.mark.parametrize("path", ["/gradio_api/upload", "/gradio_api/call/answer", "/gradio_api/run/answer"])
def test_routes_of_gradio_that_the_page_does_not_use_are_closed(client: TestClient, path: str) -> None:
    assert client.post(path, json={"data": []}).status_code == 404


@pytest.mark.parametrize("path", ["/docs", "/redoc", "/openapi.json", "/gradio_api/file=/etc/passwd", "/monitoring"])
def test_pages_that_are_not_ours_are_closed(client: TestClient, path: str) -> None:
    assert client.get(path).status_code in (403, 404)


def test_the_page_says_its_language_and_loads_nothing_from_elsewhere(client: TestClient) -> None:
    response = client.get("/")
    assert '<html\n\tlang="zh-CN"' in response.text
    assert "<title>政策通</title>" in response.text
    assert "default-src 'self'" in response.headers["content-security-policy"]
