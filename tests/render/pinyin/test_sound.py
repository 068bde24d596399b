"""How sentences of the village are said, word by word where it is easily got wrong."""

import pytest

from broadcaster.render.pinyin import sound


def said(spoken, lexicon=()):
    return " ".join(one.syllable.pinyin for one in sound(spoken, lexicon).sounds)


@pytest.mark.parametrize(
    ("spoken", "pinyin"),
    [
        ("种地要用好种子", "zhong4 di4 yao4 yong4 hao3 zhong3 zi5"),
        ("明年种棉花还是种花生", "ming2 nian2 zhong4 mian2 hua5 hai2 shi4 zhong4 hua1 sheng1"),
        ("播种以后看发芽", "bo1 zhong3 yi3 hou4 kan4 fa1 ya2"),
        ("晒场上的麦垛", "shai4 chang3 shang4 de5 mai4 duo4"),
        ("打场的场院", "da3 chang2 de5 chang2 yuan4"),
        ("挑着担子，拿着扁担", "tiao1 zhe5 dan4 zi5 na2 zhe5 bian3 dan5"),
        ("苹果树结果子", "ping2 guo3 shu4 jie1 guo3 zi5"),
        ("开花结果", "kai1 hua1 jie2 guo3"),
        ("会计去供销社", "kuai4 ji4 qu4 gong1 xiao1 she4"),
        ("干部应急抗旱，天气干旱", "gan4 bu4 ying4 ji2 kang4 han4 tian1 qi4 gan1 han4"),
        ("玉米倒伏，河里涨水", "yu4 mi3 dao3 fu2 he2 li3 zhang3 shui3"),
        ("苹果削皮，蒜要剥皮", "ping2 guo3 xiao1 pi2 suan4 yao4 bao1 pi2"),
        ("手上流血了，量血压", "shou3 shang4 liu2 xie3 le5 liang2 xue4 ya1"),
        ("把粮食晒干", "ba3 liang2 shi5 shai4 gan1"),
        ("借钱要还，还有利息", "jie4 qian2 yao4 huan2 hai2 you3 li4 xi1"),
        ("银行行长去重庆", "yin2 hang2 hang2 zhang3 qu4 chong2 qing4"),
        ("都到都市去", "dou1 dao4 du1 shi4 qu4"),
        ("当心中毒", "dang1 xin1 zhong4 du2"),
        ("一件一件地办，办得很好", "yi2 jian4 yi2 jian4 de5 ban4 ban4 de5 hen3 hao3"),
        ("还得再加把劲", "hai2 dei3 zai4 jia1 ba3 jin4"),
        ("睡觉以前觉得累", "shui4 jiao4 yi3 qian2 jue2 de5 lei4"),
        ("猪圈边上画个圈", "zhu1 juan4 bian1 shang4 hua4 ge4 quan1"),
        ("用薄荷泡茶，被子太薄", "yong4 bo4 he5 pao4 cha2 bei4 zi5 tai4 bao2"),
        ("系好安全带，联系村委会", "ji4 hao3 an1 quan2 dai4 lian2 xi4 cun1 wei3 hui4"),
        ("尽快办，尽力帮", "jin3 kuai4 ban4 jin4 li4 bang1"),
        ("为了大家，成为模范", "wei4 le5 da4 jia1 cheng2 wei2 mo2 fan4"),
        ("请他教我们，听教师讲", "qing3 ta1 jiao1 wo3 men5 ting1 jiao4 shi1 jiang3"),
        ("倒车倒水，树倒了", "dao4 che1 dao4 shui3 shu4 dao3 le5"),
    ],
)
def test_words_of_the_village(spoken, pinyin):
    assert said(spoken) == pinyin


@pytest.mark.parametrize(
    ("spoken", "pinyin"),
    [
        ("将领参将大将", "jiang4 ling3 can1 jiang4 da4 jiang4"),
        ("瓦剌的太子", "wa3 la4 de5 tai4 zi3"),
        ("塞尔维亚的乐队", "sai4 er3 wei2 ya4 de5 yue4 dui4"),
        ("乐评人写单曲", "yue4 ping2 ren2 xie3 dan1 qu3"),
        ("朝阳初升，唐朝的诗", "zhao1 yang2 chu1 sheng1 tang2 chao2 de5 shi1"),
        ("自传和宣传", "zi4 zhuan4 he2 xuan1 chuan2"),
        ("藏族收藏家", "zang4 zu2 shou1 cang2 jia1"),
        ("难民遇难", "nan4 min2 yu4 nan4"),
    ],
)
def test_words_of_books_and_news(spoken, pinyin):
    assert said(spoken) == pinyin


