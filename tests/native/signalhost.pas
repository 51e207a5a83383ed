{ signalhost.pas - a hospital program in Free Pascal for Linux: its exceptions, its threads, Ctrl-C.

  signalhost VC EC CALLS RESULT STEP... CALLS holds lines `call NUMBER EXPORT WORD...` as script.h describes them, with
  texts in hex. RESULT gets a line at a time. The steps, in their order:

    call N     make that call; `answer N CODE OUT`
    every      make all of them; then by eight threads together
    handler    a handler of SIGINT that counts
    wait       say `waiting`, until a handler of SIGINT has run
    drawn      wait until this process has loaded what draws the extension screen, after mode 1 in the background
    handled    `handled N`: how often it has run
    errors     raise what a program in Pascal catches: `caught` and the classes of a division by zero, an invalid
               operation, a nil pointer }
program signalhost;

{$MODE DELPHI}
{$H+}

uses
  cthreads, BaseUnix, Classes, SysUtils, DynLibs;

const
  OutSize = 2048;
  ThreadCount = 8;
  Seconds = 30;

type
  TTrans = function(Url, InData, OutData: PAnsiChar): PAnsiChar; cdecl;
  TMode = function(Mode: Integer): Integer; cdecl;
  TPrint = function(Id, Card, Name: PAnsiChar): Integer; cdecl;
  TFill = function(Message: PAnsiChar): Integer; cdecl;

  TCaller = class(TThread)
  private
    FFirst: Integer;
  protected
    procedure Execute; override;
  public
    constructor Create(First: Integer);
  end;

var
  Libraries: array[0..1] of TLibHandle;
  Calls: TStringList;
  ResultFile: THandle;
  Handled: Integer = 0;

procedure Say(const Line: AnsiString);
var
  Whole: AnsiString;
begin
  Whole := Line + #10;
  FpWrite(ResultFile, Whole[1], Length(Whole));
end;

procedure Fail(const What: AnsiString);
begin
  WriteLn(StdErr, What);
  Halt(2);
end;

function Find(const Name: AnsiString): Pointer;
begin
  Result := GetProcAddress(Libraries[0], Name);
  if Result = nil then Result := GetProcAddress(Libraries[1], Name);
  if Result = nil then Fail(Name);
end;

function Unhex(const Word: AnsiString): AnsiString;
var
  I: Integer;
begin
  Result := '';
  if Word = '-' then Exit;
  SetLength(Result, Length(Word) div 2);
  for I := 1 to Length(Result) do Result[I] := AnsiChar(StrToInt('$' + Copy(Word, 2 * I - 1, 2)));
end;

function Hex(Text: PAnsiChar): AnsiString;
begin
  Result := '';
  while Text^ <> #0 do
  begin
    Result := Result + LowerCase(IntToHex(Ord(Text^), 2));
    Inc(Text);
  end;
  if Result = '' then Result := '-';
end;

procedure Call(Number: Integer);
var
  Words: TStringList;
  Name, Code: AnsiString;
  Texts: array[0..2] of AnsiString;
  OutData: array[0..OutSize - 1] of AnsiChar;
  I: Integer;
begin
  OutData[0] := #0;
  Words := TStringList.Create;
  try
    Words.Delimiter := ' ';
    Words.DelimitedText := Calls[Number];
    Name := Words[2];
    if Name = 'Set_QRflow_Mode' then
      Code := IntToStr(TMode(Find(Name))(StrToInt(Words[3])))
    else if Name = 'SetEcQrcode' then
      Code := IntToStr(TFill(Find(Name))(OutData))
    else
    begin
      for I := 0 to 2 do
        if (I < 2) or (Name = 'EhealthID_Print') then Texts[I] := Unhex(Words[3 + I]);
      if Name = 'EhealthID_Print' then
        Code := IntToStr(TPrint(Find(Name))(PAnsiChar(Texts[0]), PAnsiChar(Texts[1]), PAnsiChar(Texts[2])))
      else
        Code := TTrans(Find(Name))(PAnsiChar(Texts[0]), PAnsiChar(Texts[1]), OutData);
    end;
  finally
    Words.Free;
  end;
  Say(Format('answer %d %s ', [Number, Code]) + Hex(OutData));
end;

constructor TCaller.Create(First: Integer);
begin
  FFirst := First;
  inherited Create(False);
end;

procedure TCaller.Execute;
var
  Number: Integer;
