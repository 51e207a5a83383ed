/* vcshim.h - generated from shim/spec/exports.py by python -m buildlib.declarations: do not edit.
 *
 * For C and C++, 32 and 64 bits. Link with VirtualCardChk.lib and NationECCode.lib, or load the DLLs at run time by the
 * types that end in _fn. Texts are GBK (GB18030) and end with a NUL. Nobody frees the returned text. Each thread needs
 * buffers of its own, and they must stay where they are until the call has returned.
 */
#ifndef VCSHIM_H
#define VCSHIM_H

#ifdef _WIN32
#define VCSHIM_CALL __stdcall
#else
#define VCSHIM_CALL
#endif

#ifdef __cplusplus
extern "C" {
#endif

/* Bytes of the buffers, with the NUL. */
enum { VCSHIM_OUTDATA_SIZE = 2048 };
enum { VCSHIM_PERRMSG_SIZE = 256 };

/* VirtualCardChk.dll, VC 3.2 */
char *VCSHIM_CALL VirtualCardTrans(const char *strUrl, const char *InData, char *OutData);
typedef char *(VCSHIM_CALL *VirtualCardTrans_fn)(const char *strUrl, const char *InData, char *OutData);

/* VirtualCardChk.dll, VC 3.3 */
int VCSHIM_CALL Set_QRflow_Mode(int mode);
typedef int (VCSHIM_CALL *Set_QRflow_Mode_fn)(int mode);

/* VirtualCardChk.dll, VC 3.4 */
int VCSHIM_CALL EhealthID_Print(const char *ehealthid, const char *cardNo, const char *name);
typedef int (VCSHIM_CALL *EhealthID_Print_fn)(const char *ehealthid, const char *cardNo, const char *name);

/* VirtualCardChk.dll, VC 3.5 */
int VCSHIM_CALL SetEcQrcode(char *pErrmsg);
typedef int (VCSHIM_CALL *SetEcQrcode_fn)(char *pErrmsg);

/* NationECCode.dll, EC B.1.3 */
char *VCSHIM_CALL NationEcTrans(const char *strUrl, const char *InData, char *OutData);
typedef char *(VCSHIM_CALL *NationEcTrans_fn)(const char *strUrl, const char *InData, char *OutData);

#ifdef __cplusplus
}
#endif
#endif
