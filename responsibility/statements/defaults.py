"""Bands and templates that a portal starts with. They vary by place; loading again overwrites nothing."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from django.db import transaction

from responsibility.statements.choices import Band, Scoring, StatementLevel
from responsibility.statements.models import ScoreBand, StatementItem, StatementTemplate
from safegrid.kernel import clock

BANDS = [
    (Band.EXCELLENT, 90, "优秀", "Excellent"),
    (Band.GOOD, 80, "良好", "Good"),
    (Band.PASS, 60, "合格", "Pass"),
    (Band.FAIL, 0, "不合格", "Fail"),
]

TEXT = """为落实"党政同责、一岗双责、齐抓共管、失职追责"和"三管三必须"要求，强化安全生产责任，\
{receiver}与{promiser}签订{year}年度安全生产目标责任书。

一、责任范围
{promiser}对{place}内职责范围的安全生产工作负责。

二、目标任务及考核办法（满分100分，按季度考核）
{targets}

三、考核结果
考核得分90分及以上为优秀，80分及以上不足90分为良好，60分及以上不足80分为合格，不足60分为不合格；\
出现一票否决事项的，另行确定为否决，得分仍予公布。每一项扣分均附原因和依据。

四、其他
本责任书由双方在平台签署后生效，有效期至{year}年12月31日。责任人变动的，由继任者继续履行。
"""


def _figure(
    promise: str, promise_en: str, points: int, indicator: str, target: int, per_step: str, step: int = 1
) -> dict[str, Any]:
    return {
        "promise": promise,
        "promise_en": promise_en,
        "scoring": Scoring.INDICATOR,
        "points": points,
        "indicator": indicator,
        "target": Decimal(target),
        "step": Decimal(step),
        "per_step": Decimal(per_step),
    }


def _reviewed(promise: str, promise_en: str, points: int) -> dict[str, Any]:
    return {"promise": promise, "promise_en": promise_en, "scoring": Scoring.REVIEWED, "points": points}


def _veto(promise: str, promise_en: str) -> dict[str, Any]:
    return {"promise": promise, "promise_en": promise_en, "scoring": Scoring.VETO, "points": 0}


RECTIFIED = ("事故隐患按期整改", "Hazards are rectified by their day")
DONE = ("到期履职事项按期办结", "What falls due is done by its day")
COVERED = ("监管全覆盖，不漏管", "Every site is answered for on every line")
PLAN = ("计划内的检查、会议按计划完成", "Planned checks and meetings are done")
SERIOUS = ("发生较大及以上生产安全责任事故", "A larger or worse accident for which it is responsible")
HIDDEN = ("瞒报、谎报生产安全事故", "An accident is concealed or misreported")

TEMPLATES: dict[StatementLevel, tuple[str, list[dict[str, Any]]]] = {
    StatementLevel.DISTRICT: (
        "{year}年度安全生产目标责任书（县区）",
        [
            _figure(*RECTIFIED, 30, "rectification", 95, "1"),
            _figure(*DONE, 20, "on_time", 95, "1"),
            _figure(*COVERED, 20, "coverage", 100, "1"),
            _figure(*PLAN, 15, "plan_done", 100, "1"),
            _reviewed(
                "党委政府专题研究安全生产工作并督促落实", "Leaders take work safety up and see it through", 15
            ),
            _veto(*SERIOUS),
            _veto(*HIDDEN),
        ],
    ),
    StatementLevel.MEMBER: (
        "{year}年度安全生产目标责任书（安委会成员单位）",
        [
            _figure(*RECTIFIED, 30, "rectification", 95, "1"),
            _figure(*DONE, 20, "on_time", 95, "1"),
            _figure(
                "本行业领域监管全覆盖", "Its industry is answered for everywhere", 20, "coverage", 100, "1"
            ),
            _figure(*PLAN, 15, "plan_done", 100, "1"),
            _reviewed("本行业领域专项整治成效", "Results of its campaigns", 15),
            _veto(*SERIOUS),
            _veto(*HIDDEN),
        ],
    ),
    StatementLevel.TOWNSHIP: (
        "{year}年度安全生产目标责任书（乡镇、街道）",
        [
            _figure(*RECTIFIED, 35, "rectification", 95, "1"),
            _figure(*DONE, 25, "on_time", 95, "1"),
            _figure(*COVERED, 25, "coverage", 100, "1"),
            _reviewed("网格员队伍稳定、网格管理到位", "Grid officers are in place and supported", 15),
            _veto(*SERIOUS),
            _veto(*HIDDEN),
        ],
    ),
    StatementLevel.ENTERPRISE: (
        "{year}年度安全生产目标责任书（企业）",
        [
            _figure(*RECTIFIED, 40, "rectification", 100, "2"),
            _figure(
                "自查及其他到期事项按期完成",
                "Self-inspections and all else is done by its day",
                30,
                "on_time",
                95,
                "1",
            ),
            _reviewed("主要负责人履行法定职责（安全生产法第二十一条）", "The principal fulfils Art. 21", 30),
            _veto("发生生产安全死亡责任事故", "A fatal accident for which it is responsible"),
            _veto(*HIDDEN),
        ],
    ),
}


def load_bands(*, since: dt.date) -> None:
    """Write the bands where there are none."""
    if ScoreBand.objects.exists():
        return
    ScoreBand.objects.bulk_create(
        ScoreBand(
            code=code, at_least=at_least, name=name, name_en=name_en, source="默认规则", span=(since, None)
        )
        for code, at_least, name, name_en in BANDS
    )


def load_templates(*, year: int, today: dt.date) -> None:
    """Write a template for each level that has none in `year`."""
    with transaction.atomic():
        there = set(StatementTemplate.objects.filter(year=year).values_list("level", flat=True))
        for level, (title, items) in TEMPLATES.items():
            if level.value in there:
                continue
            template = StatementTemplate.objects.create(
                year=year,
                level=level,
                title=title.replace("{year}", str(year)),
                text=TEXT,
                is_default=True,
                created_at=clock.day_start(today),
            )
            StatementItem.objects.bulk_create(
                StatementItem(template=template, order=order, **item)
                for order, item in enumerate(items, start=1)
            )
