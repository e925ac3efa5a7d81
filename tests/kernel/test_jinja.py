"""Templates are compiled once for each language: its words are in them, and so are the parts they include."""

from django.utils import translation
from jinja2 import DictLoader

from safegrid.kernel.jinja import environment

TEMPLATES = {
    "page": '{% set word = "given" %}{{ _("Overdue") }}{{ _("%(n)s rows", n=3) }}'
    '{% include "part" %}{{ word }}',
    "part": '{% set word = "of the part" %}<b>{{ _("Save") }} {{ word }} {{ text }}</b>',
}


def drawn(language, *, auto_reload=False):
    env = environment(loader=DictLoader(TEMPLATES), autoescape=True, auto_reload=auto_reload)
    with translation.override(language):
        return env.of(language).get_template("page").render(text="<i>")


def test_each_language_has_its_words():
    assert "Overdue" in drawn("en")
    assert "逾期" in drawn("zh-hans")


def test_a_language_once_drawn_leaves_the_other_as_it_is():
    env = environment(loader=DictLoader(TEMPLATES), autoescape=True, auto_reload=False)
    for language, word in (("zh-hans", "逾期"), ("en", "Overdue"), ("zh-hans", "逾期")):
        with translation.override(language):
            assert word in env.of(language).get_template("page").render()


def test_a_part_keeps_its_own_names_and_is_drawn_alike_whether_settled_or_looked_up():
    settled, looked_up = drawn("en"), drawn("en", auto_reload=True)
    assert settled == looked_up
    assert settled.endswith("<b>Save of the part &lt;i&gt;</b>given")


def test_words_with_values_are_asked_for_every_time():
    assert "3 rows" in drawn("en")
