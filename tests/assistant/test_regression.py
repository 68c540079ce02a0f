"""Every question of the gold cases that may be looked at keeps to the contract, over the real index.

Whether the answers are right is measured by ``evals``; here nothing may be misquoted, made up or withheld.
"""

from __future__ import annotations

import logging

import pytest
from answer_checks import broken
from regression_cases import dialogues

from assistant.conversation import Conversation
from evals.runner import TODAY

DIALOGUES = dialogues()


def test_there_are_cases():
    assert len(DIALOGUES) >= 400
    assert sum(len(dialogue.turns) > 1 for dialogue in DIALOGUES) >= 10


@pytest.mark.parametrize("dialogue", DIALOGUES, ids=[dialogue.id for dialogue in DIALOGUES])
def test_answers_keep_to_the_contract(real, caplog, dialogue):
    conversation = Conversation()
    said = ""
    with caplog.at_level(logging.ERROR, logger="assistant"):
        for turn in dialogue.turns:
            said += turn.question + "\n"
            answer = real.ask(turn.question, conversation, TODAY)
            assert not broken(answer, said), turn.question
    assert [record.getMessage() for record in caplog.records] == []
