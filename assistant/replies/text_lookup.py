"""What a text says: the clauses that answer, word for word, or that none does."""

from __future__ import annotations

import re

from assistant.evidence import enough, narrow
from assistant.figures import figures_in
from assistant.model import Answer, Citation, Notice
from assistant.notices import state_notice
from assistant.replies.enumeration import enumeration
from assistant.replies.parts import distinct, evidence, notices_text, paragraphs
from assistant.replies.refusal import no_award, nothing_found, outside, uncovered
from assistant.turn import Turn
from assistant.understanding.folding import fold
from assistant.understanding.numbers import number
from assistant.understanding.wordlist import has, words
from knowledge.model import Hit, Passage

_MAIN = 4  # passages quoted from the clause that answers best
_OTHERS = 2  # further clauses, one passage each
_SHORT_CLAUSE = 260  # characters of a clause that is quoted whole
_CLAUSE_NUMBER = re.compile(r"第(\d{1,2}|[一二三四五六七八九十]{1,3})(?:项|条|点|款)|(?:task|item|clause) ?(\d{1,2})")
_BLANK = "（原表未填，没有给出）"
_NUMBER = re.compile(r"(\d+(?:\.\d+)?)([年%家个件项张])")
_NEAR = 0.75  # how much less than the best a further clause may score; all words of a question count 1


def reply(turn: Turn) -> Answer:
    """Quotes the best clause, then what else is near; for several places the best of each."""
    scopes = narrow(turn)
    if not scopes:
        return outside(turn)
    listed = enumeration(turn, [p for policies in scopes for p in policies or turn.house.book.policies])
    if listed:
        return listed
    found = [
        _numbered_first(turn, policies, _targets_first(turn, turn.house.search(turn.query, policies)))
        for policies in scopes
    ]
    hits = max(found, key=lambda hits: hits[0].score if hits else 0.0)
    if not enough(turn, hits):
        return nothing_found(turn)
    premise = turn.request.tag_question and bool(turn.request.asserted_yuan)
    # 镇里能不能自己订奖励 asks who may make rules, not what is paid.
    other = turn.request.asks_who or premise or has(fold(turn.query).text, words().makes_rules)
    if turn.request.asks_award_money and not other and not _has_budget(turn, hits[0]):
        return no_award(turn)
    citations = [citation for one in found if one for citation in _cite(turn, one)]
    lead = citations[0]
    sources = turn.house.sources
    notices: list[Notice] = []
    for policy in dict.fromkeys(c.policy for c in citations[:1]):
        state = state_notice(turn.house.book, sources, policy, turn.request.today)
        if state:
            notices.append(state)
    where = sources.label(lead)
    contradicted = _contradicted(turn, citations)
    opening = f"这个说法与文件不符。见{where}：" if contradicted else f"见{where}："
    if has(fold(turn.query).text, words().per_enterprise):
        contradicted = contradicted or (turn.request.tag_question and bool(turn.request.asserted_yuan))
        opening = f"文件没有写明每家企业能得到多少。相关条款见{where}："
    return Answer(
        kind="correction" if contradicted else "lookup",
        text=paragraphs(
            "".join(uncovered(turn)) if turn.request.claims else "",
            opening,
            table_rows(turn, citations),
            evidence(citations, sources),
            notices_text(notices),
        ),
        citations=distinct([*citations, *(n.citation for n in notices if n.citation)]),
        notices=notices,
    )


def _numbered_first(turn: Turn, policies: list[str] | None, hits: list[Hit]) -> list[Hit]:
    """第8项, task 18: where one text is meant, the clause of that number comes first."""
    match = _CLAUSE_NUMBER.search(fold(turn.query).text)
    if match is None or policies is None or len(policies) != 1:
        return hits
    wanted = number(match[1] or match[2])
    text = turn.house.sources.policies[policies[0]]
    named = {c.path for c in text.clauses if (last := c.path.rpartition("/")[2]).isdigit() and int(last) == wanted}
    if len(named) != 1:
        return hits
    passages = turn.house.passages(policies[0], named.pop())
    best = hits[0].score if hits else 1.0
    first = [Hit(passage=p, score=best, dense=1.0, keyword=None) for p in passages]
    ids = {hit.passage.id for hit in first}
    return [*first, *(hit for hit in hits if hit.passage.id not in ids)]


