/* virtualcardchk.c - the exports of VirtualCardChk.dll (VC 3.2-3.5) and nothing else. */
#include "front.h"
#include "relay.h"
#include "settings.h"

const vcshim_product_row vcshim_product = {"VirtualCardChk", VCSHIM_VENDOR_VIRTUALCARDCHK};

VCSHIM_RELAY(VirtualCardTrans, 12)
VCSHIM_OWN char *VCSHIM_STDCALL VCSHIM_OWN_NAME(VirtualCardTrans)(char *strUrl, char *InData, char *OutData)
{
    return vcshim_front_trans(VCSHIM_VirtualCardTrans, strUrl, InData, OutData);
}

VCSHIM_RELAY(EhealthID_Print, 12)
VCSHIM_OWN int VCSHIM_STDCALL VCSHIM_OWN_NAME(EhealthID_Print)(char *ehealthid, char *cardNo, char *name)
{
    return vcshim_front_number(VCSHIM_EhealthID_Print, 0, ehealthid, cardNo, name);
}

VCSHIM_RELAY(SetEcQrcode, 4)
VCSHIM_OWN int VCSHIM_STDCALL VCSHIM_OWN_NAME(SetEcQrcode)(char *pErrmsg)
{
    return vcshim_front_message(VCSHIM_SetEcQrcode, pErrmsg);
}

#if defined(_WIN32) && defined(__i386__)
/* VC 3.3 prints this one without __stdcall. Who pops the argument is therefore a setting, and this the only export
 * whose return instruction is chosen at run time: `ret 4` (stdcall, the default) or `ret` (cdecl). */
__attribute__((used)) VCSHIM_FROM_HOST VCSHIM_STDCALL int vcshim_set_qrflow_mode(int mode)
{
    return vcshim_front_number(VCSHIM_Set_QRflow_Mode, mode, "", "", "");
}

__attribute__((used)) VCSHIM_FROM_HOST VCSHIM_STDCALL int vcshim_qrflow_is_cdecl(void)
{
    return vcshim_front_qrflow_is_cdecl();
}

VCSHIM_RELAY(Set_QRflow_Mode, 4)
__attribute__((naked)) int VCSHIM_STDCALL VCSHIM_OWN_NAME(Set_QRflow_Mode)(int mode __attribute__((unused)))
{
    __asm__("pushl 4(%esp)\n\t"
            "call _vcshim_set_qrflow_mode@4\n\t"
            "pushl %eax\n\t"
            "call _vcshim_qrflow_is_cdecl@0\n\t"
            "testl %eax, %eax\n\t"
            "popl %eax\n\t"
            "jnz 1f\n\t"
            "ret $4\n"
            "1:\tret");
}
#else
VCSHIM_EXPORT int Set_QRflow_Mode(int mode)
{
    return vcshim_front_number(VCSHIM_Set_QRflow_Mode, mode, "", "", "");
}
#endif
