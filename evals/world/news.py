"""资讯: pages about the market, some about what is planted, and one per tender notice."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import pandas as pd

from evals.world.geography import PROVINCES, REGIONS
from evals.world.market import AGGRESSOR, COMPETITORS
from evals.world.planting import LineEffect, Plan
from evals.world.products import CUT, LAUNCHED, LINES, PRICE_CENTS, PRODUCTS
from evals.world.tenders import Notice
from evals.world.timeline import Timeline

_PAGES_A_MONTH = 5.0
_TOPICS = ("行业", "政策", "渠道", "竞品")
_TITLES = {
    "行业": "{where}{line}应用调查：中小企业上云意愿回升",
    "政策": "{where}印发中小企业数字化转型支持办法",
    "渠道": "{where}软件渠道生态大会举行",
    "竞品": "{who}公布{line}新版本路线图",
}
_BODIES = {
    "行业": (
        "近日发布的一份调查显示，{where}受访企业中有{n}%计划在未来一年内部署{line}相关系统，"
        "高于上一季度。受访者最看重的是实施周期与本地服务能力。调查同时提醒，预算审批周期有所拉长。"
    ),
    "政策": (
        "{where}有关部门印发支持办法，对符合条件的企业数字化项目按投入的{n}%给予补助，"
        "{line}列入支持目录。办法自发布之日起施行，申报通过线上平台办理。"
    ),
    "渠道": (
        "{where}软件渠道生态大会日前举行，{n}家伙伴到场。与会者讨论了{line}的交付能力、"
        "续费经营与区域协同，多家伙伴表示将增加认证顾问数量。"
    ),
    "竞品": (
        "{who}在{where}的一场活动中公布了{line}新版本路线图，称将在{n}个行业推出预置模板，"
        "并计划扩充当地实施伙伴。公司未透露价格安排。"
    ),
}
_ENGLISH_TITLE = "{who} outlines partner programme for cloud ERP"
_ENGLISH_BODY = (
    "{who} said it will add {n} implementation partners in China over the next year and simplify "
    "its discount tiers. Analysts expect competition for mid-sized manufacturers to intensify."
)


@dataclass(frozen=True, slots=True)
class Page:
    """One page; `about` names the planted event that it reports, if any."""

    url: str
    kind: str
    title: str
    body: str
    language: str
    published: date
    region: str | None
    topic: str
    about: str | None = None


def make_pages(rng: np.random.Generator, timeline: Timeline, plan: Plan) -> tuple[Page, ...]:
    """News by date: ordinary ones, and those about the decline, hot spots, launch and cut."""
    count = round(_PAGES_A_MONTH * timeline.months)
    days = rng.integers(0, timeline.days, count).tolist()
    pages = [_ordinary(rng, timeline.date_of(int(day)), number) for number, day in enumerate(days)]
    pages += _on_decline(timeline, plan)
    for number, spot in enumerate(plan.hot_spots):
        pages.append(_on_hot_spot(timeline, spot, number))
    pages += _on_products(timeline, plan)
    return tuple(sorted(pages, key=lambda page: (page.published, page.url)))


def _ordinary(rng: np.random.Generator, day: date, number: int) -> Page:
    words = {
        "who": COMPETITORS[int(rng.integers(0, len(COMPETITORS)))],
        "line": LINES[int(rng.integers(0, len(LINES) - 1))],
        "n": str(int(rng.integers(12, 60))),
        "where": REGIONS[int(rng.integers(0, len(REGIONS)))].name,
    }
    url = f"https://news.channel-watch.example/{day:%Y%m}/a{number:04d}.html"
    if rng.random() < 0.08:
        title, body = _ENGLISH_TITLE.format(**words), _ENGLISH_BODY.format(**words)
        return Page(url, "news", title, body, "en", day, None, "竞品")
    topic = _TOPICS[int(rng.integers(0, len(_TOPICS)))]
    title, body = _TITLES[topic].format(**words), _BODIES[topic].format(**words)
    return Page(url, "news", title, body, "zh", day, words["where"], topic)


def _on_decline(timeline: Timeline, plan: Plan) -> list[Page]:
    """Two independent sites report the attack, one reports its effect."""
    day = timeline.date_of(plan.decline_announced)
    region = REGIONS[plan.decline[0].region].name
    later = day + timedelta(days=1)
    effect = timeline.date_of(int(timeline.month_first[plan.decline[0].first_month]) + 24)
    return [
        Page(
            f"https://news.channel-watch.example/{day:%Y%m}/attack.html",
            "news",
            f"{AGGRESSOR}在{region}下调财务云报价近三成",
            f"{AGGRESSOR}宣布自即日起在{region}下调财务云产品报价，由每用户每年1180元调整为850元，"
            f"并向转投的渠道伙伴提供一次性补贴。多位{region}渠道人士表示，正在谈的项目需要重新报价。",
            "zh",
            day,
            region,
            "竞品",
            "decline",
        ),
        Page(
            f"https://www.soft-daily.example/{later:%Y/%m}/8842",
            "news",
            f"价格战打响：{AGGRESSOR}财务云在{region}降价28%",
            f"记者获悉，{AGGRESSOR}财务云在{region}的报价降幅达到28%，进销存与采购模块同步打包优惠。"
            "业内认为，中小企业续费与新签都将受到影响，影响或持续至年底。",
            "zh",
            later,
            region,
            "竞品",
            "decline",
        ),
        Page(
            f"https://www.soft-daily.example/{effect:%Y/%m}/9017",
            "news",
            f"{region}财务软件渠道订单放缓",
            f"受竞品降价影响，{region}多家渠道伙伴反映财务云新签减少、客户观望，部分伙伴转向制造与人力产品。",
            "zh",
            effect,
            region,
            "渠道",
            "decline",
        ),
    ]


def _on_hot_spot(timeline: Timeline, spot: LineEffect, number: int) -> Page:
    province = PROVINCES[spot.province or 0]
    line = LINES[spot.line]
    day = timeline.date_of(int(timeline.month_first[spot.first_month]) - 12)
    return Page(
        f"https://www.soft-daily.example/{day:%Y/%m}/policy{number}",
        "news",
        f"{province.full_name}启动专项资金，{line}需求升温",
        f"{province.full_name}启动企业数字化专项资金，对{line}项目给予最高40%的补助。当地伙伴称咨询量成倍增长，"
        "预计带动数月内的集中采购。",
        "zh",
        day,
        province.region,
        "政策",
        f"hot_spot_{number}",
    )


def _on_products(timeline: Timeline, plan: Plan) -> list[Page]:
    launch, cut = timeline.date_of(plan.launch_day), timeline.date_of(plan.cut_day)
    old, new = int(PRICE_CENTS[CUT]) // 100, plan.cut_price_cents // 100
    return [
        Page(
            f"https://www.vendor.example/news/{launch:%Y%m%d}",
            "news",
            f"{PRODUCTS[LAUNCHED].name}正式发布",
            f"人力云新品{PRODUCTS[LAUNCHED].name}今日正式发布，首发期伙伴可享专项折扣与首单支持。",
            "zh",
            launch,
            None,
            "公司",
            "launch",
        ),
        Page(
            f"https://www.vendor.example/news/{cut:%Y%m%d}",
            "news",
            f"{PRODUCTS[CUT].name}标准价调整通知",
            f"自{cut.year}年{cut.month}月{cut.day}日起，{PRODUCTS[CUT].name}标准价由每用户每年{old}元调整为{new}元。",
            "zh",
            cut,
            None,
            "公司",
            "price_cut",
        ),
    ]


def notice_page(notice: Notice, number: int) -> Page:
    """The portal's page of a tender notice."""
    parts = [
        f"项目编号：{notice.project_no}",
        f"项目名称：{notice.project_name}",
        f"采购人：{notice.purchaser}",
        f"采购代理机构：{notice.agency}",
        f"预算金额：{notice.budget // 10_000}万元",
    ]
    if notice.award is not None:
        parts.append(f"中标（成交）金额：{notice.award}元")
        parts.append(f"中标（成交）供应商：{notice.supplier}")
    if notice.deadline is not None:
        parts.append(f"提交投标文件截止时间：{notice.deadline[:16]}（北京时间）")
    return Page(
        f"https://tender.public-portal.example/{notice.published:%Y%m}/t{number:05d}.htm",
        "tender",
        f"{notice.project_name}{notice.kind}公告",
        "\n".join(parts),
        "zh",
        notice.published,
        PROVINCES[notice.province].region,
        "招标",
    )


def document_table(rng: np.random.Generator, pages: tuple[Page, ...]) -> pd.DataFrame:
    """资讯: every page with the hash of its address and the moment it was fetched."""
    minutes = rng.integers(8 * 60, 20 * 60, len(pages)).tolist()
    return pd.DataFrame(
        {
            "document_no": document_ids(len(pages)),
            "url_hash": [hashlib.sha256(page.url.encode()).hexdigest() for page in pages],
            "url": [page.url for page in pages],
            "kind": [page.kind for page in pages],
            "title": [page.title for page in pages],
            "body": [page.body for page in pages],
            "language": [page.language for page in pages],
            "published_on": [page.published for page in pages],
            "fetched_at": [
                f"{page.published}T{minute // 60:02d}:{minute % 60:02d}:00+08:00"
                for page, minute in zip(pages, minutes, strict=True)
            ],
            "region": [page.region for page in pages],
            "topic": [page.topic for page in pages],
        }
    )


def document_ids(count: int) -> list[str]:
    """资讯编号 in order."""
    return [f"D{number:05d}" for number in range(1, count + 1)]
