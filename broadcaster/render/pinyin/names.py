"""Names of people: surnames that are read otherwise than the same character elsewhere."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from broadcaster.render.pinyin import tables

_OFFICES = (
    "书记|主任|会计|支书|村长|主席|组长|队长|乡长|镇长|县长|市长|局长|所长|校长|院长|站长|科长|处长|部长|厂长"
    "|经理|老板|教授|委员|干事|警官|法官|律师|总"
)
_PERSONAL = "大夫|医生|老师|先生|女士|同志|同学|大爷|大妈|大叔|大婶|大哥|大姐|大娘|大嫂|奶奶|爷爷|叔叔|阿姨|师傅|某"
_TITLES = f"{_OFFICES}|{_PERSONAL}"
_NAME_BEGINS = r"(?:(?<![一-龥])|(?<=[、，和与跟及由请叫让给向找是的村组队县镇乡部新]))"
_FOLLOWS = "家|等|说|得了|获得|荣获|担任|总分|积分|[零一二三四五六七八九十]|组织|带领|负责|和|与"
_HAMLET = "家[村屯庄沟营窝堡店坡湾寨集岭洼坝桥铺坊台园井巷]"
"""任家村, 单家庄: hamlets are called after the families who founded them."""
_NOT_HAMLETS = ("盖",)
"""盖家 is read gai4 in most places."""
_NAME_ENDS = rf"(?=[，。、；：！？\s]|$|{_TITLES}|{_FOLLOWS})"
_GIVEN = (
    "伟芳娜敏静秀丽强磊军洋勇艳杰娟涛明超兰霞平刚桂英华玉萍红玲芬燕彬凤洁梅琳素云莲真环雪荣爱妹香月莺媛瑞凡佳嘉琼勤珍贞莉"
    "建国庆民志新春生福贵财富德才文武斌宏海山河江湖林森木树根柱栓锁金银铜铁石田禾麦丰收仓满喜乐晴雨风雷电光辉耀宗祖孝忠义仁礼智信"
    "永长久安康宁顺利发达兴旺盛昌隆鹏飞龙虎豹马牛羊双全友有学思源浩然子轩宇航梓涵一诺欣怡可馨晨曦睿泽俊豪天佑博雅婷倩雯颖慧娇莹雁"
    "翠花连朝阳东西南北中大小老少先进良善美成功立业维振启祥瑞吉庆鑫淼焱垚彪豪毅坚峰岩松柏竹菊荷蕾蓉薇芝茂胜利元正权培绍继承保卫防援越战"
    "传广士世仕时景克守传家邦治政道法清廉洪波涌泉水火土银锋钢铭钧"
)


def surnames(spoken: str) -> Iterator[tuple[int, tuple[str, ...]]]:
    """Where a surname stands that has a reading of its own, and that reading."""
    for pattern in _patterns():
        for found in pattern.finditer(spoken):
            yield found.start(1), _table()[found[1]]


@lru_cache(maxsize=1)
def _table() -> dict[str, tuple[str, ...]]:
    return {name: tuple(said.split()) for name, said, *_ in tables.rows("surnames.tsv")}


@lru_cache(maxsize=1)
def _patterns() -> tuple[re.Pattern[str], ...]:
    """Before an office, a personal form of address or a given name, in the name of a hamlet, and after 姓."""
    rows = tables.rows("surnames.tsv")
    in_office = "|".join(name for name, _, *kind in rows if not kind)
    addressed = "|".join(name for name, _, *kind in rows if kind != ["untitled"])
    named = "|".join(name for name, *_ in rows)
    settled = "|".join(name for name, _, *kind in rows if kind != ["untitled"] and name not in _NOT_HAMLETS)
    return (
        re.compile(rf"{_NAME_BEGINS}[老小]?({in_office})(?=(?:{_OFFICES}))"),
        re.compile(rf"{_NAME_BEGINS}[老小]?({addressed})(?=(?:{_PERSONAL}))"),
        re.compile(rf"{_NAME_BEGINS}({named})(?=[{_GIVEN}]{{1,2}}{_NAME_ENDS})"),
        re.compile(rf"(?<!大)({settled})(?={_HAMLET})"),
        re.compile(rf"(?<=姓)({named})(?=的|，|。|、|$)"),
    )
