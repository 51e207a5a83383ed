"""NationEcTrans: the common parts and the transactions of EC appendix B.

What it is: tables B.1 to B.4 of XJ-D01-2019 of 2019-12-17, and the token check that hosts use beside them. What it is
not: the list of what may be sent (any transType passes through unchanged) nor the wire format. Used through
``shim.spec`` wherever a call is checked, simulated or documented.

Rows with the clause 规范外 are in no table of the document (docs/errata.md, "Seen in the field"); their lengths are
those of the same data element in B.4 where it has one.
"""

from __future__ import annotations

from shim.spec.rows import Effect, Field, Method

# Row: name, title, type, length (None: no limit; 200K is 204800), required, clause.

# EC B.1
COMMON_IN: tuple[Field, ...] = (
    Field("orgId", "机构 ID", "C", 40, True, "EC B.1", note="机构代码"),
    Field("transType", "交易类型", "C", 40, True, "EC B.1", note="接口交易代码为“ec.query”"),
    Field("data", "接口请求参数", "Json", 204800, True, "EC B.1"),
    Field("extra", "扩展参数", "Json", 204800, False, "EC B.1", note="文档未填是否必填一栏"),
)

# EC B.2
COMMON_OUT: tuple[Field, ...] = (
    Field("orgId", "机构 ID", "C", 40, True, "EC B.2"),
    Field("code", "返回码", "C", 8, True, "EC B.2", note="表 C.4；B.1.5.2 样例为数字 0"),
    Field("data", "接口响应参数", "Json", 204800, True, "EC B.2"),
    Field("message", "返回信息", "C", 200, False, "EC B.2", note="code 非 0 时有效"),
    Field("extra", "扩展参数", "Json", 204800, False, "EC B.2"),
)

METHODS: tuple[Method, ...] = (
    # EC B.1.6
    Method(
        name="ec.query",
        title="电子凭证二维码解码接口",
        clause="EC B.1.6",
        effect=Effect.IDENTIFY,
        scans="ecQrCode",
        # EC B.3; ecQrCode from the field
        request=(
            Field("orgId", "机构 ID", "C", 40, True, "EC B.3", note="医保定点机构代码"),
            Field("businessType", "用码业务类型", "C", 5, True, "EC B.3", "ec_businesses"),
            Field("businessInfo", "用码业务信息", "C", 200, False, "EC B.3", note="用码经办业务部分信息", prose=True),
            Field("operatorId", "操作员工号", "C", 20, True, "EC B.3", note="系统使用者工号或自助终端终端号"),
            Field(
                "operatorName", "操作员姓名", "C", 30, True, "EC B.3", note="系统使用者名称或自助终端名称", prose=True
            ),
            Field("officeId", "医保科室编号", "C", 20, False, "EC B.3", note="系统使用部门编号"),
            Field("officeName", "科室名称", "C", 30, False, "EC B.3", note="系统使用部门名称", prose=True),
            Field("ecQrCode", "电子凭证二维码", "C", None, False, "规范外", note="没有给时扫码"),
        ),
        # EC B.4; the last two from the field
        response=(
            Field("userName", "用户姓名", "C", 50, True, "EC B.4"),
            Field("idNo", "证件号码", "C", 30, True, "EC B.4"),
            Field("idType", "证件类型", "C", 2, True, "EC B.4", "ec_id_types"),
            Field("ecToken", "令牌", "C", 40, True, "EC B.4", note="用于业务处理验证"),
            Field("insuOrg", "参保地行政区划", "C", 6, True, "EC B.4", note="文档标为代码而无码表"),
            Field("ecIndexNo", "外部索引号", "C", 32, False, "EC B.4", note="预留字段"),
            Field("gender", "性别", "C", 3, False, "EC B.4", note="预留字段"),
            Field("birthday", "出生日期", "C", 10, False, "EC B.4", note="预留字段"),
            Field("nationality", "国籍", "C", 32, False, "EC B.4", note="预留字段"),
            Field("email", "电子邮箱", "C", 32, False, "EC B.4", note="预留字段"),
            Field("extra", "扩展参数", "C", 200, False, "EC B.4", note="预留字段"),
            Field("ecQrCode", "电子凭证二维码", "C", None, False, "规范外"),
            Field("authNo", "授权流水号", "C", 28, False, "规范外"),
        ),
    ),
    # 规范外: posted to …/localEcTokenCheck without transType; the four fields are InData itself, not its data
    Method(
        name="localEcTokenCheck",
        title="电子凭证令牌校验",
        clause="规范外",
        request=(
            Field("ecToken", "令牌", "C", 40, True, "规范外"),
            Field("idType", "证件类型", "C", 2, True, "规范外", "ec_id_types"),
            Field("idNo", "证件号码", "C", 30, True, "规范外"),
            Field("userName", "用户姓名", "C", 50, True, "规范外", prose=True),
        ),
        response=(Field("flag", "校验结果", "C", 1, True, "规范外", "ec_flags", note="表 C.3"),),
    ),
)

# 规范外: two more types wake the scanner, with the field that the code fills. They have no table of their own, and
# like every type without one they are posted as they came.
ALSO_SCAN: dict[str, str] = {"cn.nhsa.qrcode.get": "ecQrCode", "iot.gain.ec.qrcode": "ecQrCode"}

# 规范外: types without a table that hosts were seen to send (docs/errata.md). The list limits nothing: it tells a type
# that is known from one that is misspelt.
PASSED_ON: tuple[str, ...] = (
    "cn.nhsa.ec.auth",
    "cn.nhsa.auth.check",
    "cn.nhsa.cert.get",
    "cn.nhsa.settle.notify",
    "iot.medical.settle.notify",
    "hos.query.insu",
    "hos.upload.fee",
    "hos.revoke.order",
    "hos.refund.setl",
)