def table_rows(turn: Turn, citations: list[Citation]) -> str:
    """The cells of cited table rows, each under its column."""
    rows: list[str] = []
    for citation in citations:
        if "\t" not in citation.quote or "\n" in citation.quote:  # prose, or the head of the table
            continue
        text = turn.house.sources.policies[citation.policy]
        table = text.text_of(text.clause(citation.clause)).splitlines()
        header = next(line for line in table if "\t" in line).split("\t")[-citation.quote.count("\t") - 1 :]
        cells = [
            f"{name.strip()}：{cell.strip()}{_BLANK if cell.strip() == '-' else ''}"
            for name, cell in zip(header, citation.quote.split("\t"), strict=True)
            if cell.strip()
        ]
        rows.append(f"- {'；'.join(cells)}")
    return "\n".join(rows)


def _contradicted(turn: Turn, citations: list[Citation]) -> bool:
    """Whether …对吧 states a number that the clause answering best gives otherwise."""
    if not turn.request.tag_question:
        return False
    if turn.request.asserted_yuan and turn.request.asks_award_money:
        return True  # an award of that sum would have been found among the rules
    stated = {number for number, unit in _NUMBER.findall(fold(turn.request.question).text) if unit != "年"}
    lead = _column_asked(turn, citations[0])
    printed = set(re.findall(r"\d+(?:\.\d+)?", fold(lead.replace("\t", " | ")).text))
    return bool(stated) and bool(printed) and not stated <= printed


def _column_asked(turn: Turn, citation: Citation) -> str:
    """Of a table row the cell under the year that the question names; else the whole quotation."""
    text = turn.house.sources.policies[citation.policy]
    header = next((line for line in text.text_of(text.clause(citation.clause)).splitlines() if "\t" in line), "")
    if "\t" not in citation.quote:
        return citation.quote
    for name, cell in zip(header.split("\t")[::-1], citation.quote.split("\t")[::-1], strict=False):
        year = re.search(r"20(\d{2})年", name)
        if year and re.search(rf"(?:20)?{year[1]}年", turn.request.question):
            return cell
    return citation.quote


def _has_budget(turn: Turn, hit: Hit) -> bool:
    """Whether a sum stands in a passage that is no award: a budget, not what some other award pays."""
    return not _pays(turn, hit) and any(unit == "yuan" for unit, _ in figures_in(hit.passage.quote))


def _pays(turn: Turn, hit: Hit) -> bool:
    """Whether a passage is a sentence by which an award is paid."""
    passage = hit.passage
    quote = "".join(passage.quote.split())
    return any(
        "".join(p.quote.split()) in quote or quote in "".join(p.quote.split())
        for p in turn.house.book.policies[passage.policy].provisions
        if p.clause == passage.clause
    )


def _targets_first(turn: Turn, hits: list[Hit]) -> list[Hit]:
    """A sentence that pays an award says nothing of a target, whatever words they share."""
    if not has(fold(turn.query).text, words().targets):
        return hits
    return sorted(hits, key=lambda hit: _pays(turn, hit))


def _duties(turn: Turn, best: Passage) -> list[Citation]:
    """The sentences of a clause that say who is responsible."""
    marked = [p for p in turn.house.passages(best.policy, best.clause) if has(fold(p.quote).text, words().duty_marks)]
    return [turn.house.sources.cite_span(p.policy, p.start, p.end) for p in marked[:_OTHERS]]


def _cite(turn: Turn, hits: list[Hit]) -> list[Citation]:
    sources = turn.house.sources
    best = hits[0].passage
    text = sources.policies[best.policy]
    clause = text.clause(best.clause)
    citations: list[Citation] = []
    if clause.end - clause.start <= _SHORT_CLAUSE and "\t" not in text.text_of(clause):
        start = clause.start + (len(text.text_of(clause)) - len(text.text_of(clause).lstrip()))
        end = clause.start + len(text.text_of(clause).rstrip())
        citations.append(sources.cite_span(best.policy, start, end))
    else:
        same = [h.passage for h in hits if (h.passage.policy, h.passage.clause) == (best.policy, best.clause)]
        citations += [sources.cite_span(p.policy, p.start, p.end) for p in same[:_MAIN]]
    if has(fold(turn.query).text, words().who):
        citations += _duties(turn, best)
    others: dict[tuple[str, str], Hit] = {}
    for hit in hits:
        key = (hit.passage.policy, hit.passage.clause)
        if key != (best.policy, best.clause) and hits[0].score - hit.score <= _NEAR:
            others.setdefault(key, hit)
    for hit in list(others.values())[:_OTHERS]:
        citations.append(sources.cite_span(hit.passage.policy, hit.passage.start, hit.passage.end))
    return _without_parts(distinct(citations))


def _without_parts(citations: list[Citation]) -> list[Citation]:
    """Leaves out what a longer quotation of the same clause already says."""
    return [
        c
        for c in citations
        if not any(o is not c and o.policy == c.policy and o.start <= c.start and c.end <= o.end for o in citations)
    ]
