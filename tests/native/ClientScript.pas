{ The words of a client script turned into values, for the Delphi client; the language is described in README.md of
  this folder. The counterpart of script.c; knows nothing of DLLs, and of exports what the exports file says. Only
  client.dpr and ClientProbe.pas use it. }
unit ClientScript;

{$MODE DELPHI}

interface

type
  TLibrary = (lbVC, lbEC);
  TInputKind = (ikNull, ikText, ikNoAccess, ikUnterminated);
  TBufferKind = (bkBytes, bkNull, bkReadOnly, bkNoAccess);

  TInput = record
    Kind: TInputKind;
    Text: AnsiString;
  end;

  TExport = record
    Name: AnsiString;
    Which: TLibrary;
    ReturnsText: Boolean;
    Parameters: AnsiString; { a letter each: t text in, i Integer, b buffer }
  end;

  TCall = record
    Id: AnsiString;
    Called: TExport;
    Sequence: Cardinal; { decides the stack alignment }
    Inputs: array[1..3] of TInput; { by parameter, for the letter t }
    Number: Integer; { for the letter i }
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

function ParseLibrary(const Word: AnsiString; out Which: TLibrary): Boolean;

{ Reads the exports file, once, before the first call. }
function ParseExports(const Text: AnsiString): Boolean;

{ Fills in id, export and arguments from the words after `call`. }
function ParseCall(var Rest: AnsiString; var Call: TCall): Boolean;

implementation

uses
  SysUtils;

const
  HexDigits: array[0..15] of AnsiChar = '0123456789abcdef';

var
  Exported: array of TExport;

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

function ParseLibrary(const Word: AnsiString; out Which: TLibrary): Boolean;
begin
  Which := lbVC;
  if Word = 'EC' then
    Which := lbEC;
  Result := (Word = 'VC') or (Word = 'EC');
end;

function ParseExport(Rest: AnsiString; out Row: TExport): Boolean;
begin
  Row := Default(TExport);
  Row.Name := NextWord(Rest);
  Result := ParseLibrary(NextWord(Rest), Row.Which);
  Row.ReturnsText := NextWord(Rest) = 'text';
  Row.Parameters := NextWord(Rest);
  Result := Result and (Length(Row.Parameters) in [1..3]);
end;

function ParseExports(const Text: AnsiString): Boolean;
var
  Start, Stop: Integer;
begin
  Result := True;
  Start := 1;
  for Stop := 1 to Length(Text) do
    if Text[Stop] = #10 then
    begin
      SetLength(Exported, Length(Exported) + 1);
      Result := ParseExport(Copy(Text, Start, Stop - Start), Exported[High(Exported)]) and Result;
      Start := Stop + 1;
    end;
end;

function ParseArgument(Parameter: AnsiChar; const Word: AnsiString; var Input: TInput; var Call: TCall): Boolean;
begin
  case Parameter of
    't': Result := ParseInput(Word, Input);
    'i': Result := TryStrToInt(Word, Call.Number);
  else
    Result := ParseBuffer(Word, Call);
  end;
end;

function ParseCall(var Rest: AnsiString; var Call: TCall): Boolean;
var
  Name: AnsiString;
  I: Integer;
begin
  Call.Id := NextWord(Rest);
  Call.Buffer := bkNull;
  Name := NextWord(Rest);
  for I := 0 to High(Exported) do
    if Exported[I].Name = Name then
      Call.Called := Exported[I];
  Result := Call.Called.Name <> '';
  for I := 1 to Length(Call.Called.Parameters) do
    Result := Result and ParseArgument(Call.Called.Parameters[I], NextWord(Rest), Call.Inputs[I], Call);
  Result := Result and (NextWord(Rest) = '');
end;

end.
