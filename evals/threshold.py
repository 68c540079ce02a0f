"""Fits the threshold below which a question is refused, and shows what each choice costs.

python -m evals.threshold            # the curve, into docs/retrieval.md
python -m evals.threshold --write    # … and weights and choice into assistant/understanding/threshold.yaml
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from importlib import import_module
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import typer
from numpy.typing import NDArray

from assistant.lexicon import LEXICONS
from assistant.pipeline import Assistant
from assistant.service import create_assistant
from assistant.threshold import Measures, score
from evals.case_files import SHIPPED, load_cases
from evals.marked import RETRIEVAL, replace_marked, table
from evals.model import Case, LookupCase, RefuseCase, RetrievalCase
from evals.runner import TODAY

# What is borne of answerable questions that are refused. The word lists were gathered from the same questions and
# flatter them: the share among questions held out is about twice as high.
_FALSE_REFUSALS = 0.015
_STRENGTH = 1.0  # inverse of the regularisation: a dozen weights for some hundred refusals
_FOLDS = 10
_STEPS = (0.02, 0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.4, 0.5, 0.6)

Scores = NDArray[np.float64]


@dataclass(frozen=True)
class Sample:
    """A question and whether the collection answers it."""

    answerable: bool
    held_out: bool
    measures: Measures | None
    """None where there was no text to search: it is refused whatever the threshold."""


def samples(assistant: Assistant, cases: Sequence[Case]) -> list[Sample]:
    """Labelled queries, look-ups and refusals with their measures."""
    found: list[Sample] = []
    for case in cases:
        answerable = _is_answerable(case)
        if answerable is not None:
            found.append(Sample(answerable, case.held_out, assistant.measured(case.question, TODAY)))
    return found


def fit(known: Sequence[Sample]) -> tuple[dict[str, float], Scores]:
    """Weights of the measures, and the score that each sample gets from the others (ten-fold)."""
    # Comes with sentence-transformers; takes a second to import.
    logistic: Any = import_module("sklearn.linear_model").LogisticRegression
    predict: Any = import_module("sklearn.model_selection").cross_val_predict
    measured = [(asdict(one.measures), one.answerable) for one in known if one.measures]
    names = list(measured[0][0])
    values = np.array([[found[name] for name in names] for found, _ in measured])
    wanted = np.array([answerable for _, answerable in measured])
    model = logistic(C=_STRENGTH, class_weight="balanced", max_iter=1000)
    across = predict(model, values, wanted, cv=_FOLDS, method="predict_proba")
    model.fit(values, wanted)
    weights = {"intercept": float(model.intercept_[0])}
    weights |= {name: float(weight) for name, weight in zip(names, model.coef_[0], strict=True)}
    return {name: round(weight, 3) for name, weight in weights.items()}, np.asarray(across, dtype=np.float64)[:, 1]


def curve_row(samples: Sequence[Sample], scores: Sequence[float], least: float) -> tuple[float, float]:
    """Shares of answerable questions refused, and of unanswerable ones answered, at a threshold."""
    refused = [s for one, s in zip(samples, scores, strict=True) if one.answerable]
    answered = [s for one, s in zip(samples, scores, strict=True) if not one.answerable]
    return (
        float(np.mean([s < least for s in refused])) if refused else 0.0,
        float(np.mean([s >= least for s in answered])) if answered else 0.0,
    )


def chosen(samples: Sequence[Sample], scores: Sequence[float]) -> float:
    """The highest threshold at which few enough answerable questions are refused."""
    fitting = [t for t in np.arange(0.01, 0.9, 0.01) if curve_row(samples, scores, float(t))[0] <= _FALSE_REFUSALS]
    return round(float(max(fitting, default=0.01)), 2)


def main(
    cases: Annotated[Path, typer.Option("--cases", help="题目所在的文件夹。")] = SHIPPED,
    write: Annotated[bool, typer.Option("--write", help="把权重和门槛写进 threshold.yaml。")] = False,
) -> None:
    """Fits on what is not held out, prints the curve and writes it into docs/retrieval.md."""
    found = samples(create_assistant(), load_cases(cases))
    known = [one for one in found if not one.held_out]
    unseen = [one for one in found if one.held_out]
    weights, across = fit(known)
    left = iter(across)
    of_known = [float(next(left)) if one.measures else 0.0 for one in known]
    of_unseen = [score(one.measures, weights) if one.measures else 0.0 for one in unseen]
    least = chosen(known, of_known)
    rows = [
        [
            f"**{step:.2f}**" if step == least else f"{step:.2f}",
            *_shares(known, of_known, step),
            *_shares(unseen, of_unseen, step),
        ]
        for step in sorted({*_STEPS, least})
    ]
    text = "\n\n".join(
        [
            f"{_count(known)} not held out (each scored by a fit without it), {_count(unseen)} held out. The choice, in "
            f"bold, is the highest threshold that refuses at most {_FALSE_REFUSALS:.1%} of the answerable questions "
            "that are not held out.",
            table(
                ["score at least", "false refusals", "false answers", "held out: false refusals", "false answers"], rows
            ),
            "Weights: " + ", ".join(f"{name} {weight:+.2f}" for name, weight in weights.items()) + ".",
        ]
    )  # fmt: skip
    typer.echo(text)
    replace_marked(RETRIEVAL, "threshold", text)
    if write:
        _write(weights, least, rows[[row[0].startswith("**") for row in rows].index(True)])


def _is_answerable(case: Case) -> bool | None:
    """Whether the collection answers a case; None where it tells nothing of that."""
    match case.form:
        case RetrievalCase():
            return bool(case.form.clause)
        case LookupCase() if case.suite == "lookup":
            return True
        case RefuseCase() if case.form.expected == "refuse":
            return False
        case _:
            return None


def _shares(samples: Sequence[Sample], scores: Sequence[float], least: float) -> list[str]:
    return [f"{share:.1%}" for share in curve_row(samples, scores, least)]


def _count(samples: Sequence[Sample]) -> str:
    yes = sum(one.answerable for one in samples)
    return f"{yes} answerable and {len(samples) - yes} unanswerable questions"


def _write(weights: dict[str, float], least: float, row: list[str]) -> None:
    """Replaces the first part of the file; the word lists stay as they are."""
    path = LEXICONS / "threshold.yaml"
    head = "weights:\n" + "".join(f"  {name}: {weight}\n" for name, weight in weights.items())
    head += f"least: {least}   # the score from which a question is answered\n"
    head += (
        f"why: the highest threshold with at most {_FALSE_REFUSALS:.1%} false refusals across folds; held out it refuses "
        f"{row[3]} of the answerable and answers {row[4]} of the unanswerable\n"
    )
    text = path.read_text(encoding="utf-8")
    path.write_text(re.sub(r"weights:\n.*?\nwhy:[^\n]*\n", lambda _: head, text, flags=re.DOTALL), encoding="utf-8")


if __name__ == "__main__":
    typer.run(main)
