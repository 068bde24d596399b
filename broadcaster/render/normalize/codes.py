"""Digits that name something instead of counting: telephones, ids, plates, codes, documents, rooms, roads."""

from __future__ import annotations

import re

from broadcaster.model.texts import DoubtKind
from broadcaster.model.words import Sentence
from broadcaster.render.normalize.draft import Said, Unsure, after, before, rule
from broadcaster.render.normalize.numbers import as_code, one_by_one, ordinal, quantity
from broadcaster.render.normalize.words import COUNTED

_S = r"(?<![\d.])"
_E = r"(?!\d)(?![.,]\d)"
_DASH = "[-—~]"
_YEAR = r"(?:19|20)\d\d"
_PROVINCES = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼"

_ASK_PHONE = Sentence(
    "像电话号码，按数字一个一个念。", "This looks like a telephone number and is said digit by digit."
)
_ASK_CODE = Sentence(
    "位数多，按数字一个一个念。若是数量，请写上单位。",
    "So many digits are said one by one. Write a unit if it is a quantity.",
)
_ASK_ADDRESS = Sentence(
    "网址和邮箱听不清也记不住，最好换成“看村务公开栏”。",
    "Nobody can follow a web address by ear; better say where to look.",
)

_COUNTED = re.compile(COUNTED)
_NAMED_AFTER = re.compile(
    r"[”\"'’）)]?[ ]?(?:报警|热线|急救|电话|平台|指挥|联动|救护|民警|警察|咨询|反诈|专线|服务|部门|出警|火警|"
    r"投诉|举报|来电|客服|消防|宣传|公安|人社|医保|便民|政务|查号|供电|法律)"
)
_DIALLED = re.compile(r"(?:[打拨找叫呼按]|拨通|接到|电话|热线|号码|转|给|请与)(?:号码|是|为|至|到)?[ :：“\"'（(]*$")
_ABOUT_CALLS = re.compile(
    r"电话|热线|拨打|致电|来电|号码|报警|急救|火警|咨询|举报|投诉|客服|求助|联系|专线|短信|平台|传真|座机|手机|报修|抢修|报案|救援|泄漏|泄露|预约|挂号"
)
_COUNTS = re.compile(
    r"(?:[第共约近达满足仅有得重长高宽剩计为至到超]|血压|心率|脉搏|血糖|[价高低]压|成绩|总分|排名|[\d.])[ :：]?$"
)
_ALARM = "110|119|120|122"
_SURE = re.compile(r"110|119|120|122|12\d{3}|96110|95598|100(?:86|10)")
_DIALLED_BEFORE = re.compile(rf"(?<!\d)(?:{_SURE.pattern})(?!\d)(?!{COUNTED})")
_SERVICE = (
    r"(?:11[0-9]|12[02]|12[1-9]\d\d|95\d{3}|96\d{3,4}|100(?:00|01|10|50|86|99)|1183\d\d|11185|11[68]114|400\d{7})"
)


def _is_counted(match: re.Match[str]) -> bool:
    return _COUNTED.match(match.string, match.end()) is not None


def _service(match: re.Match[str]) -> Said:
    """110 and its like: dialled unless something says that it counts."""
    digits, near = match[0], before(match, 24)
    listed = re.search(rf"(?:^|[、，和或])(?:{_ALARM})[、和或]$", near) or re.match(
        rf"[、和或](?:{_ALARM})", after(match)
    )
    called = _NAMED_AFTER.match(match.string, match.end()) or _DIALLED.search(near)
    if called or (listed and not _is_counted(match)):
        return as_code(digits)
    if _is_counted(match) or _COUNTS.search(near) or (match.start() == 0 and not _SURE.fullmatch(digits)):
        return None
    if _ABOUT_CALLS.search(near) or _DIALLED_BEFORE.search(near) or (len(digits) > 4 and _SURE.fullmatch(digits)):
        return as_code(digits)
    if not _SURE.fullmatch(digits):
        return None
    return Unsure(reading=as_code(digits), alternatives=(quantity(digits),), why=_ASK_PHONE)


def _bare(text: str) -> str:
    return as_code(re.sub(r"[^0-9Xx]", "", text).upper())


