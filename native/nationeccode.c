/* nationeccode.c - the exports of NationECCode.dll (EC B.1.3) and nothing else. */
#include "front.h"
#include "relay.h"
#include "settings.h"

const vcshim_product_row vcshim_product = {"NationECCode", VCSHIM_VENDOR_NATIONECCODE};

VCSHIM_RELAY(NationEcTrans, 12)
VCSHIM_OWN char *VCSHIM_STDCALL VCSHIM_OWN_NAME(NationEcTrans)(char *strUrl, char *InData, char *OutData)
{
    return vcshim_front_trans(VCSHIM_NationEcTrans, strUrl, InData, OutData);
}
