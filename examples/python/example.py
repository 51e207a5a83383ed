"""像医院程序那样调用五个函数。

example.py                           用动态库内的模拟平台（sim:）：不联网，不需要设备，人员均为虚构
example.py --vc 地址 --ec 地址       用模拟平台或真实平台，例如 vcshim simulator 打印的两个地址
example.py --folder 文件夹           动态库所在的文件夹，默认为本程序所在的文件夹，与当前目录无关

每次调用打印一行：函数名、返回码、文本。两笔交易都成功的，退出码为 0。不需要安装别的包。
32 位的动态库要用 32 位的 Python。
"""

from __future__ import annotations

import argparse
import ctypes
import json
import sys
import time
from pathlib import Path
from typing import Any

# 有 python3x._pth 的 Python（官方的嵌入版）不在脚本所在的文件夹里找模块。
sys.path.insert(0, str(Path(__file__).resolve().parent))

import vcshim_exports

# 要改动一次调用，改这里。
OPERATOR_NAME = "龙䶮"
PATIENT_NAME = "王𬱖"
HEALTH_CODE = "8BF77B9B0688AA6E4CF6E3587BCE515087C438CAA443301E:1:::35020010001"
CARD_NUMBER = "D000002"
INSURANCE_QUERY = {
    "transType": "ec.query",
    "orgId": "1TESTORG0000000000000000TESTORG0",
    "extra": {},
    "data": {
        "orgId": "1TESTORG0000000000000000TESTORG0",
        "businessType": "01101",
        "operatorId": "9527",
        "operatorName": OPERATOR_NAME,
        "ecQrCode": "4240000000000000000300350000",
    },
}


def health_card_query() -> dict[str, Any]:
    """out_verify_no 是医院自己的流水号，每个只用一次。"""
    now = time.strftime("%Y%m%d%H%M%S")
    return {
        "app_id": "1TESTAPP0000000000000000TESTAPP0",
        "term_id": "35020010001",
        "version": "X.M.0.1",
        "method": "ehc.ehealthcode.verify",
        "timestamp": now,
        "enc_type": "AES",
        "sign_type": "SM3",
        "sign": "",
        "key": "1TESTSEC0000000000000000TESTSEC0",
        "biz_content": {
            "ehealth_code": HEALTH_CODE,
            "out_verify_no": f"P{now}",
            "out_verify_time": now,
            "treatment_code": "010105",
            "operator_id": "9527",
            "operator_name": OPERATOR_NAME,
        },
    }


def transact(function: Any, address: str, query: dict[str, Any]) -> tuple[str, str]:
    """返回码和应答。gbk 遇到生僻字会报错，因此用 gb18030。一次调用最长 [transport] total_seconds，默认 90 秒。"""
    in_data = json.dumps(query, ensure_ascii=False).encode("gb18030")
    answer = ctypes.create_string_buffer(vcshim_exports.OUTDATA_SIZE)  # 每次调用用新的
    code = function(address.encode("ascii"), in_data, answer)
    return code.decode("ascii"), answer.value.decode("gb18030")


def main() -> int:
    """五个函数各调用一次。"""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--folder", type=Path, default=Path(__file__).resolve().parent)
    parser.add_argument("--vc", default="sim:", metavar="ADDRESS")
    parser.add_argument("--ec", default="sim:", metavar="ADDRESS")
    words = parser.parse_args()
    exports = vcshim_exports.load(words.folder)

    print("Set_QRflow_Mode", exports["Set_QRflow_Mode"](0))
    message = ctypes.create_string_buffer(vcshim_exports.PERRMSG_SIZE)
    number = exports["SetEcQrcode"](message)  # 这时还没有医保码：有了就会填入有输入焦点的窗口
    print("SetEcQrcode", number, message.value.decode("gb18030"))
    insured, answer = transact(exports["NationEcTrans"], words.ec, INSURANCE_QUERY)
    print("NationEcTrans", insured, answer)
    verified, answer = transact(exports["VirtualCardTrans"], words.vc, health_card_query())
    print("VirtualCardTrans", verified, answer)
    label = (text.encode("gb18030") for text in (HEALTH_CODE, CARD_NUMBER, PATIENT_NAME))
    print("EhealthID_Print", exports["EhealthID_Print"](*label))
    return 0 if (insured, verified) == ("0000", "00") else 1


if __name__ == "__main__":
    sys.exit(main())