def _phone(match: re.Match[str]) -> str:
    """A telephone number, perhaps with the country before it and an extension after it."""
    country, number, extension = match[1], match[2], match[3]
    said = one_by_one(country.replace("+", "加").strip("- ")) if country else ""
    return said + _bare(number) + (f"转{as_code(extension)}" if extension else "")


def _near_phone(match: re.Match[str]) -> Said:
    """Seven or eight digits: a telephone where the sentence speaks of calling."""
    if _is_counted(match) or not _ABOUT_CALLS.search(before(match, 24)):
        return None
    return _bare(match[1]) + (f"转{as_code(match[2])}" if match[2] else "")


def _labelled(match: re.Match[str]) -> Said:
    """What stands after 验证码, 房间, 编号 …: digit by digit, unless a measure word follows."""
    label, code = match[1], match[2]
    if _is_counted(match) and not re.match(r"(?:位|月|日)", after(match)) and not label.endswith(("：", ":")):
        return None
    if _is_counted(match) and len(code) < 3:
        return None
    parts = re.split(r"[-—~]", code)
    if len(parts) == 2 and all(part.isdigit() and len(part) == len(parts[0]) for part in parts):
        return f"{label}{as_code(parts[0])}到{as_code(parts[1])}"
    if len(parts) > 1 and re.search("[门房牌]", label):
        return label + "杠".join(ordinal(part) if part.isdigit() else as_code(part) for part in parts)
    return label + as_code("杠".join(parts) if not code.replace("-", "").isdigit() else "".join(parts))


def _document(match: re.Match[str]) -> str:
    return f"{one_by_one(match[1])}{match[2]}{ordinal(match[3])}号"


def _standard(match: re.Match[str]) -> str:
    year = f"杠{one_by_one(match[3])}" if match[3] else ""
    return match[1].replace("/", "") + as_code(match[2].replace(".", "点")) + year


def _chain(match: re.Match[str]) -> Said:
    """3-2-502 is a house, 15-15-15 a fertiliser, and the rest is left to dates and ranges."""
    numbers = match.groups()
    if re.search("肥|氮|磷|钾|配方|养分|含量", before(match, 20)):
        return "、".join(map(ordinal, numbers))
    if len(numbers[2]) == 4 and numbers[2] > "1900" and int(numbers[0]) <= 12:
        return None
    if len(numbers[2]) < 3 and not re.match(r"[室号户]", after(match)):
        return None
    room = as_code(numbers[2]) if len(numbers[2]) > 2 else ordinal(numbers[2])
    return f"{ordinal(numbers[0])}杠{ordinal(numbers[1])}杠{room}"


def _numbered(match: re.Match[str]) -> str:
    return f"{match[1]}{ordinal(match[2])}杠{ordinal(match[3])}"


def _address(match: re.Match[str]) -> Said:
    """A web or mail address, its signs as words."""
    said = re.sub(r"^[a-z]+://", "", match[0]).rstrip("/.")
    for sign, word in (
        (".", "点"),
        ("/", "斜杠"),
        ("@", "艾特"),
        ("-", "杠"),
        ("_", "下划线"),
        (":", "冒号"),
        ("=", "等于"),
    ):
        said = said.replace(sign, word)
    return Unsure(reading=as_code(re.sub(r"[?&%#~+$!]", "", said)), why=_ASK_ADDRESS, kind=DoubtKind.LETTERS)


def _points(match: re.Match[str]) -> str:
    return "点".join(map(one_by_one, match[0].split(".")))


def _version(match: re.Match[str]) -> Said:
    """1.2.3 is a section or a version; 2026.11.23 is left to the dates."""
    if re.fullmatch(rf"{_YEAR}\.\d{{1,2}}\.\d{{1,2}}", match[0]):
        return None
    return "点".join(ordinal(part) if part[0] != "0" else one_by_one(part) for part in match[0].split("."))


def _train(match: re.Match[str]) -> str:
    return match[1] + as_code(match[2])


def _road(match: re.Match[str]) -> str:
    """Two digits of a motorway are a number, three or four are read one by one: G十五, S二幺二."""
    return match[1] + (as_code(match[2]) if len(match[2]) > 2 else ordinal(match[2]))


def _code(match: re.Match[str]) -> str:
    return as_code(match[1])


