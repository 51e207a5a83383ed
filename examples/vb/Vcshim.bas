Attribute VB_Name = "Vcshim"
' generated from shim/spec/exports.py by python -m buildlib.declarations: do not edit.
' For VB6 and VBA (Office of 64 bits needs the 64-bit DLLs). Texts go as bytes, GBK (GB18030) with a NUL at the end, by
' their first element: Query(0). As String, VB would convert them by the code page of the system, and lose characters
' that are in GB18030 only. The returned pointer is read, never freed; declared As String the program would crash.
' VB6 has no threads: the program waits as long as the call does.
Option Explicit

' Bytes of the buffers, with the NUL.
Public Const OutDataSize As Long = 2048
Public Const pErrmsgSize As Long = 256

#If VBA7 Then
Public Declare PtrSafe Function VirtualCardTrans Lib "VirtualCardChk.dll" (ByRef strUrl As Byte, ByRef InData As Byte, ByRef OutData As Byte) As LongPtr
Public Declare PtrSafe Function Set_QRflow_Mode Lib "VirtualCardChk.dll" (ByVal mode As Long) As Long
Public Declare PtrSafe Function EhealthID_Print Lib "VirtualCardChk.dll" (ByRef ehealthid As Byte, ByRef cardNo As Byte, ByRef name As Byte) As Long
Public Declare PtrSafe Function SetEcQrcode Lib "VirtualCardChk.dll" (ByRef pErrmsg As Byte) As Long
Public Declare PtrSafe Function NationEcTrans Lib "NationECCode.dll" (ByRef strUrl As Byte, ByRef InData As Byte, ByRef OutData As Byte) As LongPtr
#Else
Public Declare Function VirtualCardTrans Lib "VirtualCardChk.dll" (ByRef strUrl As Byte, ByRef InData As Byte, ByRef OutData As Byte) As Long
Public Declare Function Set_QRflow_Mode Lib "VirtualCardChk.dll" (ByVal mode As Long) As Long
Public Declare Function EhealthID_Print Lib "VirtualCardChk.dll" (ByRef ehealthid As Byte, ByRef cardNo As Byte, ByRef name As Byte) As Long
Public Declare Function SetEcQrcode Lib "VirtualCardChk.dll" (ByRef pErrmsg As Byte) As Long
Public Declare Function NationEcTrans Lib "NationECCode.dll" (ByRef strUrl As Byte, ByRef InData As Byte, ByRef OutData As Byte) As Long
#End If
