/* All five exports, called as a hospital program in C or C++ calls them.
 *
 *   example                        the platforms inside the component (sim:): no network, no devices, made-up people
 *   example VC-ADDRESS EC-ADDRESS  a simulator or platforms, such as the two addresses that `vcshim simulator` prints
 *
 * Prints one line a call in GBK: name, returned code, text. Ends with 0 if both transactions succeeded.
 * The source is ASCII, because compilers read it in the code page of the system: Chinese is written as bytes.
 *
 *   MSVC     cl /W4 example.c VirtualCardChk.lib NationECCode.lib
 *   MinGW    i686-w64-mingw32-gcc -o example.exe example.c VirtualCardChk.lib NationECCode.lib
 *   Linux    gcc -o example example.c -L. -lVirtualCardChk -lNationECCode -Wl,-rpath,'$ORIGIN'
 */
#define _CRT_SECURE_NO_WARNINGS
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "vcshim.h"

/* Change a call here. */
#define OPERATOR_NAME "\xC1\xFA\xFE\x9F"            /* the second character is in GB18030, not in GB2312 */
#define PATIENT_NAME "\xCD\xF5\x99\x33\xC3\x36"     /* four bytes of GB18030 for the second character */
#define HEALTH_CODE "8BF77B9B0688AA6E4CF6E3587BCE515087C438CAA443301E:1:::35020010001"
#define CARD_NUMBER "D000002"
#define INSURANCE_CODE "4240000000000000000300350000"

static const char INSURANCE_QUERY[] =
    "{\"transType\":\"ec.query\",\"orgId\":\"1TESTORG0000000000000000TESTORG0\",\"extra\":{},\"data\":{"
    "\"orgId\":\"1TESTORG0000000000000000TESTORG0\",\"businessType\":\"01101\",\"operatorId\":\"9527\","
    "\"operatorName\":\"" OPERATOR_NAME "\",\"ecQrCode\":\"" INSURANCE_CODE "\"}}";

/* out_verify_no is the program's own number of the business: each one is used once. %s is the time. */
static const char HEALTH_CARD_QUERY[] =
    "{\"app_id\":\"1TESTAPP0000000000000000TESTAPP0\",\"term_id\":\"35020010001\",\"version\":\"X.M.0.1\","
    "\"method\":\"ehc.ehealthcode.verify\",\"timestamp\":\"%s\",\"enc_type\":\"AES\",\"sign_type\":\"SM3\",\"sign\":\"\","
    "\"key\":\"1TESTSEC0000000000000000TESTSEC0\",\"biz_content\":{\"ehealth_code\":\"" HEALTH_CODE "\","
    "\"out_verify_no\":\"C%s\",\"out_verify_time\":\"%s\",\"treatment_code\":\"010105\","
    "\"operator_id\":\"9527\",\"operator_name\":\"" OPERATOR_NAME "\"}}";

/* The buffers live until the call has returned, and no other thread has them. A call may take as long as
 * [transport] total_seconds says, 90 s by default: in a program with windows, call from a thread of your own. */
static int insurance(const char *address)
{
    char out[VCSHIM_OUTDATA_SIZE] = "";
    const char *code = NationEcTrans(address, INSURANCE_QUERY, out); /* not freed */
    printf("NationEcTrans %s %s\n", code, out);
    return strcmp(code, "0000") == 0;
}

static int health_card(const char *address)
{
    char now[15], query[2048], out[VCSHIM_OUTDATA_SIZE] = "";
    time_t seconds = time(NULL);
    const char *code;

    strftime(now, sizeof now, "%Y%m%d%H%M%S", localtime(&seconds));
    snprintf(query, sizeof query, HEALTH_CARD_QUERY, now, now, now);
    code = VirtualCardTrans(address, query, out);
    printf("VirtualCardTrans %s %s\n", code, out);
    return strcmp(code, "00") == 0;
}

int main(int count, char **words)
{
    char message[VCSHIM_PERRMSG_SIZE] = "";
    int code, insured, verified;

    printf("Set_QRflow_Mode %d\n", Set_QRflow_Mode(0));
    /* Before any insurance code was read: it would be typed into the window that has the focus. */
    code = SetEcQrcode(message);
    printf("SetEcQrcode %d %s\n", code, message);
    insured = insurance(count > 2 ? words[2] : "sim:");
    verified = health_card(count > 1 ? words[1] : "sim:");
    printf("EhealthID_Print %d\n", EhealthID_Print(HEALTH_CODE, CARD_NUMBER, PATIENT_NAME));
    return insured && verified ? 0 : 1;
}
