"""一 and 不 before other syllables."""

import pytest

from tests.render.pinyin.test_sound import said


@pytest.mark.parametrize(
    ("spoken", "pinyin"),
    [
        ("第一", "di4 yi1"),
        ("第一个", "di4 yi1 ge4"),
        ("初一", "chu1 yi1"),
        ("十一", "shi2 yi1"),
        ("二十一天", "er4 shi2 yi1 tian1"),
        ("星期一上午", "xing1 qi1 yi1 shang4 wu3"),
        ("周一", "zhou1 yi1"),
        ("一月一号", "yi1 yue4 yi1 hao4"),
        ("十月一日", "shi2 yue4 yi1 ri4"),
        ("一号楼", "yi1 hao4 lou2"),
        ("统一", "tong3 yi1"),
        ("统一安排", "tong3 yi1 an1 pai2"),
        ("万一", "wan4 yi1"),
        ("万一下雨", "wan4 yi1 xia4 yu3"),
        ("一万一千", "yi2 wan4 yi4 qian1"),
        ("三分之一", "san1 fen1 zhi1 yi1"),
        ("百分之一百", "bai3 fen1 zhi1 yi4 bai3"),
        ("一百一十", "yi4 bai3 yi1 shi2"),
        ("一百一", "yi4 bai3 yi1"),
        ("二零二一年", "er4 ling2 er4 yi1 nian2"),
        ("一二三", "yi1 er4 san1"),
        ("一点零八", "yi4 dian3 ling2 ba1"),
        ("零点一元", "ling2 dian3 yi1 yuan2"),
        ("一等奖", "yi1 deng3 jiang3"),
        ("一栋三单元", "yi1 dong4 san1 dan1 yuan2"),
        ("一组、二组", "yi1 zu3 er4 zu3"),
        ("一到三名", "yi1 dao4 san1 ming2"),
        ("一是防火，二是防盗", "yi1 shi4 fang2 huo3 er4 shi4 fang2 dao4"),
    ],
)
def test_one_keeps_its_tone_as_a_digit_an_ordinal_and_at_the_end_of_a_word(spoken, pinyin):
    assert said(spoken) == pinyin


@pytest.mark.parametrize(
    ("spoken", "pinyin"),
    [
        ("一个", "yi2 ge4"),
        ("一样", "yi2 yang4"),
        ("一次", "yi2 ci4"),
        ("一天", "yi4 tian1"),
        ("一年", "yi4 nian2"),
        ("一起", "yi4 qi3"),
        ("看一看", "kan4 yi5 kan4"),
        ("两点一刻", "liang3 dian3 yi2 ke4"),
        ("一两个", "yi4 liang3 ge4"),
        ("一心一意", "yi4 xin1 yi2 yi4"),
        ("一周年", "yi4 zhou1 nian2"),
        ("盖了一栋小楼", "gai4 le5 yi2 dong4 xiao3 lou2"),
    ],
)
def test_one_goes_by_the_tone_that_follows(spoken, pinyin):
    assert said(spoken) == pinyin


@pytest.mark.parametrize(
    ("spoken", "pinyin"),
    [
        ("不是", "bu2 shi4"),
        ("不要", "bu2 yao4"),
        ("不行", "bu4 xing2"),
        ("不好", "bu4 hao3"),
        ("不一样", "bu4 yi2 yang4"),
        ("不一定", "bu4 yi2 ding4"),
        ("好不好", "hao3 bu5 hao3"),
        ("看不见", "kan4 bu5 jian4"),
        ("走不动", "zou3 bu5 dong4"),
        ("不得强迫", "bu4 de2 qiang3 po4"),
    ],
)
def test_not_is_second_before_a_fourth_tone_and_light_in_the_middle(spoken, pinyin):
    assert said(spoken) == pinyin
