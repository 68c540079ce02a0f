"""What is said beside the point, taken back, denied or said once for everything: what is claimed stays the same."""

from __future__ import annotations

from datetime import date

import pytest

from assistant.conversation import Conversation

TODAY = date(2026, 11, 21)


def total(assistant, *questions):
    """Outcome and sum of the last answer of a conversation."""
    conversation = Conversation()
    answer = [assistant.ask(question, conversation, TODAY) for question in questions][-1]
    assert answer.assessment, answer.text
    return answer.assessment.outcome, answer.assessment.total_yuan


@pytest.mark.parametrize(
    ("question", "outcome", "yuan"),
    [
        # a place named beside one's own
        ("福清的企业，跟长乐搭界，2022年省政府质量奖拿到手了，能套长乐那份意见吗", "not_applicable_region", 0),
        ("长乐的企业，跟福清搭界，2022年省政府质量奖拿到手了，奖多少", "payable", 1_000_000),
        ("我们厂在宁海，跟三门就隔条路，2022年认定浙江省信用管理示范企业，台州给10万吗", "not_applicable_region", 0),
        ("我们厂在三门，跟宁海就隔条路，2022年认定浙江省信用管理示范企业，台州给10万吗", "payable", 100_000),
        # taken back in the same breath
        ("黄岩的企业今年——哦不对，是2022年5月——评为国家能源资源计量示范工程，多少钱", "payable", 500_000),
        ("黄岩的企业2022年5月——哦不对，是2016年5月——评为国家能源资源计量示范工程，多少钱", "not_payable", 0),
        # dates in other writing
        ("黄岩的企业贰零贰贰年五月评为国家能源资源计量示范工程，多少钱", "payable", 500_000),
        # a part of a body, not the body as well
        ("椒江公司2022年4月国家标委会下头一个分技术委员会（SC）设到我们这里，多少钱", "payable", 500_000),
        ("椒江公司2022年4月设立国家标准化专业技术委员会工作组（WG），多少钱", "payable", 100_000),
        # places among the drafters: said once for all, said for each, said of somebody else
        ("椒江，同一项目2021年5月出市级地方标准、2022年9月出国家标准，第一起草单位都是我们，市级先报的，给多少", "payable", 50_000),
        ("长乐企业2022年国标排第一、行标排第四，多少钱", "payable", 300_000),
        ("黄岩的，2019年6月发布国家标准，牵头的是杭州一家研究所，咱公司挂老二，有份吗", "not_payable", 0),
        ("黄岩的，2019年6月发布国家标准，牵头的是咱公司，挂老二的是杭州一家研究所，多少钱", "payable", 200_000),
        # payments of several years, each with its own cap
        ("椒江公司，商标国际注册费2018年付了12万，2019年付了22万，两年补多少", "payable", 140_000),
        ("椒江公司，商标国际注册费2019年付了22万，补多少", "payable", 80_000),
        # already full
        ("品字标那50万我们路桥厂早就领满了，2022年7月认证复评审又过，还有没有", "not_payable", 0),
        ("品字标那30万我们路桥厂早就拿到手了，2022年7月认证复评审又过，还能拿多少", "payable", 200_000),
        # several kinds of one honour counted first together
        ("椒江药厂2022年4月下来三张药品注册证书：俩是创新药，还有一个是仿制药，多少钱", "payable", 2_200_000),
        # not one project
        ("路桥研究院2019年建成国家级技术标准综合研究基地和省级区域技术标准联合创新基地，不是一个项目，多少钱", "payable", 400_000),
        ("路桥研究院2019年建成国家级技术标准综合研究基地和省级区域技术标准联合创新基地，是一个项目，多少钱", "payable", 300_000),
        # denied beside what is meant
        ("椒江企业2021年7月去争中国质量奖，正奖差一口气，提名奖倒是到手了，多少钱", "payable", 750_000),
        ("椒江企业2019年省政府质量奖没评上正的，给了个提名奖，多少钱", "payable", 150_000),
        ("路桥区企业2018年1月在首个“浙江制造”产品认证之外，新增了一个认证产品单元，多少钱", "payable", 100_000),
        ("黄岩区团体2018年浙江省政府质量奖的贡献奖，分团体跟个人，拿的是团体的，多少钱", "payable", 100_000),
        ("玉环2022年3月服务业标准化市级试点，主要承担单位，验收合格且评定为优秀，多少钱", "payable", 100_000),
    ],
)  # fmt: skip
def test_what_is_claimed(calculating, question, outcome, yuan):
    said = total(calculating, question)
    assert said[0] in (outcome, "not_payable" if outcome == "not_applicable_region" else outcome)
    assert (said[1] or 0) == yuan


