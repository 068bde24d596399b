"""Words that stand after a number, as plain lists: measure words, and what signs of units and money are called."""

from __future__ import annotations

import re


def _alternatives(words: str) -> str:
    return "|".join(sorted(map(re.escape, words.split()), key=len, reverse=True))


_COUNTED_TWO = """
夜 晚 局 胜 负 波 朵 筒 卷 担 垛 棚 番 癌 病 委 优 不愁 摞 串 挑 窖 熟 季 个 名 位 人 户 口 家 台 辆 件 条 只 头 匹
棵 株 颗 粒 块 片 张 把 根 支 枝 本 册 篇 份 套 双 对 副 批 群 帮 种 样 项 次 回 遍 趟 场 届 轮 部 天 周 年 岁 小时
分钟 点 时 秒 刻钟 星期 礼拜 钟头 亩 斤 公斤 千克 克 毫克 吨 升 毫升 米 厘米 毫米 公里 里 平方 平米 立方 方 公顷 度
尺 丈 寸 间 座 所 处 元 块 角 毛 分 倍 成 折 步 句 字 页 道 门 节 讲 站 桶 袋 箱 瓶 盒 包 碗 杯 盆 筐 篮 锅 壶 罐 捆
堆 车 船 针 剂 盘 桌 股 代 辈 例 宗 起 笔 票 盏 眼 孔 则 款 餐 顿 瓣 勺 匙 滴 茬 窝 垄 幅 封 首 枚 架 艘 扇 拨 段
课时 学时 学分 大类 大项 侧 旁 岸 者 边 端 头 手抓 亿 万 千 百
"""
"""A lone 2 before one of these is 两."""

_NAMED_TWO = "组 队 班 层 栋 幢 类 期 排 站台 胎"
"""A 2 before one of these names one (二组) unless the words before it count (分成两组)."""

_COUNTED_ONLY = """
℃ % ‰ ° 月 日 摄氏度 伏 安 瓦 赫兹 分贝 帕 卡 焦 马力 兆 平 级 年级 层 楼 组 队 班 类 期 学年 余 多 来 几 成 以上
以下 以内 左右 上下
"""

TWO_OF = _alternatives(_COUNTED_TWO)
NAMED_TWO = _alternatives(_NAMED_TWO)
COUNTED = f"[ ]?(?:{_alternatives(_COUNTED_TWO + _COUNTED_ONLY)})"
"""A number before one of these is a quantity, never a telephone number."""

_UNITS = """
mm 毫米 cm 厘米 dm 分米 km 公里 m 米 nm 纳米 μm 微米 um 微米 mm² 平方毫米 cm² 平方厘米 dm² 平方分米 m² 平方米
km² 平方公里 hm² 公顷 ha 公顷 mm2 平方毫米 cm2 平方厘米 m2 平方米 km2 平方公里 hm2 公顷 mm³ 立方毫米 cm³ 立方厘米
dm³ 立方分米 m³ 立方米 km³ 立方公里 cm3 立方厘米 dm3 立方分米 m3 立方米 mg 毫克 g 克 kg 千克 KG 千克 Kg 千克 t 吨
μg 微克 ug 微克 mcg 微克 ng 纳克 ml 毫升 mL 毫升 ML 毫升 l 升 L 升 dl 分升 dL 分升 cc 毫升 μl 微升 μL 微升 uL 微升
h 小时 H 小时 hr 小时 min 分钟 s 秒 sec 秒 ms 毫秒 W 瓦 kW 千瓦 KW 千瓦 kw 千瓦 MW 兆瓦 kWh 千瓦时 KWh 千瓦时
KWH 千瓦时 kwh 千瓦时 kW·h 千瓦时 kw·h 千瓦时 KW·h 千瓦时 V 伏 v 伏 kV 千伏 KV 千伏 kv 千伏 mV 毫伏 mA 毫安
mAh 毫安时 mah 毫安时 Ah 安时 AH 安时 kVA 千伏安 KVA 千伏安 Hz 赫兹 HZ 赫兹 hz 赫兹 kHz 千赫 KHz 千赫 MHz 兆赫
GHz 吉赫 dB 分贝 db 分贝 DB 分贝 Pa 帕 hPa 百帕 kPa 千帕 KPa 千帕 MPa 兆帕 Mpa 兆帕 mpa 兆帕 mmHg 毫米汞柱
mmhg 毫米汞柱 mol 摩尔 mmol 毫摩尔 μmol 微摩尔 umol 微摩尔 IU 国际单位 kcal 千卡 Kcal 千卡 cal 卡 kJ 千焦 KJ 千焦
kN 千牛 Mbps 兆 Mb 兆 M 兆 ℃ 摄氏度 °C 摄氏度 °c 摄氏度 ℉ 华氏度 °F 华氏度 ° 度 Ω 欧 kΩ 千欧 rpm 转每分
"""
_PAIRS = _UNITS.split()
UNITS = dict(zip(_PAIRS[::2], _PAIRS[1::2], strict=True))
UNIT = _alternatives(" ".join(UNITS))
UNITS_AFTER_A_SLASH = UNITS | {"d": "天", "w": "周", "U": "单位", "a": "年", "A": "安", "N": "牛", "J": "焦"}
UNIT_AFTER_A_SLASH = _alternatives(" ".join(UNITS_AFTER_A_SLASH))

_CURRENCIES = """
¥ 元 CN¥ 元 $ 美元 US$ 美元 A$ 澳元 AU$ 澳元 HK$ 港元 C$ 加元 NT$ 新台币 S$ 新加坡元 € 欧元 £ 英镑 ₩ 韩元 ₽ 卢布
฿ 泰铢 CNY 人民币 RMB 人民币 USD 美元 HKD 港元 EUR 欧元 GBP 英镑 JPY 日元 AUD 澳元 CAD 加元 KRW 韩元
"""
_COINS = _CURRENCIES.split()
CURRENCIES = dict(zip(_COINS[::2], _COINS[1::2], strict=True))
CURRENCY = _alternatives(" ".join(CURRENCIES))

_PER_WHAT = """
组 队 班 村 毫升 平方米 立方米 平方 小时 分钟 千克 公斤 公里 学期 课时 人次 季度 星期 斤 克 吨 升 米 人 名 户 亩 只
头 天 日 月 年 次 个 件 度 平 时 秒 分 公顷 千瓦时 袋 箱 瓶 株 棵 盒 张 份 套 台 辆 位 层 期 季 周 立方 篇 条 场 间
座 两 晚 车 工 趟 片 粒 支 针 幅 块 包 桶 盘 桌 本 节 票 岁
"""
PER_WHAT = _alternatives(_PER_WHAT)
"""What may stand after a stroke that is said 每: 元/亩."""

SURNAMES = (
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘"
    "杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文庞樊兰殷"
    "施陶洪翟安颜倪严牛温芦季俞章鲁葛伍韦申尤毕聂丛焦向柳邢路岳齐梅莫庄辛管祝左涂谷祁时舒耿牟卜詹关苗凌费纪靳"
    "盛童欧甄项曲成游阳裴席卫查屈鲍位覃霍翁隋甘景薄单包司柏宁柯阮桂闵解强柴华车冉房边"
)
