Attribute VB_Name = "Example"
' All five exports, called as a hospital program in VB6 or VBA calls them: Sub Main of a project with Vcshim.bas.
'
' sim: is the platforms inside the component: no network, no devices, made-up people. For a simulator write the two
' addresses that `vcshim simulator` prints in its place.
'
' The source is ASCII, because VB6 reads it in the code page of the system: Chinese is written by ChrW. Never run: no VB
' was at hand.
Option Explicit

' Change a call here.
Private Const VcUrl As String = "sim:"
Private Const EcUrl As String = "sim:"
Private Const HealthCode As String = "8BF77B9B0688AA6E4CF6E3587BCE515087C438CAA443301E:1:::35020010001"
Private Const CardNumber As String = "D000002"
Private Const InsuranceCode As String = "4240000000000000000300350000"

Private Const Gb18030 As Long = 54936

#If VBA7 Then
Private Declare PtrSafe Function MultiByteToWideChar Lib "kernel32" (ByVal CodePage As Long, ByVal Flags As Long, ByVal Source As LongPtr, ByVal SourceSize As Long, ByVal Target As LongPtr, ByVal TargetSize As Long) As Long
Private Declare PtrSafe Function WideCharToMultiByte Lib "kernel32" (ByVal CodePage As Long, ByVal Flags As Long, ByVal Source As LongPtr, ByVal SourceSize As Long, ByVal Target As LongPtr, ByVal TargetSize As Long, ByVal DefaultChar As LongPtr, ByVal UsedDefault As LongPtr) As Long
Private Declare PtrSafe Function lstrcpynA Lib "kernel32" (ByRef Target As Byte, ByVal Source As LongPtr, ByVal Size As Long) As LongPtr
#Else
Private Declare Function MultiByteToWideChar Lib "kernel32" (ByVal CodePage As Long, ByVal Flags As Long, ByVal Source As Long, ByVal SourceSize As Long, ByVal Target As Long, ByVal TargetSize As Long) As Long
Private Declare Function WideCharToMultiByte Lib "kernel32" (ByVal CodePage As Long, ByVal Flags As Long, ByVal Source As Long, ByVal SourceSize As Long, ByVal Target As Long, ByVal TargetSize As Long, ByVal DefaultChar As Long, ByVal UsedDefault As Long) As Long
Private Declare Function lstrcpynA Lib "kernel32" (ByRef Target As Byte, ByVal Source As Long, ByVal Size As Long) As Long
#End If

' A text as the DLL reads it: GB18030 with a NUL. StrConv(..., vbFromUnicode) would lose rare characters of names.
Private Function Bytes(ByVal Text As String) As Byte()
    Dim Result() As Byte, Size As Long
    Text = Text & vbNullChar
    Size = WideCharToMultiByte(Gb18030, 0, StrPtr(Text), Len(Text), 0, 0, 0, 0)
    ReDim Result(0 To Size - 1)
    WideCharToMultiByte Gb18030, 0, StrPtr(Text), Len(Text), VarPtr(Result(0)), Size, 0, 0
    Bytes = Result
End Function

' What the DLL wrote into a buffer, up to the NUL, which it always writes.
Private Function TextOf(Buffer() As Byte) As String
    Dim Size As Long, Result As String
    Size = MultiByteToWideChar(Gb18030, 0, VarPtr(Buffer(0)), -1, 0, 0)
    Result = String$(Size, vbNullChar)
    MultiByteToWideChar Gb18030, 0, VarPtr(Buffer(0)), -1, StrPtr(Result), Size
    TextOf = Left$(Result, Size - 1)
End Function

' The returned code, copied from its pointer, which stays the DLL's.
#If VBA7 Then
Private Function CodeAt(ByVal Pointer As LongPtr) As String
#Else
Private Function CodeAt(ByVal Pointer As Long) As String
#End If
    Dim Buffer(0 To 31) As Byte
    lstrcpynA Buffer(0), Pointer, 32
    CodeAt = TextOf(Buffer)
End Function

Private Function OperatorName() As String
    OperatorName = ChrW$(&H9F99) & ChrW$(&H4DAE)
End Function

' The second character is beyond the first plane of Unicode: two units of UTF-16.
Private Function PatientName() As String
    PatientName = ChrW$(&H738B) & ChrW$(&HD873) & ChrW$(&HDC56)
End Function

Private Function Field(ByVal Name As String, ByVal Value As String) As String
    Field = """" & Name & """:""" & Value & """"
End Function

Private Function InsuranceQuery() As String
    InsuranceQuery = "{" & Field("transType", "ec.query") & "," & Field("orgId", "1TESTORG0000000000000000TESTORG0") & _
        ",""extra"":{},""data"":{" & Field("orgId", "1TESTORG0000000000000000TESTORG0") & "," & _
        Field("businessType", "01101") & "," & Field("operatorId", "9527") & "," & _
        Field("operatorName", OperatorName()) & "," & Field("ecQrCode", InsuranceCode) & "}}"
End Function

' out_verify_no is the program's own number of the business: each one is used once.
Private Function HealthCardQuery() As String
    Dim Moment As String
    Moment = Format$(Now, "yyyymmddhhnnss")
    HealthCardQuery = "{" & Field("app_id", "1TESTAPP0000000000000000TESTAPP0") & "," & Field("term_id", "35020010001") & _
        "," & Field("version", "X.M.0.1") & "," & Field("method", "ehc.ehealthcode.verify") & "," & _
        Field("timestamp", Moment) & "," & Field("enc_type", "AES") & "," & Field("sign_type", "SM3") & "," & _
        Field("sign", "") & "," & Field("key", "1TESTSEC0000000000000000TESTSEC0") & ",""biz_content"":{" & _
        Field("ehealth_code", HealthCode) & "," & Field("out_verify_no", "V" & Moment) & "," & _
        Field("out_verify_time", Moment) & "," & Field("treatment_code", "010105") & "," & _
        Field("operator_id", "9527") & "," & Field("operator_name", OperatorName()) & "}}"
End Function

Public Sub Main()
    Dim Url() As Byte, Query() As Byte, Code As String
    Dim OutData(0 To OutDataSize - 1) As Byte, Errmsg(0 To pErrmsgSize - 1) As Byte
    Dim HealthCodeBytes() As Byte, CardNumberBytes() As Byte, NameBytes() As Byte

    Debug.Print "Set_QRflow_Mode"; Set_QRflow_Mode(0)
    ' Before any insurance code was read: it would be typed into the window that has the focus.
    Debug.Print "SetEcQrcode"; SetEcQrcode(Errmsg(0)); TextOf(Errmsg)

    Url = Bytes(EcUrl)
    Query = Bytes(InsuranceQuery())
    Code = CodeAt(NationEcTrans(Url(0), Query(0), OutData(0)))
    Debug.Print "NationEcTrans "; Code; " "; TextOf(OutData)

    Url = Bytes(VcUrl)
    Query = Bytes(HealthCardQuery())
    Erase OutData
    Code = CodeAt(VirtualCardTrans(Url(0), Query(0), OutData(0)))
    Debug.Print "VirtualCardTrans "; Code; " "; TextOf(OutData)

    HealthCodeBytes = Bytes(HealthCode)
    CardNumberBytes = Bytes(CardNumber)
    NameBytes = Bytes(PatientName())
    Debug.Print "EhealthID_Print"; EhealthID_Print(HealthCodeBytes(0), CardNumberBytes(0), NameBytes(0))
End Sub