def _rooms(match: re.Match[str]) -> str:
    if not match[2]:
        return as_code(match[1])
    return f"{as_code(match[1])}{match[2] if match[2] in '至到、和' else '到'}{as_code(match[3])}"


def _plate(match: re.Match[str]) -> str:
    return match[1] + as_code(match[2])


def _court(match: re.Match[str]) -> str:
    return one_by_one(match[1])


def _many(match: re.Match[str]) -> Said:
    """Many digits that nothing explains: one by one, and a person is asked."""
    digits = match[0]
    if _is_counted(match) or match[0] == match.string.strip() or re.fullmatch(r"\d{1,5}0{4,}", digits):
        return None
    if len(digits) == 8 and re.fullmatch(r"20[0-4]\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])", digits):
        return None
    return Unsure(reading=as_code(digits), alternatives=(quantity(digits),), why=_ASK_CODE)


_LABELS = (
    "验证码|校验码|动态码|密码|口令|编号|编码|代码|条码|识别码|激活码|尾号|后四位|末四位|卡号|账号|帐号|账户|户号|户名号|订单号|单号|取件码|提货码|取货码|核销码|兑换码|邀请码|邮编|邮政编码|"
    "学号|工号|证号|证件号码?|身份证号?码?|身份证|号码|房号|房间号?|门牌号|车牌号?码?|牌号|车号|座机号?|手机号码?|电话号码?|手机|电话|热线|传真|会议号|会议ID|直播间|QQ群号?|QQ号?|微信号|微信|群号|"
    "国标|批号|批准文号|国药准字|许可证号|备案号|客服|短号|集团号|信用代码|发送?[至到]|短信[至到]|分机|病床号|床号|航班|航班号|车次"
)

