"""Invented companies and people: names, 统一社会信用代码, telephone numbers that cannot ring.

The characters are combined at random; combinations known to name a real software or listed
company are left out. A local telephone number never begins with 0, so these always do.
"""

from __future__ import annotations

import numpy as np
from stdnum.cn import uscc

from evals.world.geography import PROVINCES, Places
from evals.world.timeline import Ints

_FIRST = "云启恒瑞博智创远拓卓晟泓澜岳睿弘曜翎铭辰昱骏霁沐聚数信佳嘉盛宏景鸿天海星宇"
_SECOND = "帆舟岳澜衡宸桥诺禾程峰链策格维辉川柏柯森棠屿塔岸峦禹弈途澈朔"
_THIRD = "达泰和通元安邦益成普"
_TAKEN = frozenset(
    """
    云天 启辰 恒川 瑞辉 博维 智维 创维 远程 拓维 卓维 泓禾 睿策 铭普 信维 佳禾 嘉禾 嘉诺 盛达
    宏泰 景峰 鸿程 天禾 天桥 天舟 海格 海峰 海川 星程 星辉 宇通 云策 云链 数维 信安 信达 星途
    天策 海禾 天安 天元 天和 天通
    """.split()  # noqa: SIM905
)

_PARTNER_KIND = (
    "软件",
    "信息技术",
    "科技",
    "信息科技",
    "网络科技",
    "智能科技",
    "系统集成",
    "企业服务",
)
_CUSTOMER_KIND: dict[str, tuple[str, ...]] = {
    "制造业": ("精密机械", "装备制造", "电子科技", "汽车零部件", "模具", "电气"),
    "批发零售": ("商贸", "供应链", "百货", "连锁超市"),
    "医药健康": ("药业", "医疗器械", "生物科技"),
    "建筑工程": ("建设工程", "建筑装饰", "路桥工程"),
    "教育": ("教育科技", "培训学校"),
    "政府及公共事业": ("水务", "公共交通", "城市投资"),
    "金融": ("融资租赁", "商业保理", "资产管理"),
    "物流运输": ("物流", "冷链运输", "仓储"),
    "能源化工": ("化工", "新能源", "新材料"),
    "食品餐饮": ("食品", "餐饮管理", "乳业"),
    "专业服务": ("企业管理咨询", "人力资源", "检测认证"),
    "信息技术": ("信息技术", "电子商务", "文化传媒"),
}
INDUSTRIES = tuple(_CUSTOMER_KIND)

_SURNAMES = (
    "王李张刘陈杨黄赵周吴徐孙马朱胡郭何林高罗郑梁谢宋唐许韩冯邓曹彭曾肖田董潘袁蔡蒋余杜叶程魏苏吕丁任沈姚卢姜崔"
    "钟谭陆汪范石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤"
)
_GIVEN = (
    "伟芳娜敏静强磊军洋勇艳杰娟涛明超霞平刚桂文辉玲建华红亮宇欣雨晨佳琪浩然子轩诗涵俊凯博睿思远嘉懿天佑雅婷"
    "晓彤梓萱志鹏立诚国栋海燕春梅秋月振宇永康家豪慧妍若曦景行知远清扬书瑶"
)

_ORG_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_ORG_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
_ORG_VALUE = {char: value for value, char in enumerate("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ")}


def brands(rng: np.random.Generator, count: int) -> tuple[str, ...]:
    """`count` different brand names: of two characters while they last, then of three."""
    two = [a + b for a in _FIRST for b in _SECOND if a != b and a + b not in _TAKEN]
    picked = [two[i] for i in rng.permutation(len(two))[:count].tolist()]
    if count <= len(two):
        return tuple(picked)
    three = [name + c for name in two for c in _THIRD if name[1:] + c not in _TAKEN]
    if count > len(two) + len(three):
        raise ValueError(f"no more than {len(two) + len(three)} companies can be named")
    rest = rng.permutation(len(three))[: count - len(two)].tolist()
    return (*picked, *(three[i] for i in rest))