begin
  Number := FFirst;
  while Number < Calls.Count do
  begin
    Call(Number);
    Inc(Number, ThreadCount);
  end;
end;

procedure Every;
var
  I: Integer;
  Callers: array[0..ThreadCount - 1] of TCaller;
begin
  for I := 0 to Calls.Count - 1 do Call(I);
  for I := 0 to ThreadCount - 1 do Callers[I] := TCaller.Create(I);
  for I := 0 to ThreadCount - 1 do
  begin
    Callers[I].WaitFor;
    if Callers[I].FatalException <> nil then Fail('a thread: ' + Exception(Callers[I].FatalException).Message);
    Callers[I].Free;
  end;
end;

procedure OnInterrupt(Signal: LongInt; Info: PSigInfo; Context: PSigContext); cdecl;
begin
  Inc(Handled);
end;

procedure HandleInterrupts;
var
  Action: SigActionRec;
begin
  FillChar(Action, SizeOf(Action), 0);
  Action.sa_handler := @OnInterrupt;
  if FpSigAction(SIGINT, @Action, nil) <> 0 then Fail('sigaction');
end;

procedure WaitForInterrupt;
var
  Before, I: Integer;
begin
  Before := Handled;
  Say('waiting');
  for I := 1 to Seconds * 100 do
  begin
    Sleep(10);
    if Handled <> Before then Exit;
  end;
  Fail('no interrupt came');
end;

{ Line by line: a string list takes a short read, as /proc gives it, for the end of the file. }
function HasMapped(const Name: AnsiString): Boolean;
var
  Maps: TextFile;
  Line: AnsiString;
begin
  Result := False;
  AssignFile(Maps, '/proc/self/maps');
  Reset(Maps);
  while not Eof(Maps) do
  begin
    ReadLn(Maps, Line);
    if Pos(Name, Line) > 0 then Result := True;
  end;
  CloseFile(Maps);
end;

procedure WaitUntilDrawn;
var
  I: Integer;
begin
  for I := 1 to Seconds * 100 do
  begin
    if HasMapped('_imagingft') then Exit;
    Sleep(10);
  end;
  Fail('nothing draws');
end;

procedure Errors;
var
  Zero, Quotient: Double;
  Whole: Integer;
  Nothing: PInteger;
  Line: AnsiString;
begin
  Line := 'caught';
  Zero := Calls.Count - Calls.Count;
  Whole := Calls.Count - Calls.Count;
  Nothing := nil;
  try
    Quotient := 1 / Zero;
    if Quotient > 0 then Line := Line + ' nothing';
  except
    on E: Exception do Line := Line + ' ' + E.ClassName;
  end;
  try
    Quotient := Sqrt(Zero - 1);
    if Quotient <= 0 then Line := Line + ' nothing';
  except
    on E: Exception do Line := Line + ' ' + E.ClassName;
  end;
  try
    if 1 div Whole > 0 then Line := Line + ' nothing';
  except
    on E: Exception do Line := Line + ' ' + E.ClassName;
  end;
  try
    if Nothing^ > 0 then Line := Line + ' nothing';
  except
    on E: Exception do Line := Line + ' ' + E.ClassName;
  end;
  Say(Line);
end;

var
  I: Integer;
begin
  if ParamCount < 5 then Halt(2);
  for I := 0 to 1 do
  begin
    Libraries[I] := LoadLibrary(ParamStr(1 + I));
    if Libraries[I] = NilHandle then Fail(GetLoadErrorStr);
  end;
  Calls := TStringList.Create;
  Calls.LoadFromFile(ParamStr(3));
  ResultFile := FpOpen(ParamStr(4), O_WRONLY or O_CREAT or O_APPEND, &600);
  I := 5;
  while I <= ParamCount do
  begin
    if ParamStr(I) = 'call' then
    begin
      Inc(I);
      Call(StrToInt(ParamStr(I)));
    end
    else if ParamStr(I) = 'every' then Every
    else if ParamStr(I) = 'handler' then HandleInterrupts
    else if ParamStr(I) = 'wait' then WaitForInterrupt
    else if ParamStr(I) = 'drawn' then WaitUntilDrawn
    else if ParamStr(I) = 'handled' then Say('handled ' + IntToStr(Handled))
    else if ParamStr(I) = 'errors' then Errors
    else Fail(ParamStr(I));
    Inc(I);
  end;
end.
