"""VirtualCardTrans: the common request fields and the eight methods of VC chapter 4.

What it is: every request and response row of VC 4.1 to 4.8, edition V1.1.2 of 2020-06-08, in the order of the
document. What it is not: the wire format (the document does not define it) nor a validator. Used through
``shim.spec`` wherever a call is checked, simulated or documented.

Wire names are those printed, slips included: ``photo_fomat``, ``out.Alter_no``. Only blanks that a line break of the
document left inside a word were removed. Chinese notes are the 参数说明 column, shortened, or our remark. Every
deviation from the printed tables is explained in docs/errata.md.
"""

from __future__ import annotations

from shim.spec.rows import Condition, Effect, Field, Label, Method, Shows, Step

# Row: name, title, type, length (None: no limit), required (printed 可空 = N), clause.

# Rows that are printed 可空 = N and that only one kind of code, or one outcome, can fill (docs/errata.md).
_ASKED = Condition(
    "二维码为医保电子凭证或 IsMultiCode 为 0 时", "VC 4.2.1", "医保电子凭证", (("IsMultiCode", "0"),),
    english="if the code is an insurance credential or IsMultiCode is 0",
)  # fmt: skip
_INSURED = Condition(
    "二维码为医保电子凭证时", "VC 4.2.2", "医保电子凭证", english="if the code is an insurance credential"
)
_FUSED = Condition("二维码为多码融合码时", "VC 4.2.2", "多码融合码", english="if the code is a fused health code")
_CONSENTED = Condition(
    "auth_status 为 succ 时", "VC 4.7.2", values=(("auth_status", "succ"),), english="if auth_status is succ"
)

# VC 4.1.1: the same nine rows open every request table from 4.1.1 to 4.8.1
COMMON: tuple[Field, ...] = (
    Field("method", "接口名称", "String", 50, True, "VC 4.1.1", "methods"),
    Field("app_id", "应用编号", "String", 32, True, "VC 4.1.1"),
    Field("key", "应用密钥", "String", 32, True, "VC 4.1.1"),
    Field("term_id", "终端编号", "String", 32, True, "VC 4.1.1"),
    Field("version", "接口版本号", "String", 10, True, "VC 4.1.1", note="文档样例为 X.M.0.1"),
    Field("timestamp", "请求时间戳", "String", 20, True, "VC 4.1.1", note="yyyyMMddHHmmss（VC 3.2）"),
    Field("sign_type", "签名类型", "String", 10, True, "VC 4.1.1", note="MD5/SM3"),
    Field("enc_type", "加密类型", "String", 10, True, "VC 4.1.1", note="AES/SM4，4.3.1 另有 DES"),
    Field("biz_content", "请求参数集合", "String", None, True, "VC 4.1.1", note="除公共请求参数外的所有请求参数"),
)

# VC 3.2, sample of InData: in no table, sent empty by the host and filled by the DLL
UNLISTED: tuple[Field, ...] = (Field("sign", "签名", "String", None, False, "VC 3.2", note="仅见于样例，传空串"),)