def partner_names(
    rng: np.random.Generator, short_names: tuple[str, ...], places: Places
) -> list[str]:
    """Registered names of partners, in the three usual arrangements."""
    kinds = rng.integers(0, len(_PARTNER_KIND), len(short_names)).tolist()
    forms = rng.random(len(short_names)).tolist()
    names: list[str] = []
    for brand, city, kind, form in zip(short_names, places.city, kinds, forms, strict=True):
        place, trade = city.removesuffix("市"), _PARTNER_KIND[kind]
        if form < 0.5:
            names.append(f"{place}{brand}{trade}有限公司")
        elif form < 0.88:
            names.append(f"{brand}{trade}（{place}）有限公司")
        else:
            names.append(f"{place}{brand}{trade}股份有限公司")
    return names


def customer_names(rng: np.random.Generator, industry: Ints, places: Places) -> list[str]:
    """Registered names of customers, each different."""
    count = len(industry)
    first = rng.integers(0, len(_FIRST), (count, 12))
    second = rng.integers(0, len(_SECOND), (count, 12))
    third = rng.integers(0, len(_THIRD), (count, 12))
    kinds = rng.random(count)
    names: list[str] = []
    seen: set[str] = set()
    for row in range(count):
        trades = _CUSTOMER_KIND[INDUSTRIES[industry[row]]]
        trade = trades[int(kinds[row] * len(trades))]
        place = places.city[row].removesuffix("市")
        for attempt in range(12):
            brand = _FIRST[first[row, attempt]] + _SECOND[second[row, attempt]]
            name = f"{place}{brand}{_THIRD[third[row, attempt]]}{trade}有限公司"
            if name not in seen and brand not in _TAKEN:
                break
        else:  # twelve collisions: number it, as a registrar would refuse to
            name = f"{place}{brand}{trade}第{row}有限公司"
        seen.add(name)
        names.append(name)
    return names


def people(rng: np.random.Generator, count: int) -> list[str]:
    """`count` personal names; a name may come twice, as in life."""
    surnames = rng.integers(0, len(_SURNAMES), count).tolist()
    given = rng.integers(0, len(_GIVEN), (count, 2)).tolist()
    single = rng.random(count) < 0.2
    return [
        _SURNAMES[surname] + _GIVEN[pair[0]] + ("" if short else _GIVEN[pair[1]])
        for surname, pair, short in zip(surnames, given, single.tolist(), strict=True)
    ]


def credit_codes(rng: np.random.Generator, places: Places) -> list[str]:
    """A valid and unique 统一社会信用代码 for each place.

    91 (enterprise), the city's code, an organisation code in the `MA…` series with its own check
    character (GB 11714), and the check character of GB 32100 by `stdnum`.
    """
    count = len(places.city)
    numbers = np.unique(rng.integers(0, 31**6, count + count // 100 + 10))
    while len(numbers) < count:
        numbers = np.unique(np.append(numbers, rng.integers(0, 31**6, count)))
    numbers = rng.permutation(numbers)[:count]
    codes: list[str] = []
    for number, adcode in zip(numbers.tolist(), places.adcode, strict=True):
        organisation = "MA" + _in_base_31(number)
        body = f"91{adcode}{organisation}{_organisation_check(organisation)}"
        codes.append(body + uscc.calc_check_digit(body))
    return codes


def _in_base_31(number: int) -> str:
    digits = ""
    for _ in range(6):
        number, rest = divmod(number, 31)
        digits = _ORG_ALPHABET[rest] + digits
    return digits


def _organisation_check(organisation: str) -> str:
    total = sum(
        weight * _ORG_VALUE[char] for weight, char in zip(_ORG_WEIGHTS, organisation, strict=True)
    )
    return "0123456789X0"[11 - total % 11] if total % 11 else "0"


def telephones(rng: np.random.Generator, provinces: Ints) -> list[str]:
    """A landline number of each province's capital."""
    numbers = rng.integers(0, 10**7, len(provinces)).tolist()
    return [
        f"{PROVINCES[province].dial}-0{number:07d}"
        for province, number in zip(provinces.tolist(), numbers, strict=True)
    ]
