// generated from shim/spec/exports.py by python -m buildlib.declarations: do not edit.
// 入参、出参都是 byte[]：以 NUL 结尾的 GB18030 字节。返回的 String 由 JNA 复制，原文不必释放。各线程用各自的数组。
import com.sun.jna.Function;
import com.sun.jna.Library;
import com.sun.jna.Native;
import com.sun.jna.Platform;
import java.util.Collections;
import java.util.Map;

public final class Vcshim {
    private static final Map<String, Object> OPTIONS = Collections.<String, Object>singletonMap(
        Library.OPTION_CALLING_CONVENTION, Platform.isWindows() ? Function.ALT_CONVENTION : Function.C_CONVENTION);

    // 缓冲区的字节数，含结尾的 NUL。
    public static final int OutDataSize = 2048;
    public static final int pErrmsgSize = 256;

    public interface VirtualCardChk extends Library {
        VirtualCardChk LIBRARY = Native.load("VirtualCardChk", VirtualCardChk.class, OPTIONS);

        // VC 3.2
        String VirtualCardTrans(byte[] strUrl, byte[] InData, byte[] OutData);

        // VC 3.3
        int Set_QRflow_Mode(int mode);

        // VC 3.4
        int EhealthID_Print(byte[] ehealthid, byte[] cardNo, byte[] name);

        // VC 3.5
        int SetEcQrcode(byte[] pErrmsg);
    }

    public interface NationECCode extends Library {
        NationECCode LIBRARY = Native.load("NationECCode", NationECCode.class, OPTIONS);

        // EC B.1.3
        String NationEcTrans(byte[] strUrl, byte[] InData, byte[] OutData);
    }

    private Vcshim() {
    }
}
