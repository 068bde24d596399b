"""Words → whether they are the name of a person: lists of names are read with longer pauses."""

from __future__ import annotations

from pypinyin.constants import PHRASES_DICT

SURNAMES = frozenset(
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林罗高郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢"
    "姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤常温康施"
    "文牛樊葛邢安齐易乔伍庞颜倪庄聂章鲁岳翟殷詹申欧耿关兰焦俞左柳甘祝包宁尚符舒阮柯纪梅童凌毕单季裴霍涂成苗谷"
    "盛曲翁冉骆蓝路游辛靳管柴蒙鲍华喻祁蒲房滕屈饶解牟艾尤阳时穆农司卓古吉缪简车项连芦麦褚娄窦戚岑景党宫费卜冷"
    "晏席卫米柏宗瞿桂全佟应臧闵苟邬边卞姬师和仇栾隋商刁沙荣巫寇桑郎甄丛仲虞敖巩明佘池查麻苑迟邝官封谈匡鞠惠荆"
    "乐冀郁胥南班储原栗燕楚鄢劳谌奚皮粟冼蔺楼盘满闻位厉伊仝区郜海阚花权强帅屠豆朴盖练廉禹"
)
DOUBLE_SURNAMES = ("欧阳", "上官", "司马", "诸葛", "尉迟", "皇甫", "令狐", "司徒", "慕容", "公孙", "夏侯", "端木")
NO_NAMES = (
    " 黄豆 黄瓜 黄酒 黄土 黄河 黄牛 马铃薯 马路 马上 马车 马匹 高粱 高温 高山 高速 白菜 白糖 白酒 白面 白薯 "
    "白天 白萝卜 花生 花椒 花草 花卉 花园 花盆 花菜 金桔 金鱼 金银 金额 金属 水管 水泥 水稻 雷电 雷雨 雷管 "
    "江河 田地 田埂 鱼塘 鱼虾 鱼苗 毛巾 毛毯 毛衣 毛豆 苗木 苗圃 苗种 谷子 谷物 谷雨 麦子 麦苗 麦种 麦秸 余额 "
    "余粮 管道 管子 管网 柴草 柴火 柴油 米面 米酒 杜鹃 杨树 柳树 梅花 梅雨 兰花 桑树 桑叶 梨树 温水 温度 温室 "
    "安全 安全帽 安全带 康复 党费 党员 党委 农药 农具 农膜 农机 农田 农业 农村 农民 史书 年画 年货 年糕 龙灯 "
    "龙虾 龙舟 牛羊 牛奶 牛肉 牛棚 羊肉 羊圈 钱包 钱财 成人 成绩 常识 文件 文具 文化 武术 项目 房屋 房产 房顶 "
    "路灯 路面 路口 路边 池塘 池子 胡椒 胡萝卜 艾草 艾叶 芦苇 芦笋 麻油 麻袋 柏树 平房 平安 申请 司机 司法 "
    "官兵 师傅 位置 权利 练习 车库 车辆 车站 石灰 石头 石子 江苏 阳台 阳光 时间 连接 方法 方便面 强风 强光 "
    "强电 关节炎 任务 祝福 全家 全村 位子 封条 封口 强降雨 冷风 冷水 单据 单位 解药 解放 盖子 盖头 豆腐 豆角 "
    "豆浆 豆油 项链 程序 叶子 叶菜 万元 严禁 施肥 施工 牟利 符号 包子 包装 包谷 宁静 尚未 沈阳 边沟 边坡 商店 "
    "商场 商贩 沙子 沙土 沙袋 班车 储备 储蓄 燕麦 劳保 皮衣 皮鞋 皮肤 "
)
"""Words of the village that begin like a surname, a blank around each."""


def is_a_name(words: str) -> bool:
    """Whether this looks like the name of a person and is no word: 张建国, not 黄豆."""
    if not 2 <= len(words) <= 4 or words in PHRASES_DICT or f" {words} " in NO_NAMES:
        return False
    return words.startswith(DOUBLE_SURNAMES) or (words[0] in SURNAMES and len(words) <= 3)
