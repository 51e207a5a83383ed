// 像医院程序那样调用五个函数。
//
//   node example.js 文件夹                  用动态库内的模拟平台（sim:）：不联网，不需要设备，人员均为虚构
//   node example.js 文件夹 VC地址 EC地址    用模拟平台或真实平台，例如 vcshim simulator 打印的两个地址
//
// 文件夹是动态库所在的文件夹。每次调用打印一行：函数名、返回码、文本。两笔交易都成功的，退出码为 0。
// 先在这里执行 npm install。32 位的动态库只能由 32 位的 Node 加载。
'use strict';
const path = require('path');
const iconv = require('iconv-lite');
const vcshim = require('./vcshim');

// 要改动一次调用，改这里。
const operatorName = '龙䶮';
const patientName = '王𬱖';
const healthCode = '8BF77B9B0688AA6E4CF6E3587BCE515087C438CAA443301E:1:::35020010001';
const cardNumber = 'D000002';
const insuranceQuery = {
  transType: 'ec.query',
  orgId: '1TESTORG0000000000000000TESTORG0',
  extra: {},
  data: {
    orgId: '1TESTORG0000000000000000TESTORG0',
    businessType: '01101',
    operatorId: '9527',
    operatorName,
    ecQrCode: '4240000000000000000300350000',
  },
};

// out_verify_no 是医院自己的流水号，每个只用一次。
function healthCardQuery() {
  const now = new Date().toISOString().replace(/[-T:]/g, '').slice(0, 14);
  return {
    app_id: '1TESTAPP0000000000000000TESTAPP0',
    term_id: '35020010001',
    version: 'X.M.0.1',
    method: 'ehc.ehealthcode.verify',
    timestamp: now,
    enc_type: 'AES',
    sign_type: 'SM3',
    sign: '',
    key: '1TESTSEC0000000000000000TESTSEC0',
    biz_content: {
      ehealth_code: healthCode,
      out_verify_no: `N${now}`,
      out_verify_time: now,
      treatment_code: '010105',
      operator_id: '9527',
      operator_name: operatorName,
    },
  };
}

// 交给动态库的文本：GB18030，以 NUL 结尾。
const bytes = (text) => Buffer.concat([iconv.encode(text, 'gb18030'), Buffer.alloc(1)]);
const text = (buffer) => iconv.decode(buffer.subarray(0, buffer.indexOf(0)), 'gb18030');

// 用 .async 调用，事件循环不停住；一次调用最长 [transport] total_seconds，默认 90 秒。
function transact(name, call, address, query) {
  const answer = Buffer.alloc(vcshim.sizes.OutData); // 每次调用用新的
  return new Promise((resolve, reject) => {
    call.async(bytes(address), bytes(JSON.stringify(query)), answer, (error, code) => {
      if (error) return reject(error);
      console.log(name, code, text(answer));
      resolve(code);
    });
  });
}

async function main(folder, vc = 'sim:', ec = 'sim:') {
  const dll = vcshim.load(path.resolve(folder));
  console.log('Set_QRflow_Mode', dll.Set_QRflow_Mode(0));
  const message = Buffer.alloc(vcshim.sizes.pErrmsg);
  const number = dll.SetEcQrcode(message); // 这时还没有医保码：有了就会填入有输入焦点的窗口
  console.log('SetEcQrcode', number, text(message));
  const insured = await transact('NationEcTrans', dll.NationEcTrans, ec, insuranceQuery);
  const verified = await transact('VirtualCardTrans', dll.VirtualCardTrans, vc, healthCardQuery());
  console.log('EhealthID_Print', dll.EhealthID_Print(bytes(healthCode), bytes(cardNumber), bytes(patientName)));
  return insured === '0000' && verified === '00' ? 0 : 1;
}

main(...process.argv.slice(2)).then((code) => { process.exitCode = code; });
