{ All five exports, called as a hospital program in Delphi calls them.

  example                        the platforms inside the component (sim:): no network, no devices, made-up people
  example VC-ADDRESS EC-ADDRESS  a simulator or platforms, such as the two addresses that `vcshim simulator` prints

  Prints one line a call in GBK: name, returned code, text. Ends with 0 if both transactions succeeded.
  The source is ASCII, because Delphi 7 reads it in the code page of the system: Chinese is written as bytes. }
program example;

{$IFDEF FPC}{$MODE DELPHI}{$ENDIF}
{$IFDEF MSWINDOWS}{$APPTYPE CONSOLE}{$ENDIF}

uses
  SysUtils, Vcshim;

const
  { Change a call here. }
  OperatorName = #$C1#$FA#$FE#$9F;             // the second character is in GB18030, not in GB2312
  PatientName = #$CD#$F5#$99#$33#$C3#$36;      // four bytes of GB18030 for the second character
  HealthCode = '8BF77B9B0688AA6E4CF6E3587BCE515087C438CAA443301E:1:::35020010001';
  CardNumber = 'D000002';
  InsuranceCode = '4240000000000000000300350000';

var
  VcUrl, EcUrl, Now14: AnsiString;

function Address(Index: Integer): AnsiString;
begin
  Result := AnsiString(ParamStr(Index));
  if Result = '' then
    Result := 'sim:';
end;

function InsuranceQuery: AnsiString;
begin
  Result := '{"transType":"ec.query","orgId":"1TESTORG0000000000000000TESTORG0","extra":{},"data":{'
    + '"orgId":"1TESTORG0000000000000000TESTORG0","businessType":"01101","operatorId":"9527",'
    + '"operatorName":"' + OperatorName + '","ecQrCode":"' + InsuranceCode + '"}}';
end;

{ out_verify_no is the program's own number of the business: each one is used once. }
function HealthCardQuery: AnsiString;
begin
  Result := '{"app_id":"1TESTAPP0000000000000000TESTAPP0","term_id":"35020010001","version":"X.M.0.1",'
    + '"method":"ehc.ehealthcode.verify","timestamp":"' + Now14 + '","enc_type":"AES","sign_type":"SM3","sign":"",'
    + '"key":"1TESTSEC0000000000000000TESTSEC0","biz_content":{"ehealth_code":"' + HealthCode + '",'
    + '"out_verify_no":"D' + Now14 + '","out_verify_time":"' + Now14 + '","treatment_code":"010105",'
    + '"operator_id":"9527","operator_name":"' + OperatorName + '"}}';
end;

{ Before any insurance code was read: it would be typed into the window that has the focus. }
procedure FillIn;
var
  Errmsg: array[0..pErrmsgSize - 1] of AnsiChar;
  Code: Integer;
begin
  FillChar(Errmsg, SizeOf(Errmsg), 0);
  Code := SetEcQrcode(Errmsg);
  Writeln('SetEcQrcode ', Code, ' ', PAnsiChar(@Errmsg));
end;

{ The buffers live until the call has returned, and no other thread has them. A call may take as long as
  [transport] total_seconds says, 90 s by default: in a program with windows, call from a thread of your own. }
function Insurance: Boolean;
var
  Query, Code: AnsiString;
  OutData: array[0..OutDataSize - 1] of AnsiChar;
begin
  Query := InsuranceQuery;
  FillChar(OutData, SizeOf(OutData), 0);
  Code := NationEcTrans(PAnsiChar(EcUrl), PAnsiChar(Query), OutData); // copied; the returned text is not freed
  Writeln('NationEcTrans ', Code, ' ', PAnsiChar(@OutData));
  Result := Code = '0000';
end;

function HealthCard: Boolean;
var
  Query, Code: AnsiString;
  OutData: array[0..OutDataSize - 1] of AnsiChar;
begin
  Query := HealthCardQuery;
  FillChar(OutData, SizeOf(OutData), 0);
  Code := VirtualCardTrans(PAnsiChar(VcUrl), PAnsiChar(Query), OutData);
  Writeln('VirtualCardTrans ', Code, ' ', PAnsiChar(@OutData));
  Result := Code = '00';
end;

var
  Insured, Verified: Boolean;

begin
  VcUrl := Address(1);
  EcUrl := Address(2);
  Now14 := AnsiString(FormatDateTime('yyyymmddhhnnss', Now));
  Writeln('Set_QRflow_Mode ', Set_QRflow_Mode(0));
  FillIn;
  Insured := Insurance;
  Verified := HealthCard;
  Writeln('EhealthID_Print ', EhealthID_Print(PAnsiChar(AnsiString(HealthCode)), PAnsiChar(AnsiString(CardNumber)),
    PAnsiChar(AnsiString(PatientName))));
  if not (Insured and Verified) then
    Halt(1);
end.
