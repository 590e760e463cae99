"""Seven 大区, 31 provinces with their GB/T 2260 codes, and the cities where partners sit."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from evals.world.timeline import Floats, Ints


class Region(NamedTuple):
    """A 大区: its name, the group it reports to, its manager, and the manager's login."""

    name: str
    group: str
    manager: str
    login: str


class Province(NamedTuple):
    """A province: short and full name, code, region, economic weight, dialling code, cities."""

    name: str
    full_name: str
    adcode: str
    region: str
    weight: float
    dial: str
    cities: tuple[tuple[str, str], ...]


REGIONS = (
    Region("华东", "东区", "顾明远", "huadong"),
    Region("华北", "北区", "赵启航", "huabei"),
    Region("华南", "南区", "梁嘉诚", "huanan"),
    Region("华中", "南区", "彭立新", "huazhong"),
    Region("西南", "西区", "蒋文川", "xinan"),
    Region("西北", "西区", "马骁", "xibei"),
    Region("东北", "北区", "关海涛", "dongbei"),
)

_PROVINCES = """
上海|上海市|310000|华东|9|021|上海市:310100
江苏|江苏省|320000|华东|10|025|南京:320100 无锡:320200 徐州:320300 常州:320400 苏州:320500
浙江|浙江省|330000|华东|9|0571|杭州:330100 宁波:330200 温州:330300 嘉兴:330400 绍兴:330600
安徽|安徽省|340000|华东|4|0551|合肥:340100 芜湖:340200 蚌埠:340300
福建|福建省|350000|华东|5|0591|福州:350100 厦门:350200 泉州:350500
江西|江西省|360000|华东|3|0791|南昌:360100 九江:360400 赣州:360700
山东|山东省|370000|华东|7|0531|济南:370100 青岛:370200 烟台:370600 潍坊:370700
北京|北京市|110000|华北|8|010|北京市:110100
天津|天津市|120000|华北|3|022|天津市:120100
河北|河北省|130000|华北|4|0311|石家庄:130100 唐山:130200 保定:130600
山西|山西省|140000|华北|2.5|0351|太原:140100 大同:140200
内蒙古|内蒙古自治区|150000|华北|1.8|0471|呼和浩特:150100 包头:150200
广东|广东省|440000|华南|12|020|广州:440100 深圳:440300 珠海:440400 佛山:440600 东莞:441900
广西|广西壮族自治区|450000|华南|2.4|0771|南宁:450100 柳州:450200 桂林:450300
海南|海南省|460000|华南|1.5|0898|海口:460100 三亚:460200
河南|河南省|410000|华中|5|0371|郑州:410100 洛阳:410300 新乡:410700
湖北|湖北省|420000|华中|5|027|武汉:420100 宜昌:420500 襄阳:420600
湖南|湖南省|430000|华中|4|0731|长沙:430100 株洲:430200 衡阳:430400
重庆|重庆市|500000|西南|4|023|重庆市:500100
四川|四川省|510000|西南|6|028|成都:510100 绵阳:510700 宜宾:511500
贵州|贵州省|520000|西南|2|0851|贵阳:520100 遵义:520300
云南|云南省|530000|西南|2.4|0871|昆明:530100 曲靖:530300
西藏|西藏自治区|540000|西南|0.8|0891|拉萨:540100
陕西|陕西省|610000|西北|3.6|029|西安:610100 宝鸡:610300 咸阳:610400
甘肃|甘肃省|620000|西北|1.5|0931|兰州:620100 天水:620500
青海|青海省|630000|西北|0.9|0971|西宁:630100
宁夏|宁夏回族自治区|640000|西北|1|0951|银川:640100 石嘴山:640200
新疆|新疆维吾尔自治区|650000|西北|1.6|0991|乌鲁木齐:650100 克拉玛依:650200
辽宁|辽宁省|210000|东北|3.6|024|沈阳:210100 大连:210200 鞍山:210300
吉林|吉林省|220000|东北|1.8|0431|长春:220100 四平:220300
黑龙江|黑龙江省|230000|东北|2|0451|哈尔滨:230100 大庆:230600
"""
"""Municipalities keep 市 in the city's name, so that 上海 alone always means the province."""


def _province(line: str) -> Province:
    name, full_name, adcode, region, weight, dial, cities = line.split("|")
    pairs = tuple((city.split(":")[0], city.split(":")[1]) for city in cities.split())
    return Province(name, full_name, adcode, region, float(weight), dial, pairs)


PROVINCES = tuple(_province(line) for line in _PROVINCES.strip().splitlines())

REGION_OF_PROVINCE: Ints = np.array(
    [[region.name for region in REGIONS].index(province.region) for province in PROVINCES]
)

PROVINCE_WEIGHT: Floats = np.array([province.weight for province in PROVINCES])


@dataclass(frozen=True, slots=True)
class Places:
    """Where a number of companies sit.

    Attributes:
        province: index into `PROVINCES`.
        city: names, without 市 except for municipalities.
        adcode: the city's six-digit code.
    """

    province: Ints
    city: tuple[str, ...]
    adcode: tuple[str, ...]

    @property
    def region(self) -> Ints:
        """Index into `REGIONS`."""
        return REGION_OF_PROVINCE[self.province]


def draw_provinces(rng: np.random.Generator, count: int) -> Ints:
    """`count` provinces by economic weight; each province once first, as far as `count` goes."""
    share = PROVINCE_WEIGHT / PROVINCE_WEIGHT.sum()
    order = np.argsort(-share, kind="stable")[:count]
    rest = rng.choice(len(PROVINCES), size=count - len(order), p=share)
    return np.concatenate([order, rest]).astype(np.int64)


def settle(rng: np.random.Generator, provinces: Ints) -> Places:
    """A city for each company in the given provinces; the first city of each is the likeliest."""
    pick = rng.random(len(provinces)) ** 1.5
    cities: list[str] = []
    codes: list[str] = []
    for province, where in zip(provinces.tolist(), pick.tolist(), strict=True):
        choices = PROVINCES[province].cities
        city, code = choices[int(where * len(choices))]
        cities.append(city)
        codes.append(code)
    return Places(provinces, tuple(cities), tuple(codes))
