// generated from shim/spec/exports.py by python -m buildlib.declarations: do not edit.
// 只为看得见差别：string 和 StringBuilder 按系统的代码页转换，GBK 以外的生僻字会丢失，在 Linux 上一律是 UTF-8。
// 返回值声明为 string 时，.NET 读完就释放它；[abi] return_memory = static 时这样声明会崩溃。请用 Vcshim.cs。
using System;
using System.Runtime.InteropServices;
using System.Text;

public static class VcshimStrings
{
    // VirtualCardChk.dll，VC 3.2
    [DllImport("VirtualCardChk", CallingConvention = CallingConvention.StdCall, ExactSpelling = true, CharSet = CharSet.Ansi)]
    public static extern string VirtualCardTrans(string strUrl, string InData, StringBuilder OutData);

    // VirtualCardChk.dll，VC 3.3
    [DllImport("VirtualCardChk", CallingConvention = CallingConvention.StdCall, ExactSpelling = true, CharSet = CharSet.Ansi)]
    public static extern int Set_QRflow_Mode(int mode);

    // VirtualCardChk.dll，VC 3.4
    [DllImport("VirtualCardChk", CallingConvention = CallingConvention.StdCall, ExactSpelling = true, CharSet = CharSet.Ansi)]
    public static extern int EhealthID_Print(string ehealthid, string cardNo, string name);

    // VirtualCardChk.dll，VC 3.5
    [DllImport("VirtualCardChk", CallingConvention = CallingConvention.StdCall, ExactSpelling = true, CharSet = CharSet.Ansi)]
    public static extern int SetEcQrcode(StringBuilder pErrmsg);

    // NationECCode.dll，EC B.1.3
    [DllImport("NationECCode", CallingConvention = CallingConvention.StdCall, ExactSpelling = true, CharSet = CharSet.Ansi)]
    public static extern string NationEcTrans(string strUrl, string InData, StringBuilder OutData);
}
