{ The words of a client script turned into values, for the Delphi client; the language is described in README.md of
  this folder. The counterpart of script.c; knows nothing of DLLs. Only client.dpr and ClientProbe.pas use it. }
unit ClientScript;

{$MODE DELPHI}

interface

type
  TSignature = (sgTrans, sgInteger, sgThreeText, sgErrorText);
  TInputKind = (ikNull, ikText, ikNoAccess, ikUnterminated);
  TBufferKind = (bkBytes, bkNull, bkReadOnly, bkNoAccess);

  TInput = record
    Kind: TInputKind;
    Text: AnsiString;
  end;

  TCall = record
    Id: AnsiString;
    Name: AnsiString;
    Signature: TSignature;
    Sequence: Cardinal; { decides the stack alignment }
    Inputs: array[0..2] of TInput;
    InputCount: Integer;
    Number: Integer;
    Buffer: TBufferKind;
    Capacity: Integer;
    ControlWord: Word;
    Mxcsr: Cardinal;
  end;

{ Cuts the next blank-separated word off Rest; '' when there is none. }
function NextWord(var Rest: AnsiString): AnsiString;

{ False when the word is no hex; '-' is the empty string. }
function HexToBytes(const Word: AnsiString; out Bytes: AnsiString): Boolean;

function BytesToHex(Bytes: PAnsiChar; Length: Integer): AnsiString;

{ Fills in id, name and arguments from the words after `call`. }
function ParseCall(var Rest: AnsiString; var Call: TCall): Boolean;

implementation

uses
  SysUtils;

const
  HexDigits: array[0..15] of AnsiChar = '0123456789abcdef';
  InputCounts: array[TSignature] of Integer = (2, 0, 3, 0);

function NextWord(var Rest: AnsiString): AnsiString;
var
  Start, Stop: Integer;
begin
  Start := 1;
  while (Start <= Length(Rest)) and (Rest[Start] in [' ', #9, #13]) do
    Inc(Start);
  Stop := Start;
  while (Stop <= Length(Rest)) and not (Rest[Stop] in [' ', #9, #13]) do
    Inc(Stop);
  Result := Copy(Rest, Start, Stop - Start);
  Delete(Rest, 1, Stop);
end;

function HexToBytes(const Word: AnsiString; out Bytes: AnsiString): Boolean;
var
  I, High, Low: Integer;
begin
  Bytes := '';
  Result := Word = '-';
  if Result or (Word = '') or Odd(Length(Word)) then
    Exit;
  SetLength(Bytes, Length(Word) div 2);
  for I := 1 to Length(Bytes) do
  begin
    High := Pos(Word[2 * I - 1], HexDigits) - 1;
    Low := Pos(Word[2 * I], HexDigits) - 1;
    if (High < 0) or (Low < 0) then
      Exit;
    Bytes[I] := AnsiChar(High * 16 + Low);
  end;
  Result := True;
end;

function BytesToHex(Bytes: PAnsiChar; Length: Integer): AnsiString;
var
  I: Integer;
begin
  if Length = 0 then
  begin
    Result := '-';
    Exit;
  end;
  SetLength(Result, 2 * Length);
  for I := 0 to Length - 1 do
  begin
    Result[2 * I + 1] := HexDigits[Ord(Bytes[I]) shr 4];
    Result[2 * I + 2] := HexDigits[Ord(Bytes[I]) and 15];
  end;
end;

function ParseInput(const Word: AnsiString; var Input: TInput): Boolean;
begin
  Result := True;
  Input.Kind := ikText;
  if Word = 'null' then
    Input.Kind := ikNull
  else if Word = '@noaccess' then
    Input.Kind := ikNoAccess
  else if Word = '@unterminated' then
    Input.Kind := ikUnterminated
  else if Copy(Word, 1, 5) = '@big:' then
    Input.Text := StringOfChar(AnsiChar('A'), StrToIntDef(Copy(Word, 6, 20), 0))
  else if Copy(Word, 1, 9) = '@bigjson:' then
    Input.Text := StringOfChar(AnsiChar('['), StrToIntDef(Copy(Word, 10, 20), 0))
  else
    Result := HexToBytes(Word, Input.Text);
end;

function ParseBuffer(const Word: AnsiString; var Call: TCall): Boolean;
begin
  Result := True;
  if Word = 'null' then
    Call.Buffer := bkNull
  else if Word = '@readonly' then
    Call.Buffer := bkReadOnly
  else if Word = '@noaccess' then
    Call.Buffer := bkNoAccess
  else
  begin
    Call.Buffer := bkBytes;
    Call.Capacity := StrToIntDef(Word, 0);
    Result := Call.Capacity > 0;
  end;
end;

function ParseCall(var Rest: AnsiString; var Call: TCall): Boolean;
var
  I: Integer;
begin
  Result := False;
  Call.Id := NextWord(Rest);
  Call.Name := NextWord(Rest);
  if (Call.Name = 'VirtualCardTrans') or (Call.Name = 'NationEcTrans') then
    Call.Signature := sgTrans
  else if Call.Name = 'Set_QRflow_Mode' then
    Call.Signature := sgInteger
  else if Call.Name = 'EhealthID_Print' then
    Call.Signature := sgThreeText
  else if Call.Name = 'SetEcQrcode' then
    Call.Signature := sgErrorText
  else
    Exit;
  Call.InputCount := InputCounts[Call.Signature];
  for I := 0 to Call.InputCount - 1 do
    if not ParseInput(NextWord(Rest), Call.Inputs[I]) then
      Exit;
  Call.Buffer := bkNull;
  if Call.Signature in [sgTrans, sgErrorText] then
    Result := ParseBuffer(NextWord(Rest), Call)
  else if Call.Signature = sgInteger then
    Result := TryStrToInt(NextWord(Rest), Call.Number)
  else
    Result := True;
  Result := Result and (NextWord(Rest) = '');
end;

end.
