/* A made-up vendor's DLL for the tests of vcshim bridge: what a call does is the first word of InData.

   Both DLLs are this file. Texts go back as they came, so that a test sees the bytes that were passed. */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static volatile int cancelled;

static char *answer(const char *in_data, char *out_data) {
    if (strncmp(in_data, "crash", 5) == 0)
        abort();
    if (strncmp(in_data, "print", 5) == 0) {
        puts("no JSON");
        fflush(stdout);
    }
    if (strncmp(in_data, "read", 4) == 0)
        return getchar() == EOF ? "00" : "01";
    if (strncmp(in_data, "bytes", 5) == 0) {
        strcpy(out_data, "\xff\xff");
        return "77";
    }
    if (strncmp(in_data, "null", 4) == 0)
        return NULL;
    if (strncmp(in_data, "long", 4) == 0) {
        memset(out_data, 'x', 100000);
        return "00";
    }
    if (strncmp(in_data, "stuck", 5) == 0)
        for (;;)
            usleep(10000);
    if (strstr(in_data, "wait") != NULL) {
        while (!cancelled)
            usleep(10000);
        strcpy(out_data, "cancelled");
        return "9999";
    }
    strcpy(out_data, in_data);
    return "00";
}

char *VirtualCardTrans(char *url, char *in_data, char *out_data) {
    (void)url;
    return answer(in_data, out_data);
}

char *NationEcTrans(char *url, char *in_data, char *out_data) {
    (void)url;
    return answer(in_data, out_data);
}

int Set_QRflow_Mode(int mode) {
    cancelled = mode == 0;
    return mode == 0 || mode == 1 ? 0 : mode;
}

int EhealthID_Print(char *ehealthid, char *card_no, char *name) {
    return (int)(strlen(ehealthid) * 100 + strlen(card_no) * 10 + strlen(name));
}

int SetEcQrcode(char *message) {
    strcpy(message, "\xc3\xbb\xd3\xd0\xd2\xbd\xb1\xa3\xc2\xeb"); /* 没有医保码, GBK */
    return 9005;
}
