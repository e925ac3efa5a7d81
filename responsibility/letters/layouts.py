"""What the papers of letters are made of."""

from responsibility.documents.layouts import TEMPLATES, Layout, layouts
from responsibility.letters.choices import LADDER, Rung

SAMPLE = {
    "addressee": "市城乡建设局",
    "reply_date": "2026年12月1日",
    "paragraphs": ["请按期办理。"],
    "items": [{"title": "整改：疏散通道被堵塞", "due": "2026年11月20日", "over": "3"}],
}

#: What the paper of a talk says beside it.
TALK = {"talk_at": "2026年11月25日9时30分", "talk_place": "市安委办三楼会议室"}

for rung in LADDER:
    sample = SAMPLE | TALK if rung == Rung.TALK else SAMPLE
    layouts.plug(rung.value, Layout(rung.value, TEMPLATES / f"{rung.value}.docx", sample))
