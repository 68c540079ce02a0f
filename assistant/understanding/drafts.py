"""Claims while they are put together: what several clauses say of one honour becomes one."""

from __future__ import annotations

from dataclasses import dataclass, field

from assistant.understanding.wordlist import has, words
from rules.model import Period


@dataclass
class Draft:
    """A claim while it is being put together."""

    concept: str
    at: int
    facets: dict[str, str] = field(default_factory=dict[str, str])
    own: set[str] = field(default_factory=set[str])
    """Facets that words said, not a default taken over from a neighbour."""
    obtained: Period | None = None
    quantity: int | None = None
    segment: int = 0
    before_name: bool = False
    """Only words that tell it from others were said so far: 首张认证, and 品字标 comes later."""
    instances: int = 0
    """How many single ones were named: 民宿服务认证 is one of the certified."""


def agree(facets: dict[str, str], values: dict[str, list[str]]) -> bool:
    """Whether what is said of two names does not exclude that they are one."""
    return all(len(found) == 1 and facets.get(facet) in (None, found[0]) for facet, found in values.items())


def join_instances(drafts: list[Draft]) -> None:
    """通过了民宿服务认证，是省级认证认可试点: the general name tells what kind the single one is."""
    for draft in list(drafts):
        other = next((d for d in drafts if d is not draft and d.concept == draft.concept and d.instances), None)
        facets = {facet: [value] for facet, value in draft.facets.items()}
        if not draft.instances and draft.quantity in (None, 1) and other and agree(other.facets, facets):
            other.facets |= draft.facets
            drafts.remove(draft)


def join_complementary(text: str, drafts: list[Draft], bounds: list[tuple[int, int]]) -> None:
    """省里评的标准创新贡献奖，项目得的是重大贡献: two clauses that each tell another side of one honour."""
    for draft in list(drafts):
        start, end = bounds[draft.segment]
        if has(text[start:end], (*words().adds, *words().filed_first, *words().filed_later)) or not draft.facets:
            continue
        before = [d for d in drafts if d.concept == draft.concept and d.segment < draft.segment]
        if not before or not before[-1].facets or before[-1].facets.keys() & draft.facets.keys():
            continue
        if draft.quantity in (None, before[-1].quantity):
            before[-1].facets |= draft.facets
            before[-1].own |= draft.own
            drafts.remove(draft)


def _is_finer(one: Draft, other: Draft) -> bool:
    """Whether one draft says all that the other says, and more exactly: 创新药 of 新药."""
    return (
        one.facets != other.facets
        and all(
            (own := one.facets.get(facet, "")) == value or own.startswith(f"{value}/")
            for facet, value in other.facets.items()
        )
        and (not other.own or one.facets.keys() == other.facets.keys())
    )


def drop_summaries(text: str, drafts: list[Draft], bounds: list[tuple[int, int]]) -> None:
    """这些品字标的钱总共多少, 是TC来着: names again what was told before."""
    for draft in list(drafts):
        start, end = bounds[draft.segment]
        more = has(text[start:end], (*words().adds, *words().filed_first, *words().filed_later))
        twins = [other for other in drafts if other is not draft and other.concept == draft.concept]
        same = [
            o for o in twins if _is_finer(o, draft) and (o.quantity is None or draft.quantity in (None, o.quantity))
        ]
        if len(same) == len(twins) == 1:  # 创新药，药品注册证书，一个品种
            same[0].quantity = same[0].quantity or draft.quantity
            drafts.remove(draft)
            continue
        parts = [other.quantity or 1 for other in twins if other.own and other.at > draft.at]
        summed = not draft.own and bool(parts) and sum(parts) == draft.quantity
        if (
            summed
            or (twins and not draft.own and draft.quantity is None)
            or any(
                (other.facets == draft.facets or (not more and draft.facets.items() <= other.facets.items()))
                and other.at < draft.at
                and (draft.quantity is None or (not more and draft.quantity == 1 and other.quantity is None))
                and other.segment != draft.segment
                for other in twins
            )
        ):
            drafts.remove(draft)
            continue
        # 国家最高的质量奖，就是中国质量奖正奖: the later words say the same more exactly.
        vaguer = [
            d for d in twins if d.facets and d.facets.items() < draft.facets.items() and d.segment < draft.segment
        ]
        if vaguer and not more and draft.quantity in (None, vaguer[-1].quantity) and draft in drafts:
            vaguer[-1].facets |= draft.facets
            vaguer[-1].own |= draft.own
            drafts.remove(draft)
