// 像医院程序那样调用五个函数。
//
//   Example.exe                  用动态库内的模拟平台（sim:）：不联网，不需要设备，人员均为虚构
//   Example.exe VC地址 EC地址    用模拟平台或真实平台，例如 vcshim simulator 打印的两个地址
//
// 每次调用打印一行：函数名、返回码、文本。两笔交易都成功的，退出码为 0。
//
//   .NET Framework   csc /platform:x86 Example.cs Vcshim.cs VcshimStrings.cs
//   Mono             mcs Example.cs Vcshim.cs VcshimStrings.cs
//
// 加上 --strings，再用 string 和 StringBuilder 查询一次，看得见丢了什么。
using System;
using System.Runtime.InteropServices;
using System.Text;

static class Example
{
    // 要改动一次调用，改这里。
    const string OperatorName = "龙䶮";
    const string PatientName = "王𬱖";
    const string HealthCode = "8BF77B9B0688AA6E4CF6E3587BCE515087C438CAA443301E:1:::35020010001";
    const string CardNumber = "D000002";
    const string InsuranceCode = "4240000000000000000300350000";

    // .NET Core 和 .NET 5 以后须先写 Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);
    static readonly Encoding Gbk = Encoding.GetEncoding("GB18030");

    const string InsuranceQuery =
        "{\"transType\":\"ec.query\",\"orgId\":\"1TESTORG0000000000000000TESTORG0\",\"extra\":{},\"data\":{" +
        "\"orgId\":\"1TESTORG0000000000000000TESTORG0\",\"businessType\":\"01101\",\"operatorId\":\"9527\"," +
        "\"operatorName\":\"" + OperatorName + "\",\"ecQrCode\":\"" + InsuranceCode + "\"}}";

    // out_verify_no 是医院自己的流水号，每个只用一次。
    static string HealthCardQuery(string now)
    {
        return "{\"app_id\":\"1TESTAPP0000000000000000TESTAPP0\",\"term_id\":\"35020010001\",\"version\":\"X.M.0.1\"," +
            "\"method\":\"ehc.ehealthcode.verify\",\"timestamp\":\"" + now + "\",\"enc_type\":\"AES\"," +
            "\"sign_type\":\"SM3\",\"sign\":\"\",\"key\":\"1TESTSEC0000000000000000TESTSEC0\",\"biz_content\":{" +
            "\"ehealth_code\":\"" + HealthCode + "\",\"out_verify_no\":\"S" + now + "\",\"out_verify_time\":\"" + now +
            "\",\"treatment_code\":\"010105\",\"operator_id\":\"9527\",\"operator_name\":\"" + OperatorName + "\"}}";
    }

    // 交给动态库的文本：GB18030，以 NUL 结尾。
    static byte[] Bytes(string text)
    {
        return Gbk.GetBytes(text + "\0");
    }

    static string Text(byte[] buffer)
    {
        return Gbk.GetString(buffer, 0, Array.IndexOf(buffer, (byte)0));
    }

    // 一次调用最长 [transport] total_seconds，默认 90 秒：有界面的程序请放在自己的线程上。
    static bool Insurance(string address)
    {
        byte[] answer = new byte[Vcshim.OutDataSize]; // 每次调用用新的
        string code = Marshal.PtrToStringAnsi(Vcshim.NationEcTrans(Bytes(address), Bytes(InsuranceQuery), answer));
        Console.WriteLine("NationEcTrans {0} {1}", code, Text(answer));
        return code == "0000";
    }

    static bool HealthCard(string address)
    {
        byte[] answer = new byte[Vcshim.OutDataSize];
        byte[] query = Bytes(HealthCardQuery(DateTime.Now.ToString("yyyyMMddHHmmss")));
        string code = Marshal.PtrToStringAnsi(Vcshim.VirtualCardTrans(Bytes(address), query, answer));
        Console.WriteLine("VirtualCardTrans {0} {1}", code, Text(answer));
        return code == "00";
    }

    static void Strings()
    {
        StringBuilder answer = new StringBuilder(Vcshim.OutDataSize);
        string code = VcshimStrings.NationEcTrans("sim:?sim=again:1", InsuranceQuery, answer);
        Console.WriteLine("StringBuilder {0} {1}", code, answer);
    }

    static int Main(string[] words)
    {
        Console.OutputEncoding = new UTF8Encoding(false);
        bool strings = Array.IndexOf(words, "--strings") >= 0;
        string[] addresses = Array.FindAll(words, word => word != "--strings");
        Console.WriteLine("Set_QRflow_Mode {0}", Vcshim.Set_QRflow_Mode(0));
        byte[] message = new byte[Vcshim.pErrmsgSize];
        int code = Vcshim.SetEcQrcode(message); // 这时还没有医保码：有了就会填入有输入焦点的窗口
        Console.WriteLine("SetEcQrcode {0} {1}", code, Text(message));
        bool insured = Insurance(addresses.Length > 1 ? addresses[1] : "sim:");
        bool verified = HealthCard(addresses.Length > 0 ? addresses[0] : "sim:");
        int printed = Vcshim.EhealthID_Print(Bytes(HealthCode), Bytes(CardNumber), Bytes(PatientName));
        Console.WriteLine("EhealthID_Print {0}", printed);
        if (strings) Strings();
        return insured && verified ? 0 : 1;
    }
}
