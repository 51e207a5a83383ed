// generated from shim/spec/exports.py by python -m buildlib.declarations: do not edit.
// 入参、出参都是 Buffer：以 NUL 结尾的 GB18030 字节。不要声明为 'str'：koffi 的 str 是 UTF-8。返回的文本由 koffi 复制，
// 不必释放。每次调用用新的 Buffer；用 .async 调用的，返回之前不能再用它们。
'use strict';
const path = require('path');
const koffi = require('koffi');

const windows = process.platform === 'win32';

// 缓冲区的字节数，含结尾的 NUL。
const sizes = { OutData: 2048, pErrmsg: 256 };

// folder 中的两个动态库的函数。
function load(folder) {
  const open = (name) => koffi.load(path.join(folder, windows ? `${name}.dll` : `lib${name}.so`));
  const call = windows ? '__stdcall' : '__cdecl';
  const virtualCardChk = open('VirtualCardChk');
  const nationECCode = open('NationECCode');
  return {
    // VirtualCardChk.dll，VC 3.2：strUrl, InData, OutData
    VirtualCardTrans: virtualCardChk.func(call, 'VirtualCardTrans', 'str', ['uint8_t *', 'uint8_t *', 'uint8_t *']),
    // VirtualCardChk.dll，VC 3.3：mode
    Set_QRflow_Mode: virtualCardChk.func(call, 'Set_QRflow_Mode', 'int', ['int']),
    // VirtualCardChk.dll，VC 3.4：ehealthid, cardNo, name
    EhealthID_Print: virtualCardChk.func(call, 'EhealthID_Print', 'int', ['uint8_t *', 'uint8_t *', 'uint8_t *']),
    // VirtualCardChk.dll，VC 3.5：pErrmsg
    SetEcQrcode: virtualCardChk.func(call, 'SetEcQrcode', 'int', ['uint8_t *']),
    // NationECCode.dll，EC B.1.3：strUrl, InData, OutData
    NationEcTrans: nationECCode.func(call, 'NationEcTrans', 'str', ['uint8_t *', 'uint8_t *', 'uint8_t *']),
  };
}

module.exports = { load, sizes };
