"""Every text is in the catalogue, every text is in Chinese, and no text is out of its reach."""

import re
from pathlib import Path

import django.conf
import messages
import pytest
from babel.messages.catalog import Message
from babel.messages.mofile import read_mo
from django.apps import apps
from django.contrib import admin
from django.db import models
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import override
from django_filters import FilterSet
from untranslated import in_python, in_script, in_template, page_texts

pytestmark = pytest.mark.xdist_group("messages")  # the catalogue is read once

OURS = tuple(f"{app}." for app in messages.APPS)
LATIN = re.compile(r"[A-Za-z]{2,}")


@pytest.fixture(scope="module")
def catalog():
    return messages.collect(messages.read_catalogue())


def test_the_catalogue_is_fresh_compiled_and_complete(catalog):
    assert len(catalog) > 900
    assert list(messages.problems(catalog)) == []


@pytest.mark.parametrize(
    ("message", "fault"),
    [
        (Message("Save"), "is not translated"),
        (Message("Save", "保存", flags=["fuzzy"]), "is fuzzy"),
        (Message("Save", "Save"), "is not in Chinese"),
        (Message("Save", "保存 "), "begins or ends with other white space"),
        (Message("Save <b>it</b>", "保存"), "has other HTML elements"),
        (Message("%(n)s rows", "%(m)s行"), "has ['%(m)s'] for ['%(n)s']"),
        (Message("{n} rows", "多行"), "has [] for ['{n}']"),
        (Message(("%(n)s row", "%(n)s rows"), ("一行",)), "has [] for ['%(n)s']"),
        (Message("%(n)s %% done", "已完成%(n)s%"), "has a % that is no placeholder (write %%)"),
        (Message("Alert", "警报"), "says 警报"),
    ],
)
def test_a_faulty_translation_is_named(message, fault):
    assert list(messages.faults(message)) == [fault]


@pytest.mark.parametrize(
    "message",
    [
        Message("Save", "保存"),
        Message("SafeGrid", "SafeGrid"),
        Message("{n} of {max}", "{n} / {max}"),
        Message(", ", "，", context="punctuation"),
        Message("%(n)s %% done", "已完成%(n)s%%"),
        Message(("%(n)s row", "%(n)s rows"), ("%(n)s行",)),
    ],
)
def test_a_good_translation_is_let_through(message):
    assert list(messages.faults(message)) == []


def test_texts_are_found_in_python():
    source = b"""
_("one"); gettext_lazy("two " "halves"); pgettext("verb", "grade"); ngettext("%(n)s row", "%(n)s rows", n)
npgettext_lazy("files", "a file", "files", "n"); for _ in rows: pass
"""
    assert list(messages.texts_of(source.replace(b"; for", b"\nfor"))) == [
        (None, "one", None),
        (None, "two halves", None),
        ("verb", "grade", None),
        (None, "%(n)s row", "%(n)s rows"),
        ("files", "a file", "files"),
    ]


def test_texts_are_found_in_templates():
    source = """
    {% translate "It's due" %} {% translate "Filed" context "self-inspection" as word %}
      {% include "a.html" with title=_("Nothing here") %}
    {% blocktranslate trimmed count n=rows|length %}
      {{ n }} row
    {% plural %}
      {{ n }} rows of 100 %
    {% endblocktranslate %}
    """
    assert list(messages.template_texts(source)) == [
        (None, "It's due", None),
        ("self-inspection", "Filed", None),
        (None, "Nothing here", None),
        (None, "%(n)s row", "%(n)s rows of 100 %%"),
    ]


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("<p>Hello</p>", "Hello"),
        ("<p>{% if a %}{{ b }}{% else %}nobody{% endif %}</p>", "nobody"),
        ("<p>逾期</p>", "逾期"),
        ('<button aria-label="Close"></button>', "Close"),
        ('<input type="submit" value="Save">', "Save"),
        ('<form data-confirm="Are you sure?"></form>', "Are you sure?"),
        ('{% include "a.html" with title="Nothing here" %}', "Nothing here"),
        ('<p>{{ name|default:"Nobody" }}</p>', "Nobody"),
    ],
)
def test_plain_text_in_a_template_is_found(source, found):
    assert list(in_template(source)) == [(1, found)]