@pytest.mark.parametrize(
    ("place", "pinyin"),
    [
        ("六安", "lu4 an1"),
        ("蚌埠", "beng4 bu4"),
        ("亳州", "bo2 zhou1"),
        ("台州", "tai1 zhou1"),
        ("丽水", "li2 shui3"),
        ("乐清", "yue4 qing1"),
        ("乐亭", "lao4 ting2"),
        ("番禺", "pan1 yu2"),
        ("东莞", "dong1 guan3"),
        ("涡阳", "guo1 yang2"),
        ("铅山", "yan2 shan1"),
        ("大埔", "da4 bu4"),
        ("黄陂", "huang2 pi2"),
        ("浚县", "xun4 xian4"),
        ("歙县", "she4 xian4"),
        ("井陉", "jing3 xing2"),
        ("盱眙", "xu1 yi2"),
        ("犍为", "qian2 wei2"),
    ],
)
def test_places(place, pinyin):
    assert said(f"{place}的客人") == f"{pinyin} de5 ke4 ren2"


@pytest.mark.parametrize(
    ("spoken", "pinyin"),
    [
        ("解书记", "xie4 shu1 ji4"),
        ("查会计", "zha1 kuai4 ji4"),
        ("华大夫", "hua4 dai4 fu5"),
        ("尉迟老师", "yu4 chi2 lao3 shi1"),
        ("单贵志，四万分", "shan4 gui4 zhi4 si4 wan4 fen1"),
        ("请任满树同志", "qing3 ren2 man3 shu4 tong2 zhi4"),
        ("盖梅桂", "ge3 mei2 gui4"),
        ("曾花志和仇翠雨", "zeng1 hua1 zhi4 he2 qiu2 cui4 yu3"),
        ("诸葛亮", "zhu1 ge3 liang4"),
        ("老单师傅", "lao3 shan4 shi1 fu5"),
        ("查家营的单书记", "zha1 jia1 ying2 de5 shan4 shu1 ji4"),
        ("任家村和单家庄", "ren2 jia1 cun1 he2 shan4 jia1 zhuang1"),
        ("去主任家里，进那家店", "qu4 zhu3 ren4 jia1 li3 jin4 na4 jia1 dian4"),
        ("任大娘", "ren2 da4 niang2"),
        ("他姓解，她姓任", "ta1 xing4 xie4 ta1 xing4 ren2"),
    ],
)
def test_surnames_before_a_form_of_address_or_a_given_name(spoken, pinyin):
    assert said(spoken) == pinyin


@pytest.mark.parametrize(
    ("spoken", "pinyin"),
    [
        ("查清楚", "cha2 qing1 chu5"),
        ("他担任主任", "ta1 dan1 ren4 zhu3 ren4"),
        ("那老师呢", "na4 lao3 shi1 ne5"),
        ("区书记来了", "qu1 shu1 ji4 lai2 le5"),
        ("盖好被子", "gai4 hao3 bei4 zi5"),
        ("解开绳子", "jie3 kai1 sheng2 zi5"),
        ("单位主任", "dan1 wei4 zhu3 ren4"),
    ],
)
def test_what_only_looks_like_a_surname(spoken, pinyin):
    assert said(spoken) == pinyin


def test_the_stations_own_words_win_over_everything():
    assert said("重庆", [("重庆", "zhong4 qing4")]) == "zhong4 qing4"
    assert said("大营村，大营", [("大营", "dai4 ying2")]) == "dai4 ying2 cun1 dai4 ying2"


def test_an_own_word_with_one_in_it_keeps_its_tones():
    assert said("一家村", [("一家村", "yi1 jia1 cun1")]) == "yi1 jia1 cun1"


def test_an_own_word_with_too_few_syllables_is_no_word():
    assert said("重庆", [("重庆", "zhong4")]) == "chong2 qing4"


def test_a_longer_own_word_that_begins_alike_is_not_looked_for_beyond_the_end():
    """The end of a text, cut short, was taken for a word of the length that was looked for."""
    own = [("大营", "da4 ying2"), ("大营村", "dai4 ying2 cun1")]

    assert said("大营", own) == "da4 ying2"


def test_letters_stand_for_themselves():
    assert said("打开WiFi") == "da3 kai1 W I F I"


def test_a_character_that_nobody_knows_is_silent_and_told():
    found = sound("张\U00030000好")

    assert [one.syllable.char for one in found.sounds] == ["张", "好"]
    assert found.silent == (1,)


def test_a_rare_character_that_is_known_is_said():
    assert said("㛃") == "jie2"