@pytest.mark.parametrize(
    ("questions", "yuan"),
    [
        (("三门合作社，22年4月第一起草完成一项省级地方标准，给多少", "市级的呢"), 50_000),
        (("椒江药厂，2022年拿到一个创新药的注册证，奖多少", "长乐的意见管到哪天", "回到刚才那个药，再加两个仿制药，合计？"), 1_400_000),
        (("温岭公司，同一项目2022年省级、国家级服务业标准化试点都验收过，主要承担单位，多少", "国家级先报的", "其实是两个不同的项目"), 700_000),
        (("温岭厂，2021年6月首张品字标认证证书到手，奖多少", "22年又自我声明拿了一张，两样一共？", "忘了讲，我们后来22年复评审也过了，仨加一起呢"), 500_000),
        (("长乐公司2022年拿了福建省政府质量奖，多少", "要是公司注册在福州仓山，不在长乐？"), 0),
    ],
)  # fmt: skip
def test_what_a_conversation_claims(real, questions, yuan):
    conversation = Conversation()
    answer = [real.ask(question, conversation, TODAY) for question in questions][-1]
    assert ((answer.assessment and answer.assessment.total_yuan) or 0) == yuan, answer.text


@pytest.mark.parametrize(
    "question",
    ["那个奖还好报不啦？能有多少", "我们老板叫我问问，前阵子评下来那块牌子，市里头补几万块？", "你好，咨询一下标准的钱",
     "Hi, how much would our company get?", "我们符合条件吗？", "那份文件现在还算数吗？"],
)  # fmt: skip
def test_what_names_nothing_is_asked_back(calculating, question):
    answer = calculating.ask(question, Conversation(), TODAY)
    assert (answer.kind, bool(answer.questions)) == ("clarification", True)


@pytest.mark.parametrize("question", ["喂，有人伐？在线不？", "好嘞，多谢多谢，麻烦你半天了，再会", "知道了，谢谢"])
def test_small_talk(calculating, question):
    assert calculating.ask(question, Conversation(), TODAY).kind == "smalltalk"


@pytest.mark.parametrize(
    "question",
    [
        "嘉兴平湖的标准化试点验收过了，听说跟台州差不多，平湖到底几万？",
        "上海市普陀区政府质量奖多少钱",
        "舟山拿了中国质量奖，市里奖多少万",
    ],
)
def test_places_without_awards(calculating, question):
    answer = calculating.ask(question, Conversation(), TODAY)
    assert answer.kind == "refusal"
    assert "万元" not in answer.text


def test_of_two_places_the_one_that_is_not_covered_is_told(calculating):
    answer = calculating.ask("台州跟宁波的市政府质量奖各多少", Conversation(), TODAY)
    assert "宁波市的政策不在收录范围内" in answer.text
    assert "50 万元" in answer.text


@pytest.mark.parametrize(
    ("question", "held"),
    [
        ("台政发2021年4号又没写期限，到今天肯定还有效，我没讲错吧", "2 年"),
        ("既然2017年台州那份意见全市都得一刀切照办，天台县里也必须按它发钱，对伐？", "参照"),
        ("品字标每家企业累计最多能拿100万，没错吧（台州21年）", "50 万元"),
        ("首张品字标认证证书台州2021年给50万，对吧", "20 万元"),
        ("品字标奖励是每家企业每年封顶50万，明年又可以重新算，对不对", "累计不超过 50 万元"),
        ("台州湾新区的奖励由区财政出，对吧", "市财政"),
        ("台州2021年参与起草国家标准也有20万吧", "第一起草单位"),
        ("三门规划是2020年到2024年的，对吧", "2021 年至 2025 年"),
    ],
)
def test_premises_that_do_not_hold(calculating, question, held):
    answer = calculating.ask(question, Conversation(), TODAY)
    assert answer.kind == "correction"
    assert held in answer.text


@pytest.mark.parametrize(
    "question",
    [
        "首张品字标认证证书台州2021年累计最高50万，对吧",
        "台州湾新区的奖励由市财政出，对吧",
        "三门规划是2021年到2025年的，对吧",
    ],
)
def test_premises_that_hold(calculating, question):
    assert calculating.ask(question, Conversation(), TODAY).kind == "lookup"
