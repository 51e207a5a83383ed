"""The people, accounts and terminals of a new simulator state, as rows. All of them are fictitious.

Identity numbers have valid check digits (GB 11643) and region codes that are not assigned (99....); numbers of other
documents have the right form and were never issued. `NOTABLE` are people who show something, each for the reason in its
`note`; `PERSONS` are many of the same kind, for measurements and for tests with hundreds of people. What changes later
is in state. Tests may use all of it.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

APP_ID = "1TESTAPP0000000000000000TESTAPP0"
SECRET = "1TESTSEC0000000000000000TESTSEC0"
TERM_ID = "35020010001"
ORG_ID = "1TESTORG0000000000000000TESTORG0"

# The out_authorize_no of the consent that a new state has: that of the first of NOTABLE, given to the first account.
CONSENTED_NO = "AUTH0001"

# The second account may call verify only (VC appendix 1: 1010).
LIMITED_APP_ID = "1TESTAPP0000000000000000LIMITED0"
LIMITED_SECRET = "1TESTSEC0000000000000000LIMITED0"

# app_id, key, title, and the methods that it may call (empty: all)
ACCOUNTS: tuple[tuple[str, str, str, frozenset[str]], ...] = (
    (APP_ID, SECRET, "测试应用", frozenset()),
    (LIMITED_APP_ID, LIMITED_SECRET, "仅可验证的应用", frozenset({"ehc.ehealthcode.verify"})),
)
# term_id, title
TERMINALS: tuple[tuple[str, str], ...] = ((TERM_ID, "测试终端"),)

_NAMES = ("张三", "李强", "王𬱖", "龙䶮", "㛃敏", "欧阳建国", "阿依古丽·买买提", "JOHN SMITH")
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


@dataclass(frozen=True, slots=True)
class Person:
    """One fictitious person; the field names are those of VC 4.1, and all codes are derived from `number`.

    `cards` are pairs of type and number. `insurance` is the code of EC C.4 with which the insurance platform refuses
    this person, "" for an insured one. `closed`: the 多码融合码 was closed (VC 4.5).
    """

    number: int
    id_type: str
    id_no: str
    user_name: str
    user_sex: str
    birthday: str
    mobile_phone: str
    note: str = ""
    cards: tuple[tuple[str, str], ...] = ()
    insurance: str = ""
    closed: bool = False

    @property
    def code_id(self) -> str:
        """The ID in the 多码融合码."""
        return hashlib.sha256(f"person {self.number}".encode()).hexdigest().upper()[:48]

    @property
    def ehealth_code(self) -> str:
        """The static code: ID, flag 1, no token, nothing in the reserved part, issuing organisation."""
        return f"{self.code_id}:1:::{TERM_ID}"

    @property
    def ec_code(self) -> str:
        """The insurance code of a new state."""
        return f"424{self.number:017d}00350000"

    @property
    def ec_token(self) -> str:
        """The ecToken that the insurance platform issues for this person."""
        return ec_token(self.number)

    @property
    def card_no(self) -> str:
        """The number of the default card, "" if there is none."""
        return self.cards[0][1] if self.cards else ""


def ec_token(number: int) -> str:
    """Return the ecToken of the person of that number, 38 characters; ec.query makes it valid for 30 minutes."""
    return f"350000ec{number:030d}"


def _person(number: int) -> Person:
    birthday = f"{1950 + number % 60:04d}{1 + number % 12:02d}{1 + number % 28:02d}"
    body = f"990000{birthday}{number % 1000:03d}"
    check = "10X98765432"[sum(int(digit) * weight for digit, weight in zip(body, _WEIGHTS, strict=True)) % 11]
    return Person(
        number=number,
        id_type="01",
        id_no=body + check,
        user_name=_NAMES[number % len(_NAMES)],
        user_sex=str(1 + (number + 1) % 2),
        birthday=birthday,
        mobile_phone=f"1990000{number:04d}",
        cards=(("01", f"D{number:06d}"),),
    )


PERSONS = tuple(_person(number) for number in range(256))

_LONG_NAME = "古丽巴哈尔·阿卜杜克热木·沙依木努尔·麦麦提图尔荪·阿布都热西提·艾合麦提尼亚孜·托合提阿吉·努尔兰"
_ALL_CARDS = (
    ("01", "D990000027"),
    ("02", "SMK99000027"),
    ("03", "LSK99000027"),
    ("04", "JXJ99000027"),
    ("05", "JKK99000027"),
    ("A2", "4249900000000000002700350000"),
)

# number, id_type, id_no, user_name, user_sex, birthday, mobile_phone, note
# fmt: off
NOTABLE = (
    Person(1001, "01", "990101198805120024", "林晓雯", "2", "19880512", "19900001001",
           "普通成年人：演示时自动确认授权（agree）的就是她", (("01", "D990000001"), ("05", "JKK99000001"))),
    Person(1002, "01", "990102197603090041", "刘𬱖", "2", "19760309", "19900001002",
           "生僻字 𬱖（扩展 E 区）：GB18030 四字节，GBK 没有"),
    Person(1003, "01", "990102196907180017", "赵䶮", "1", "19690718", "19900001003",
           "生僻字 䶮（扩展 A 区）：GB18030 两字节 FE9F，旧 GBK 没有"),
    Person(1004, "01", "990103199102030062", "陈㛃", "2", "19910203", "19900001004",
           "生僻字 㛃（扩展 A 区）：GB18030 四字节，UTF-16 只有一个单元"),
    Person(1005, "01", "990103198206270031", "吴𠮷", "1", "19820627", "19900001005",
           "生僻字 𠮷（扩展 B 区）：UTF-16 占两个单元，UTF-8 四字节"),
    Person(1006, "01", "990104195808300050", "周𡈽", "1", "19580830", "19900001006",
           "生僻字 𡈽（扩展 B 区）：字形与“土”相近，最易录错"),
    Person(1007, "01", "996501197309210074", "阿卜杜热合曼·阿卜杜热伊木江·买买提吐尔逊·艾尼瓦尔江", "1", "19730921",
           "19900001007", "维吾尔族长姓名，间隔号为 ·（U+00B7），共 27 字"),
    Person(1008, "01", "996501198411050083", _LONG_NAME, "2", "19841105", "19900001008",
           "姓名恰为 50 字：user_name 的上限"),
    Person(1009, "01", "990105199910100092", "丁一", "1", "19991010", "19900001009", "单姓单名，两字共三画"),
    Person(1010, "01", "990105196504040115", "司马相", "1", "19650404", "19900001010", "复姓单名"),
    Person(1011, "01", "99010620010615012X", "上官婉清", "2", "20010615", "19900001011", "复姓双名；身份证末位为 X"),
    Person(1012, "A3", "999840197909220149", "MARIA DEL CARMEN GARCIA LOPEZ", "2", "19790922", "19900001012",
           "外国人永久居留证（2023 版，十八位）；拉丁字母大写姓名，含空格"),
    Person(1013, "03", "XA0000013", "JEAN-PIERRE O'BRIEN", "9", "19700131", "19900001013",
           "外国护照；姓名含连字符和撇号；性别未说明"),
    Person(1014, "03", "E00000014", "郑海归", "1", "19930303", "19900001014", "持中国护照就诊的侨胞"),
    Person(1015, "08", "T990000015", "林晓雯之子", "1", "20261101", "19900001015", "新生儿：出生医学证明，尚未取名"),
    Person(1016, "01", "990107202006010133", "孙小满", "1", "20200601", "19900001016", "学龄前儿童，手机为监护人所有"),
    Person(1017, "02", "990107201302280168", "孙小雪", "2", "20130228", "19900001017", "未成年人，凭户口簿就诊"),
    Person(1018, "01", "990108192002290182", "钱寿春", "2", "19200229", "", "百岁老人，生于闰日；没有手机"),
    Person(1019, "04", "军字第00000019号", "韩卫国", "1", "19850801", "19900001019", "军官证，证件号含汉字"),
    Person(1020, "05", "990000000020", "冯驰", "1", "19921020", "19900001020", "驾驶证：EC C.2 没有的证件类型"),
    Person(1021, "06", "H00000021", "陈大文", "1", "19660621", "19900001021", "港澳居民来往内地通行证（香港）"),
    Person(1022, "07", "00000022", "張雅筑", "2", "19951122", "19900001022", "台湾居民来往内地通行证；姓名为繁体字"),
    Person(1023, "A1", "998101199012120157", "何嘉俊", "1", "19901212", "19900001023", "港澳居民居住证"),
    Person(1024, "A2", "998301198708080209", "林怡君", "2", "19870808", "19900001024", "台湾居民居住证"),
    Person(1025, "99", "QT0000000000000000000000000025", "无名氏", "0", "", "19900001025",
           "其他证件，证件号恰为 30 字（EC idNo 的上限）；性别未知，没有出生日期"),
    Person(1026, "01", "990109197201170174", "沈已销", "1", "19720117", "19900001026",
           "多码融合码已注销：验证得 3001，医保得 500001", (("01", "D990000026"),), closed=True),
    Person(1027, "01", "990109198001300223", "许多卡", "2", "19800130", "19900001027", "每种卡各有一张", _ALL_CARDS),
    Person(1028, "01", "990110199404040198", "吕无证", "1", "19940404", "19900001028",
           "医保：该电子凭证不存在", insurance="500001"),
    Person(1029, "01", "99011019961224024X", "施未活", "2", "19961224", "19900001029",
           "医保：该电子凭证未激活", insurance="500002"),
    Person(1030, "01", "990110195505060210", "孔未授", "1", "19550506", "19900001030",
           "医保：该用户在该应用渠道未授权", insurance="500003"),
    Person(1031, "01", "990111197807070268", "曹无地", "2", "19780707", "19900001031",
           "医保：参保地为空", insurance="500054"),
    Person(1032, "01", "990111200509090230", "严不符", "1", "20050909", "19900001032",
           "医保：用户身份信息校验不通过", insurance="500057"),
    Person(1033, "01", "990111196311300280", "魏有误", "2", "19631130", "19900001033",
           "医保：人员信息错误", insurance="500058"),
)
# fmt: on
