/* nationeccode.c - the exports of NationECCode.dll (EC B.1.3) and nothing else. */
#include "front.h"

VCSHIM_EXPORT VCSHIM_FROM_HOST char *VCSHIM_STDCALL NationEcTrans(char *strUrl, char *InData, char *OutData)
{
    return vcshim_front_trans(VCSHIM_NationEcTrans, strUrl, InData, OutData);
}
