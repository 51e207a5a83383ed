// generated from shim/spec/exports.py by python -m buildlib.declarations: do not edit.
// 入参、出参都是 byte[]：以 NUL 结尾的 GB18030 字节。返回的 IntPtr 用 Marshal.PtrToStringAnsi 读取，不必释放。
// 各线程用各自的数组。32 位的动态库要求编译为 x86，不能是 AnyCPU。
using System;
using System.Runtime.InteropServices;

public static class Vcshim
{
    // 缓冲区的字节数，含结尾的 NUL。
    public const int OutDataSize = 2048;
    public const int pErrmsgSize = 256;

    // VirtualCardChk.dll，VC 3.2
    [DllImport("VirtualCardChk", CallingConvention = CallingConvention.StdCall, ExactSpelling = true)]
    public static extern IntPtr VirtualCardTrans(byte[] strUrl, byte[] InData, [Out] byte[] OutData);

    // VirtualCardChk.dll，VC 3.3
    [DllImport("VirtualCardChk", CallingConvention = CallingConvention.StdCall, ExactSpelling = true)]
    public static extern int Set_QRflow_Mode(int mode);

    // VirtualCardChk.dll，VC 3.4
    [DllImport("VirtualCardChk", CallingConvention = CallingConvention.StdCall, ExactSpelling = true)]
    public static extern int EhealthID_Print(byte[] ehealthid, byte[] cardNo, byte[] name);

    // VirtualCardChk.dll，VC 3.5
    [DllImport("VirtualCardChk", CallingConvention = CallingConvention.StdCall, ExactSpelling = true)]
    public static extern int SetEcQrcode([Out] byte[] pErrmsg);

    // NationECCode.dll，EC B.1.3
    [DllImport("NationECCode", CallingConvention = CallingConvention.StdCall, ExactSpelling = true)]
    public static extern IntPtr NationEcTrans(byte[] strUrl, byte[] InData, [Out] byte[] OutData);
}
