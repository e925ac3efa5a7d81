"""What inspectors and enterprises of the demo city write down. All of it is invented."""

import csv
from pathlib import Path

#: (what is wrong, what must be done) for each item of a checklist.
FINDINGS: dict[str, list[tuple[str, str]]] = {}
with (Path(__file__).parent / "findings.csv").open(encoding="utf-8", newline="") as stream:
    for row in csv.DictReader(stream):
        FINDINGS.setdefault(row["item"], []).append((row["found"], row["measures"]))

#: What makes it major, for items where something can.
MAJOR_BASES = {
    "i-fire-exits": "重大火灾隐患判定方法：疏散通道、安全出口数量不足或被封堵",
    "i-gas-alarm": "城镇燃气经营安全重大隐患判定标准：未设置可燃气体泄漏报警及切断装置",
    "i-dust-system": "工贸企业重大事故隐患判定标准：粉尘爆炸危险场所除尘系统未规范设置",
    "i-confined-ledger": "工贸企业重大事故隐患判定标准：有限空间未落实先通风、再检测、后作业",
}

FIXED = [
    "已整改完毕，现场已恢复正常",
    "已按要求整改，并开展班组教育",
    "已更换设备并留存记录",
    "已清理到位，专人负责日常检查",
]
ACCEPTED = ["现场复查，整改到位", "复查合格，同意销号", "已核查整改照片与现场，符合要求"]
SENT_BACK = ["整改不彻底，部分点位仍存在问题", "照片与现场不符，请补充整改"]
EXTENSION_REASONS = ["设备采购到货延迟，申请延期", "施工单位排期靠后，申请延期"]
