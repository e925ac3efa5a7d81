"""The columns that a list of enterprises may have, and what may be wrong in them."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from safegrid.grid.imports.kinds import Field


def _headings(words: str) -> tuple[str, ...]:
    return tuple(words.split("、"))


FIELDS = (
    Field(
        "name",
        _("Enterprise"),
        _headings(
            "企业名称、单位名称、公司名称、名称、经营主体名称、市场主体名称、商户名称、单位、"
            "Enterprise name、Enterprise、Company name、Company"
        ),
        required=True,
        example="青海示例商贸有限公司",
    ),
    Field(
        "uscc",
        _("USCC"),
        _headings(
            "统一社会信用代码、社会信用代码、信用代码、统一代码、营业执照号、"
            "Credit code、Unified social credit code"
        ),
    ),
    Field(
        "address",
        _("Address"),
        _headings(
            "地址、经营地址、生产经营地址、详细地址、住所、经营场所地址、注册地址、场所地址、企业地址、单位地址"
        ),
        example="西宁市城东区乐家湾镇1号",
    ),
    Field(
        "district",
        _("District"),
        _headings(
            "区县、所属区县、县区、县区市、所属县区、所在区县、行政区划、行政区划代码、所属区域、区划代码"
        ),
        example="城东区",
    ),
    Field(
        "township",
        _("Township or street"),
        _headings(
            "乡镇街道、街道乡镇、镇街、街道、乡镇、镇、所属街道、所属乡镇、所属镇街、所属乡镇街道、"
            "乡镇/街道、街道/乡镇、Street"
        ),
        example="乐家湾镇",
    ),
    Field(
        "community",
        _("Village or community"),
        _headings("村社区、社区、村、社区村、村居、所属社区、所属村社区、村/社区、社区/村、Village"),
    ),
    Field("cell", _("Grid cell"), _headings("网格、所属网格、网格编号、网格名称、Grid cell")),
    Field("longitude", _("Longitude"), _headings("经度、lng、lon、long")),
    Field("latitude", _("Latitude"), _headings("纬度、lat")),
    Field("position", _("Longitude and latitude"), _headings("经纬度、坐标、位置坐标、Coordinates、Lon lat")),
    Field(
        "industry",
        _("Industry"),
        _headings(
            "行业、所属行业、行业类别、行业代码、行业分类、行业名称、国民经济行业、国民经济行业分类、"
            "国民经济行业代码、Industry code"
        ),
        example="餐饮业",
    ),
    Field(
        "features",
        _("Equipment and features"),
        _headings("设备、场所特征、特征、主要设备、设备设施、Equipment"),
        example="使用燃气；有电梯",
    ),
    Field(
        "principal",
        _("Principal"),
        _headings("主要负责人、负责人、法定代表人、法人代表、法人、企业负责人、负责人姓名、Contact"),
    ),
    Field(
        "phone",
        _("Telephone"),
        _headings("电话、联系电话、手机、手机号、手机号码、联系方式、负责人电话、Telephone"),
    ),
    Field("size", _("Size"), _headings("规模、企业规模")),
    Field("risk", _("Risk"), _headings("风险等级、风险级别、风险分级、安全风险等级、Risk grade")),
    Field("status", _("Status"), _headings("经营状态、企业状态、状态、登记状态、Status")),
    Field("site", _("Site"), _headings("场所、场所名称、门店名称、经营场所、经营场所名称、Site name")),
    Field("name_en", _("English name"), _headings("英文名称、英文名、English name")),
    Field(
        "no_uscc_reason",
        _("Why no USCC"),
        _headings("无信用代码原因、无证原因、无照原因、Why no USCC"),
    ),
)

#: Characters that a column of the database holds.
LIMITS = {"name": 120, "address": 200, "site": 120, "principal": 60, "phone": 30, "name_en": 160}

PROBLEMS: Mapping[str, Any] = {
    "uscc_length": _("USCC: “%(text)s” does not have 18 characters."),
    "uscc_form": _("USCC: “%(text)s” has characters that no USCC has (I, O, S, V, Z or others)."),
    "uscc_check": _("USCC: the last character of “%(text)s” does not agree with the others."),
    "uscc_rounded": _("USCC: the spreadsheet has turned it into a number. Format the column as text."),
    "uscc_taken": _("USCC: it is registered already, for %(name)s."),
    "uscc_other_row": _("USCC: row %(row)s has it with another name."),
    "only_a_name": _("The row has nothing but a name."),
    "unknown_district": _("District: “%(text)s” is not known."),
    "unknown_township": _("Township or street: “%(text)s” is not known in %(place)s."),
    "elsewhere": _("The address lies in another city: “%(text)s”."),
    "unknown_industry": _("Industry: “%(text)s” is not known (GB/T 4754)."),
    "unknown_feature": _("Equipment and features: “%(text)s” is not known."),
    "half_position": _("Position: one of longitude and latitude is missing."),
    "position_number": _("Position: “%(text)s” is no pair of degrees."),
    "position_swapped": _("Position: longitude and latitude are swapped (%(text)s)."),
    "off_the_earth": _("Position: %(text)s is no place on earth."),
}

SHOWN = (
    ("name", _("Enterprise")),
    ("uscc", _("USCC")),
    ("place", _("Place")),
    ("address", _("Address")),
    ("position", _("Position (WGS-84)")),
    ("industry", _("Industry")),
)
