// 浏览器中的 HIS 经 vcshim bridge 调用 VirtualCardChk.dll 和 NationECCode.dll。用法见同一文件夹的 index.html，说明见 docs/bridge.md。
export class Vcshim {
  constructor(base, token) {
    this.base = base;
    this.token = token;
  }

  // 找到当前用户的服务：端口从 port 起依次试，其他用户的服务会拒绝。
  static async open(token, port = 17910, ports = 8) {
    for (let each = port; each < port + ports; each += 1) {
      const base = `http://127.0.0.1:${each}/v1`;
      const status = await fetch(`${base}/status`).then((answer) => answer.json(), () => null);
      if (status?.service === 'vcshim bridge') return new Vcshim(base, token);
    }
    throw new Error('没有找到 vcshim bridge，请先启动，并把本网站写入 [bridge] origins');
  }

  // 调用一个函数，如 call('NationEcTrans', { strUrl, InData })；返回 { code, OutData, data, ms }。
  // 服务拒绝时抛出异常，reason 是原因。signal（AbortController 的）中止时取消扫码，函数随后返回 9999 或 -2。
  async call(name, fields = {}, signal = undefined) {
    const id = `${Date.now()}-${Math.random().toString(36).slice(2)}`;
    const cancel = () => this.post('cancel', { id });
    signal?.addEventListener('abort', cancel);
    try {
      return await this.post(`calls/${name}`, { ...fields, id });
    } finally {
      signal?.removeEventListener('abort', cancel);
    }
  }

  async post(path, fields) {
    const headers = { Authorization: `Bearer ${this.token}`, 'Content-Type': 'application/json' };
    const answer = await fetch(`${this.base}/${path}`, { method: 'POST', headers, body: JSON.stringify(fields) });
    const result = await answer.json();
    if (!answer.ok) throw Object.assign(new Error(result.text), { reason: result.error });
    return result;
  }
}