METHODS: tuple[Method, ...] = (
    # VC 4.1
    Method(
        name="ehc.ehealthcard.querywithreg",
        title="实名注册多码融合码并获取二维码",
        clause="VC 4.1",
        serial="out_trade_no",
        aliases=("ehealthcard.querywithreg",),
        shows=(
            Shows(Step.FOLLOWS, "pub_qrcode", flag="pub_flag"),
            Shows(Step.REGISTERS, "ehealth_code", time_expire="time_expire"),
        ),
        # QRprint (VC 4.1.1) prints as VC 3.4 does. card_no may be empty (VC 4.1.2), cardNo may not: then the label
        # bears what QRprint is called after.
        prints=Label("QRprint", ("ehealth_code",), ("card_no", "ehealth_card_id"), ("user_name",)),
        # VC 4.1.1
        request=(
            Field("out_trade_no", "外部注册流水号", "String", 32, True, "VC 4.1.1"),
            Field("out_trade_time", "外部注册时间", "String", 32, True, "VC 4.1.1"),
            Field("time_expire", "二维码有效时间", "String", 10, False, "VC 4.1.1", note="秒；为空返回静态二维码"),
            Field("certificate_mode", "认证方式", "String", 32, True, "VC 4.1.1", "certificate_modes"),
            Field("apply_method", "申请方式", "String", 32, True, "VC 4.1.1", "apply_methods"),
            Field("id_type", "证件类型", "String", 2, True, "VC 4.1.1", "id_types"),
            Field("id_no", "证件号", "String", 32, True, "VC 4.1.1"),
            Field("user_name", "用户姓名", "String", 50, True, "VC 4.1.1", prose=True),
            Field("user_sex", "用户性别", "String", 1, True, "VC 4.1.1", "sexes"),
            Field("mobile_phone", "手机号码", "String", 32, True, "VC 4.1.1"),
            Field("birthday", "出生日期", "String", 10, False, "VC 4.1.1"),
            Field("nation", "民族", "String", 50, False, "VC 4.1.1", "nations", note="文档未说明填代码还是名称"),
            Field("telephone", "联系电话", "String", 32, False, "VC 4.1.1"),
            Field("address", "居住地址", "String", 200, False, "VC 4.1.1", prose=True),
            Field("work_unit", "工作单位", "String", 100, False, "VC 4.1.1", prose=True),
            Field("photo_fomat", "照片格式", "String", 32, False, "VC 4.1.1", None, ("photo_format",), "JPGBASE64"),
            Field("photo_info", "照片信息", "String", 2048, False, "VC 4.1.1", note="JPG 经 BASE64 编码"),
            Field("card_list", "绑定卡列表", "JSON", None, False, "VC 4.1.1", note="card_type 与 card_no 的数组"),
            Field("pub_flag", "公众号关注二维码", "String", 1, False, "VC 4.1.1", "yes_no", note="默认 N"),
            Field("QRprint", "打印多码融合 ID", "String", 1, False, "VC 4.1.1", "yes_no", note="默认 N"),
        ),
        # VC 4.1.2
        response=(
            Field("ehealth_card_id", "多码融合码 ID", "String", 128, True, "VC 4.1.2"),
            Field("ehealth_code", "多码融合码二维码", "String", 128, True, "VC 4.1.2"),
            Field("mindex_id", "居民多码融合主索引 ID", "String", 128, True, "VC 4.1.2"),
            Field("xman_id", "市民健康系统 ID", "String", 32, False, "VC 4.1.2"),
            Field("id_type", "证件类型", "String", 2, True, "VC 4.1.2", "id_types"),
            Field("id_no", "证件号", "String", 32, True, "VC 4.1.2"),
            Field("user_name", "用户名", "String", 50, True, "VC 4.1.2"),
            Field("card_type", "卡类型", "String", 2, False, "VC 4.1.2", "card_types"),
            Field("card_no", "卡号", "String", 32, False, "VC 4.1.2", note="默认关联卡号"),
            Field("card_list", "绑定卡列表", "JSON", None, False, "VC 4.1.2", note="card_type 与 card_no 的数组"),
            Field("pub_qrcode", "微信关注二维码", "String", 128, False, "VC 4.1.2", note="文档未填可空一栏"),
        ),
    ),
    # VC 4.2
    Method(
        name="ehc.ehealthcode.verify",
        title="验证多码融合码二维码",
        clause="VC 4.2",
        aliases=("ehealthcode.verify",),
        effect=Effect.IDENTIFY,
        scans="ehealth_code",
        # VC 4.2.1; ehealth_code stands only in the sample of VC 3.2
        request=(
            Field("ehealth_code", "多码融合码二维码", "String", 128, False, "VC 3.2", note="仅见于样例；没有给时扫码"),
            Field("out_verify_no", "外部验证流水号", "String", 32, True, "VC 4.2.1"),
            Field("out_verify_time", "外部验证时间", "String", 32, True, "VC 4.2.1"),
            Field("operator_id", "用卡验证操作员编号", "String", 32, True, "VC 4.2.1"),
            Field("operator_name", "用卡验证操作员姓名", "String", 32, True, "VC 4.2.1", prose=True),
            Field("treatment_code", "诊疗环节编码", "String", 32, True, "VC 4.2.1", "treatments"),
            Field("ECUrl", "医保电子凭证请求地址", "String", 512, True, "VC 4.2.1", when=_ASKED),
            Field("orgId", "机构 id", "String", 50, True, "VC 4.2.1", when=_ASKED),
            Field("businessType", "用码业务类型", "String", 5, True, "VC 4.2.1", "businesses", when=_ASKED),
            Field("businessInfo", "用码业务类型", "String", 2, True, "VC 4.2.1", note="01 身份核验", when=_ASKED),
            Field("officeId", "医保科室编号", "String", 128, True, "VC 4.2.1", when=_ASKED),
            Field("officeName", "医保科室名称", "String", 256, True, "VC 4.2.1", when=_ASKED, prose=True),
            Field(
                "IsMultiCode", "是否支持多码融合平台", "String", 2, True, "VC 4.2.1", "multi_code_flags", when=_ASKED
            ),
        ),
        # VC 4.2.2
        response=(
            Field(
                "mindex_id", "居民多码融合主索引 ID", "String", 128, True, "VC 4.2.2", note="仅多码融合码", when=_FUSED
            ),
            Field(
                "ehealth_card_id", "多码融合码 ID", "String", 128, True, "VC 4.2.2", note="仅多码融合码", when=_FUSED
            ),
            Field("xman_id", "市民健康系统 ID", "String", 32, False, "VC 4.2.2", note="仅多码融合码"),
            Field("smk_id", "经信局市民卡 ID", "String", 32, False, "VC 4.2.2", note="仅多码融合码"),
            Field("id_type", "证件类型", "String", 2, True, "VC 4.2.2", "id_types"),
            Field("id_no", "证件号", "String", 32, True, "VC 4.2.2"),
            Field("user_name", "用户姓名", "String", 50, True, "VC 4.2.2"),
            Field("user_sex", "用户性别", "String", 1, True, "VC 4.2.2", "sexes"),
            Field("mobile_phone", "手机号码", "String", 32, True, "VC 4.2.2"),
            Field("birthday", "出生日期", "String", 10, False, "VC 4.2.2"),
            Field("telephone", "联系电话", "String", 32, False, "VC 4.2.2"),
            Field("address", "居住地址", "String", 200, False, "VC 4.2.2"),
            Field("work_unit", "工作单位", "String", 100, False, "VC 4.2.2"),
            Field("card_type", "卡类型", "String", 2, False, "VC 4.2.2", "card_types", note="默认关联卡类型"),
            Field("card_no", "卡号", "String", 32, False, "VC 4.2.2", note="默认关联卡号"),
            Field("ecToken", "身份令牌", "String", 64, True, "VC 4.2.2", note="仅医保电子凭证有值", when=_INSURED),
            Field(
                "insuOrg", "参保地区编码", "String", 6, True, "VC 4.2.2", "regions", (), "仅医保电子凭证有值", _INSURED
            ),
            Field(
                "EcQrCode", "电子凭证二维码", "String", 32, True, "VC 4.2.2", None, (), "仅医保电子凭证有值", _INSURED
            ),
        ),
    ),
    # VC 4.3
    Method(
        name="ehc.ehealthcard.alterlink",
        title="更换绑定关联实体卡",
        clause="VC 4.3",
        serial="out.Alter_no",
        aliases=("ehealthcard.alterlink",),
        # VC 4.3.1
        request=(
            Field("ehealth_card_id", "多码融合码 ID", "String", 128, True, "VC 4.3.1"),
            Field("from_card_type", "旧卡类型", "String", 2, False, "VC 4.3.1", "card_types", note="为空则新增关联"),
            Field("from_card_no", "旧卡号", "String", 32, False, "VC 4.3.1", note="为空则新增关联"),
            Field("to_card_type", "新卡类型", "String", 2, True, "VC 4.3.1", "card_types"),
            Field("to_card_no", "新卡号", "String", 32, True, "VC 4.3.1"),
            Field("out.Alter_no", "外部变更流水号", "String", 32, True, "VC 4.3.1", None, ("out_alter_no",)),
            Field("out.Alter_time", "外部变更流时间", "String", 32, True, "VC 4.3.1", None, ("out_alter_time",)),
        ),
        # VC 4.3.2
        response=(
            Field("mindex_id", "居民多码融合主索引 ID", "String", 128, True, "VC 4.3.2"),
            Field("ehealth_card_id", "多码融合码 ID", "String", 128, True, "VC 4.3.2"),
            Field("out.Alter_no", "外部变更流水号", "String", 32, True, "VC 4.3.2", None, ("out_alter_no",)),
            Field("alter_no", "平台变更流水号", "String", 32, True, "VC 4.3.2"),
        ),
    ),
    # VC 4.4
    Method(
        name="ehc.ehealthcard.alterinfo",
        title="修改多码融合码个人信息",
        clause="VC 4.4",
        serial="out.Alter_no",
        aliases=("ehealthcard.alterinfo",),
        # VC 4.4.1
        request=(
            Field("ehealth_card_id", "多码融合码 ID", "String", 128, True, "VC 4.4.1"),
            Field("user_sex", "变更性别", "String", 32, False, "VC 4.4.1", "sexes"),
            Field("mobile_phone", "变更手机号", "String", 20, False, "VC 4.4.1"),
            Field("photo_format", "照片格式", "String", 32, False, "VC 4.4.1", None, ("photo_fomat",), "JPGBASE64"),
            Field("photo_info", "新照片信息", "String", 2048, False, "VC 4.4.1", note="JPG 经 BASE64 编码"),
            Field("out.Alter_no", "外部变更流水号", "String", 32, True, "VC 4.4.1", None, ("out_alter_no",)),
            Field("out.Alter_time", "外部变更流时间", "String", 32, True, "VC 4.4.1", None, ("out_alter_time",)),
        ),
        # VC 4.4.2
        response=(
            Field("ehealth_card_id", "多码融合码 ID", "String", 128, True, "VC 4.4.2"),
            Field("mindex_id", "居民多码融合主索引 ID", "String", 128, True, "VC 4.4.2"),
            Field("out.Alter_no", "外部变更流水号", "String", 32, True, "VC 4.4.2", None, ("out_alter_no",)),
            Field("alter_no", "平台变更流水号", "String", 32, True, "VC 4.4.2"),
        ),
    ),
    # VC 4.5
    Method(
        name="ehc.ehealthcard.close",
        title="注销多码融合码",
        clause="VC 4.5",
        serial="out_close_no",
        aliases=("ehealthcard.close",),
        # VC 4.5.1
        request=(
            Field("ehealth_card_id", "多码融合码 ID", "String", 128, True, "VC 4.5.1"),
            Field("out_close_no", "外部注销流水号", "String", 32, True, "VC 4.5.1"),
            Field("out_close_time", "外部注销时间", "String", 32, True, "VC 4.5.1"),
        ),
        # VC 4.5.2
        response=(
            Field("mindex_id", "居民多码融合主索引 ID", "String", 128, True, "VC 4.5.2"),
            Field("ehealth_card_id", "多码融合码 ID", "String", 128, True, "VC 4.5.2"),
        ),
    ),
    # VC 4.6
    Method(
        name="ehc.ehealthcard.authurl",
        title="生成用户用卡授权连接（用户主扫）",
        clause="VC 4.6",
        serial="out_authorize_no",
        aliases=("ehealthcard.authurl",),
        shows=(Shows(Step.ASKS, "ehealth_authurl", number="out_authorize_no"),),
        # VC 4.6.1
        request=(
            Field("out_authorize_no", "外部用卡授权流水号", "String", 32, True, "VC 4.6.1"),
            Field("out_authorize_time", "外部用卡授权时间", "String", 32, True, "VC 4.6.1"),
            Field("operator_id", "用卡授权操作员编号", "String", 32, True, "VC 4.6.1"),
            Field("operator_name", "用卡授权操作员姓名", "String", 32, True, "VC 4.6.1", prose=True),
            Field("treatment_code", "诊疗环节编码", "String", 32, True, "VC 4.6.1", "treatments"),
        ),
        # VC 4.6.2
        response=(Field("ehealth_authurl", "用户用卡授权二维码", "String", 128, True, "VC 4.6.2"),),
    ),
    # VC 4.7; the only pure query, and meant to be asked again until the patient has decided
    Method(
        name="ehc.ehealthcard.auth.query",
        title="查询用户用卡授权结果",
        clause="VC 4.7",
        aliases=("ehealthcard.auth.query", "ehc.ehealthcard.aut.h.query"),
        effect=Effect.QUERY,
        identified=_CONSENTED,
        shows=(Shows(Step.DECIDES, "auth_status", number="out_authorize_no"),),
        # VC 4.7.1
        request=(Field("out_authorize_no", "外部用卡授权流水", "String", 32, True, "VC 4.7.1"),),
        # VC 4.7.2
        response=(
            Field("auth_status", "用卡授权状态", "String", 32, True, "VC 4.7.2", "auth_statuses"),
            Field("mindex_id", "居民多码融合主索引 ID", "String", 128, True, "VC 4.7.2", when=_CONSENTED),
            Field("ehealth_card_id", "多码融合码 ID", "String", 128, True, "VC 4.7.2", when=_CONSENTED),
            Field("xman_id", "市民健康系统 ID", "String", 32, False, "VC 4.7.2"),
            Field("smk_id", "经信局市民卡 ID", "String", 32, False, "VC 4.7.2"),
            Field("id_type", "证件类型", "String", 2, True, "VC 4.7.2", "id_types", when=_CONSENTED),
            Field("id_no", "证件号", "String", 32, True, "VC 4.7.2", when=_CONSENTED),
            Field("user_name", "用户姓名", "String", 50, True, "VC 4.7.2", when=_CONSENTED),
            Field("user_sex", "用户性别", "String", 1, True, "VC 4.7.2", "sexes", when=_CONSENTED),
            Field("mobile_phone", "手机号码", "String", 32, True, "VC 4.7.2", when=_CONSENTED),
            Field("birthday", "出生日期", "String", 10, False, "VC 4.7.2"),
            Field("telephone", "联系电话", "String", 32, False, "VC 4.7.2"),
            Field("address", "居住地址", "String", 200, False, "VC 4.7.2"),
            Field("work_unit", "工作单位", "String", 100, False, "VC 4.7.2"),
            Field("card_type", "卡类型", "String", 2, False, "VC 4.7.2", "card_types", note="默认关联卡类型"),
            Field("card_no", "卡号", "String", 32, False, "VC 4.7.2", note="默认关联卡号"),
            Field("card_list", "绑定卡列表", "JSON", None, False, "VC 4.7.2", note="card_type 与 card_no 的数组"),
        ),
    ),
    # VC 4.8; the table is a copy of 4.5 and its method row a copy of 4.6: see docs/errata.md
    Method(
        name="ehc.ehealthcard.push",
        title="多码融合码消息推送",
        clause="VC 4.8",
        serial="out_close_no",
        aliases=("ehealthcard.push",),
        identifies=False,  # a message to a patient whom the host knows, often from the background
        # VC 4.8.1
        request=(
            Field("ehealth_card_id", "多码融合码 ID", "String", 128, True, "VC 4.8.1"),
            Field("out_close_no", "外部注销流水号", "String", 32, True, "VC 4.8.1", note="疑为 4.5.1 误植"),
            Field("out_close_time", "外部注销时间", "String", 32, True, "VC 4.8.1", note="疑为 4.5.1 误植"),
        ),
        # VC 4.8.2
        response=(
            Field("mindex_id", "居民多码融合主索引 ID", "String", 128, True, "VC 4.8.2"),
            Field("ehealth_card_id", "多码融合码 ID", "String", 128, True, "VC 4.8.2"),
        ),
    ),
)