@pytest.mark.parametrize(
    "source",
    [
        '<p title="{% translate "Close" %}">{% translate "Hello" %}: {{ name }} · 3</p>',
        "<p>{% blocktranslate trimmed %}Hello\nyou{% endblocktranslate %}</p>",
        "{# A remark. #}{% comment %}Another{% endcomment %}<p>SafeGrid</p>",
        '<input type="hidden" value="Some text"><b translate="no">inspector</b><kbd>Enter</kbd>',
        '<{% if url %}a href="{{ url }}"{% else %}div{% endif %} class="card">1</div>',
        '<div data-state="closed" data-url="/hazards/" class="card card-body"></div>',
    ],
)
def test_nothing_else_in_a_template_is(source):
    assert list(in_template(source)) == []


@pytest.mark.parametrize(
    "source",
    [
        'raise Refused("it is over")',
        'raise Refused(f"{name} is over")',
        'raise Invalid({"due_on": "too late"})',
        'raise ValidationError([_("one"), "two"])',
        'messages.success(request, "Saved.")',
        'Column("n", label="Number")',
        'forms.CharField(help_text="two " + words)',
        '_(f"{n} rows")',
        "gettext(name)",
    ],
)
def test_plain_text_in_python_is_found(source):
    assert [line for line, _text in in_python(source)] == [1]


def test_nothing_else_in_python_is():
    source = """
raise Refused(_("It is over.") % {"n": 1})
raise Invalid({"due_on": _("too late")})
Column("n", label=_("Number"), title="")
raise ValueError("for programmers")
"""
    assert list(in_python(source)) == []


def test_a_sentence_in_a_script_is_found():
    source = """// Says it to the person
say("Nothing was saved"); say('未保存'); /* "Not said here" */
fetch("/files/"); node.className = "btn btn-primary"; new Error("404"); say(box.dataset.failed);"""
    assert list(in_script(source)) == [(2, "Nothing was saved"), (2, "未保存")]


#: Texts of ours that a package has too, meant alike and said in the words that the portal says everywhere.
SAID_OUR_WAY = {
    "Add",  # 添加; the admin says 增加 or 添加 as it comes
    "Administration",  # 后台管理, as against 管理 for a category of hazards
    "Email",  # 邮箱, as in all of allauth's texts that ours fills in
    "English",  # a language by its name
    "Filter",  # 筛选
    "No security keys have been added.",
    "Passkey",  # 通行密钥, where allauth leaves it in English
    "Remove",  # 移除; 删除 is for what is gone afterwards
    "Search",  # REST framework has a blank in front
    "Sign in with a passkey",
    "name",  # 名称, of things; allauth means the same of a key
}


def test_no_text_of_ours_takes_the_place_of_another_meaning_in_a_package(catalog):
    def said(message):
        return message.string[0] if isinstance(message.string, list | tuple) else message.string

    ours = {messages.singular(m): said(m) for m in catalog if m.id and not (m.context or m.auto_comments)}
    theirs = {}
    for folder in (Path(django.conf.__file__).parent, *(Path(app.path) for app in apps.get_app_configs())):
        for path in folder.glob("locale/zh_Hans/LC_MESSAGES/django.mo"):
            with path.open("rb") as file:
                found = {messages.singular(m): said(m) for m in read_mo(file) if m.id and not m.context}
            theirs |= {text: words for text, words in found.items() if ours.get(text, words) != words}
    assert set(theirs) == SAID_OUR_WAY


def choices():
    found = [models.TextChoices]
    for each in found:
        found += each.__subclasses__()
    return [each for each in found if each.__module__.startswith(OURS)]


