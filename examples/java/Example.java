// 像医院程序那样调用五个函数。
//
//   java … Example                  用动态库内的模拟平台（sim:）：不联网，不需要设备，人员均为虚构
//   java … Example VC地址 EC地址    用模拟平台或真实平台，例如 vcshim simulator 打印的两个地址
//
// 每次调用打印一行：函数名、返回码、文本。两笔交易都成功的，退出码为 0。
//
//   javac -encoding UTF-8 -cp jna.jar Example.java Vcshim.java
//   java -cp jna.jar;. -Djna.library.path=动态库所在的文件夹 Example        （Linux 上分号写成冒号）
//
// 32 位的动态库只能由 32 位的 Java 加载。Thread.interrupt 不能结束等待中的调用。
import java.io.PrintStream;
import java.nio.charset.Charset;
import java.text.SimpleDateFormat;
import java.util.Date;

public class Example {
    // 要改动一次调用，改这里。
    static final String OPERATOR_NAME = "龙䶮";
    static final String PATIENT_NAME = "王𬱖";
    static final String HEALTH_CODE = "8BF77B9B0688AA6E4CF6E3587BCE515087C438CAA443301E:1:::35020010001";
    static final String CARD_NUMBER = "D000002";
    static final String INSURANCE_CODE = "4240000000000000000300350000";

    static final Charset GBK = Charset.forName("GB18030");

    static final String INSURANCE_QUERY =
        "{\"transType\":\"ec.query\",\"orgId\":\"1TESTORG0000000000000000TESTORG0\",\"extra\":{},\"data\":{"
        + "\"orgId\":\"1TESTORG0000000000000000TESTORG0\",\"businessType\":\"01101\",\"operatorId\":\"9527\","
        + "\"operatorName\":\"" + OPERATOR_NAME + "\",\"ecQrCode\":\"" + INSURANCE_CODE + "\"}}";

    // out_verify_no 是医院自己的流水号，每个只用一次。
    static String healthCardQuery(String now) {
        return "{\"app_id\":\"1TESTAPP0000000000000000TESTAPP0\",\"term_id\":\"35020010001\",\"version\":\"X.M.0.1\","
            + "\"method\":\"ehc.ehealthcode.verify\",\"timestamp\":\"" + now + "\",\"enc_type\":\"AES\","
            + "\"sign_type\":\"SM3\",\"sign\":\"\",\"key\":\"1TESTSEC0000000000000000TESTSEC0\",\"biz_content\":{"
            + "\"ehealth_code\":\"" + HEALTH_CODE + "\",\"out_verify_no\":\"J" + now + "\",\"out_verify_time\":\"" + now
            + "\",\"treatment_code\":\"010105\",\"operator_id\":\"9527\",\"operator_name\":\"" + OPERATOR_NAME + "\"}}";
    }

    // 交给动态库的文本：GB18030，以 NUL 结尾。
    static byte[] bytes(String text) {
        return (text + "\0").getBytes(GBK);
    }

    static String text(byte[] buffer) {
        int length = 0;
        while (buffer[length] != 0) length++;
        return new String(buffer, 0, length, GBK);
    }

    public static void main(String[] words) throws Exception {
        PrintStream out = new PrintStream(System.out, true, "UTF-8");
        Vcshim.VirtualCardChk card = Vcshim.VirtualCardChk.LIBRARY;
        Vcshim.NationECCode nation = Vcshim.NationECCode.LIBRARY;

        out.println("Set_QRflow_Mode " + card.Set_QRflow_Mode(0));
        byte[] message = new byte[Vcshim.pErrmsgSize];
        int number = card.SetEcQrcode(message); // 这时还没有医保码：有了就会填入有输入焦点的窗口
        out.println("SetEcQrcode " + number + " " + text(message));

        // 一次调用最长 [transport] total_seconds，默认 90 秒：有界面的程序请放在自己的线程上，每次调用用新的数组。
        byte[] answer = new byte[Vcshim.OutDataSize];
        String insured = nation.NationEcTrans(bytes(words.length > 1 ? words[1] : "sim:"), bytes(INSURANCE_QUERY), answer);
        out.println("NationEcTrans " + insured + " " + text(answer));

        String query = healthCardQuery(new SimpleDateFormat("yyyyMMddHHmmss").format(new Date()));
        answer = new byte[Vcshim.OutDataSize];
        String verified = card.VirtualCardTrans(bytes(words.length > 0 ? words[0] : "sim:"), bytes(query), answer);
        out.println("VirtualCardTrans " + verified + " " + text(answer));

        int printed = card.EhealthID_Print(bytes(HEALTH_CODE), bytes(CARD_NUMBER), bytes(PATIENT_NAME));
        out.println("EhealthID_Print " + printed);
        System.exit("0000".equals(insured) && "00".equals(verified) ? 0 : 1);
    }
}