RULES = (
    rule(
        "mail address",
        r"(?<![A-Za-z0-9._-])[A-Za-z0-9._-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,5}",
        _address,
        needs="@",
    ),
    rule(
        "web address",
        r"[a-z]{2,6}://[A-Za-z0-9_./?=&%#:~+!$@-]{1,300}|(?<![A-Za-z0-9.-])(?:www\.)?(?:[A-Za-z0-9-]{1,63}\.){1,6}(?:com|cn|net|org|gov|edu|vip|top|info|cc|tv)(?![A-Za-z0-9-])(?::\d{1,5})?(?:/[A-Za-z0-9/_.?=&%#-]{0,200})?",
        _address,
        needs=".:",
    ),
    rule("mention", r"@(?=\w)", "艾特", needs="@"),
    rule("internet address", rf"{_S}\d{{1,3}}(?:\.\d{{1,3}}){{3}}(?![\d.])", _points),
    rule("version", rf"{_S}\d{{1,4}}(?:\.\d{{1,4}}){{2,4}}(?![\d.])", _version),
    rule("document number", r"[〔\[【(（]((?:19|20)\d\d)(年?)[〕\]】)）] ?第?(\d{1,5})号", _document),
    rule("court number", rf"[〔\[(（]((?:19|20)\d\d)[〕\])）](?=[{_PROVINCES}]|最高法)", _court),
    rule(
        "standard",
        r"((?<![A-Za-z])(?:GB|DB\d{0,2}|NY|HJ|ISO|JGJ|CJJ|YY|WS)(?:/[TZ])?)"
        r" ?(\d{2,5}(?:\.\d{1,2})?)(?:[-—](\d{4}))?(?!\d)",
        _standard,
    ),
    rule(
        "plate",
        rf"((?<=[{_PROVINCES}])[A-Z])[-· .]?"
        rf"((?=[A-Z]{{0,5}}\d)[A-Z0-9]{{5,6}}|\d{{4}}[港澳]|[A-Z0-9]{{4}}[学警])(?![A-Za-z0-9])",
        _plate,
    ),
    rule(
        "identity card",
        rf"{_S}(\d{{6}} ?(?:19|20)\d{{6}} ?\d{{3}}[\dXx]|\d{{17}}[\dXx])(?![\dA-Za-z])",
        lambda m: _bare(m[1]),
    ),
    rule("card number", rf"{_S}\d{{4}}(?: \d{{4}}){{2,4}}(?: \d{{1,4}})?{_E}", lambda m: _bare(m[0])),
    rule("mobile phone", rf"{_S}((?:\+|00)?86[- ]?)?(1[3-9]\d[- ]?\d{{4}}[- ]?\d{{4}})()(?!\d)", _phone),
    rule(
        "free phone",
        rf"(){_S}([48]00[- ]?\d{{3}}[- ]?\d{{4}}|[48]00-\d{{4}}-\d{{3}})(?:(?:转|-)(\d{{1,5}}))?{_E}",
        _phone,
    ),
    rule(
        "landline",
        rf"((?:\+|00)86[- ]?)?{_S}([(（]?0(?:10|2\d|[3-9]\d\d)[)）]?[-— ]?\d{{3,4}}[- ]?\d{{4}})"
        rf"(?:(?: ?转(?:分机)?|-) ?(\d{{1,6}}))?{_E}",
        _phone,
    ),
    rule("local phone", rf"{_S}([2-9]\d{{2,3}}[- ]?\d{{4}})(?:(?:转(?:分机)?|-)(\d{{1,6}}))?{_E}", _near_phone),
    rule(
        "labelled code",
        rf"((?:{_LABELS})(?:是|为|尾号|号)?[:： 码“\"]{{0,2}})"
        r"([A-Za-z]{0,6}-?\d[0-9A-Za-z]{0,30}(?:[-—~][0-9A-Za-z]{1,30}){0,5})(?![0-9A-Za-z/:%]|\.\d)",
        _labelled,
    ),
    rule("service number", rf"(?<![\d.,A-Za-z·:+-]){_SERVICE}{_E}(?![-~—/:%+·A-Za-z])", _service),
    rule("extension", r"(?<=转)(\d{3,5})(?!\d)", _code),
    rule("screen", r"(?<![\d.])(720|1080|1440|2160)(?=[pP](?![A-Za-z]))", _code, needs="pP"),
    rule("mask", r"(?<=N)95(?!\d)", "九五", needs="N"),
    rule(
        "house and room",
        r"((?<![\d-])(?=\d{1,2}-\d{3,4}(?:室|号房|房间))|[栋幢座楼])(\d{1,3})-(\d{3,4})(?!\d|-)",
        lambda m: f"{m[1]}{ordinal(m[2])}杠{as_code(m[3])}",
    ),
    rule(
        "room",
        rf"{_S}(\d{{3,4}})(?:([-~—至到、和])(\d{{3,4}}))?(?=号?(?:室|房间|房|宿舍|教室|病房|会议室|诊室|办公室|包间))",
        _rooms,
    ),
    rule("room after its kind", rf"(?<=[议教诊办务]室|病房|房间|包间|窗口) ?(\d{{3,4}})(?![\d.-])(?!{COUNTED})", _code),
    rule("room after its floor", rf"(?:(?<=单元)|(?<=[层栋幢])) ?(\d{{3,4}})(?![\d.-])(?!{COUNTED})", _code),
    rule(
        "road",
        rf"(?<![A-Za-z])([GSXY]) ?(\d{{1,4}})(?=国道|省道|县道|乡道|高速|线|公路|[{_PROVINCES}]\w{{1,2}}(?:高速|线))"
        rf"|{_S}(?<![A-Z])()(\d{{3}})(?=国道|省道|县道|乡道)",
        lambda m: _road(m) if m[1] else as_code(m[4]),
    ),
    rule("bus", rf"{_S}(\d{{3}})(?=路(?![程段面人灯口由费况基]))", _code),
    rule("train", r"(?<![A-Za-z])([GDCZTKYLS])(\d{1,4})(?=次|列车|高铁|动车|/)", _train),
    rule("house chain", rf"{_S}(?<!-)(\d{{1,3}})-(\d{{1,2}})-(\d{{1,4}})(?![\d-])(?!日)", _chain),
    rule(
        "numbered part",
        rf"(附件|附表|表|图|附录|式|题|编号) ?(\d{{1,3}})-(\d{{1,3}})(?![\d-]|{COUNTED})",
        _numbered,
    ),
    rule("number sign", r"(?<=\d)#", "号", needs="#"),
    rule("number sign before", r"#(\d{1,4})(?!\d)", lambda m: f"{m[1]}号", needs="#"),
    rule("many digits", rf"{_S}\d{{7,}}{_E}", _many),
)
"""In this order: the more telling a form is, the earlier it is read."""