def test_every_choice_is_said_in_the_readers_language():
    assert len(choices()) > 20
    plain = [
        str(choice)
        for each in choices()
        for choice in each
        if not isinstance(choice._label_, Promise) and not messages.SAME.fullmatch(str(choice._label_))
    ]
    assert plain == []
    with override("zh-hans"):
        english = [c for each in choices() for c in each if not messages.CHINESE.search(str(c.label))]
    assert [str(choice.label) for choice in english] == ["WGS-84"]


def test_every_name_of_a_model_can_be_translated():
    ours = [model for model in apps.get_models() if model.__module__.startswith(OURS)]
    assert len(ours) > 30
    named = [getattr(model._meta, "original_attrs", {}) for model in ours]
    words = [attrs[key] for attrs in named for key in ("verbose_name", "verbose_name_plural") if key in attrs]
    assert len(words) > 30
    assert [word for word in words if not isinstance(word, Promise)] == []


def test_whatever_the_admin_shows_is_named():
    admins = [a for model, a in admin.site._registry.items() if model.__module__.startswith(OURS)]
    shown = {each.model for a in admins for each in (a, *a.inlines)}
    assert len(shown) >= 5
    for model in shown:
        assert {"verbose_name", "verbose_name_plural"} <= model._meta.original_attrs.keys(), model
        fields = [f for f in model._meta.local_fields if f.editable and f.model.__module__.startswith(OURS)]
        assert [
            f.name for f in fields if not isinstance(f._verbose_name, Promise) and not f.primary_key
        ] == []


def test_every_filter_has_a_label_that_can_be_translated():
    found = [FilterSet]
    for each in found:
        found += each.__subclasses__()
    ours = [each for each in found if each.__module__.startswith(OURS)]
    assert len(ours) >= 3
    plain = [
        f"{each.__name__}.{name}"
        for each in ours
        for name, f in each.base_filters.items()
        if not isinstance(f.label, Promise)
    ]
    assert plain == []


@pytest.fixture
def signed_in(client, cast):
    cast.inspector.set_password("a password of one's own")
    cast.inspector.save()
    client.force_login(cast.inspector)
    return client


ACCOUNT_PAGES = [
    "account_change_password",
    "account_email",
    "account_logout",
    "account_reauthenticate",
    "mfa_activate_totp",
    "mfa_add_webauthn",
    "mfa_generate_recovery_codes",
    "mfa_index",
    "mfa_list_webauthn",
]


@pytest.mark.parametrize("name", ACCOUNT_PAGES)
def test_account_pages_leave_no_english(signed_in, name):
    response = signed_in.get(reverse(name), follow=True, headers={"accept-language": "zh-CN"})
    assert response.status_code == 200
    assert english_on(response) == []


@pytest.mark.parametrize(
    "name", ["account_login", "account_signup", "account_reset_password", "account_reset_password_done"]
)
def test_pages_before_signing_in_leave_no_english(client, db, name):
    response = client.get(reverse(name), headers={"accept-language": "zh-CN"})
    assert english_on(response) == []


def english_on(response):
    """Return the texts on a page that hold a word in Latin letters without a reason."""
    texts = [text for _line, text in page_texts(response.content.decode())]
    assert any(messages.CHINESE.search(text) for text in texts)
    return [text for text in texts if LATIN.search(re.sub(r"SafeGrid|JavaScript|\S+@\S+", "", text))]


def test_the_admin_leaves_no_english(client, cast):
    client.force_login(cast.admin)
    post = cast.inspector.holdings.get().post
    for page in (reverse("admin:index"), reverse("admin:accounts_post_change", args=[post.pk])):
        response = client.get(page, headers={"accept-language": "zh-CN"})
        assert response.status_code == 200
        left = [text for text in english_on(response) if not text.startswith('{"name": "#')]  # for its script
        assert set(left) <= {cast.admin.username}
