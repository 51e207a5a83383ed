{ A legacy Delphi host program for the tests: the counterpart of client.c, the same three files (README.md of this
  folder). Built by Free Pascal in Delphi mode as a 32-bit GUI program. Not an example for users: it checks what no
  real host does. Only tests/support/clients.py starts it. }
program client;

{$MODE DELPHI}
{$APPTYPE GUI}

uses
  Windows, SysUtils, ClientScript, ClientProbe;

const
  ExitScriptFailed = 2;
  DelphiControlWord = $1332;
  DelphiMxcsr = $1900;
  ThreadStack = $100000;
  NeverAHandle = $1234;

type
  EScript = class(Exception);

var
  Handles: array[TLibrary] of HMODULE;
  Paths: array[TLibrary] of UnicodeString;
  ResultFile: THandle = INVALID_HANDLE_VALUE;
  ControlWord: Word = DelphiControlWord;
  Mxcsr: Cardinal = DelphiMxcsr;
  Sequence, LineNumber: Cardinal;
  ThreadCount: Integer;
  ThreadCalls: array of TCall;
  CallInFlight: TCall;
  Released: THandle;

procedure Report(const Text: AnsiString);
var
  Line: AnsiString;
  Written: DWORD;
begin
  Line := Text + #10;
  Written := 0;
  WriteFile(ResultFile, Line[1], Length(Line), Written, nil);
end;

function LibraryOf(const Word: AnsiString): TLibrary;
begin
  if not ParseLibrary(Word, Result) then
    raise EScript.Create('VC or EC expected');
end;

function Bytes(const Word: AnsiString): AnsiString;
begin
  if not HexToBytes(Word, Result) then
    raise EScript.Create('hex expected');
end;

function Number(const Word: AnsiString): Integer;
begin
  if not TryStrToInt(Word, Result) then
    raise EScript.Create('number expected');
end;

procedure Load(Which: TLibrary);
begin
  Handles[Which] := LoadLibraryW(PWideChar(Paths[Which]));
  if Handles[Which] = 0 then
    raise EScript.CreateFmt('cannot load the library (%d)', [GetLastError]);
end;

procedure Unload(Which: TLibrary);
begin
  if Handles[Which] = 0 then
    raise EScript.Create('the library is not loaded');
  FreeLibrary(Handles[Which]);
  Handles[Which] := 0;
end;

function EntryOf(const Call: TCall): Pointer;
begin
  Result := GetProcAddress(Handles[Call.Called.Which], PAnsiChar(Call.Called.Name));
  if Result = nil then
    raise EScript.Create('export not found in the library');
end;

function ReadCall(var Rest: AnsiString): TCall;
begin
  Result := Default(TCall);
  Result.Sequence := Sequence;
  Inc(Sequence);
  Result.ControlWord := ControlWord;
  Result.Mxcsr := Mxcsr;
  if not ParseCall(Rest, Result) then
    raise EScript.Create('call ID EXPORT ARGUMENTS');
  EntryOf(Result);
end;

procedure MakeCall(const Call: TCall);
begin
  Report(CheckedCall(Call, EntryOf(Call)));
end;

function ThreadMain(Parameter: Pointer): PtrInt;
var
  I: PtrInt;
begin
  WaitForSingleObject(Released, INFINITE);
  I := PtrInt(Parameter);
  while I < Length(ThreadCalls) do
  begin
    MakeCall(ThreadCalls[I]);
    Inc(I, ThreadCount);
  end;
  Result := 0;
end;

procedure RunThreads;
var
  I: Integer;
  Threads: array of THandle;
  Id: TThreadID;
begin
  SetLength(Threads, ThreadCount);
  Released := CreateEvent(nil, True, False, nil);
  for I := 0 to ThreadCount - 1 do
  begin
    Threads[I] := BeginThread(nil, ThreadStack, ThreadMain, Pointer(PtrInt(I)), STACK_SIZE_PARAM_IS_A_RESERVATION, Id);
    if Threads[I] = 0 then
      raise EScript.Create('cannot start all threads');
  end;
  SetEvent(Released);
  for I := 0 to ThreadCount - 1 do
  begin
    WaitForSingleObject(Threads[I], INFINITE);
    CloseHandle(Threads[I]);
  end;
  CloseHandle(Released);
  ThreadCount := 0;
  SetLength(ThreadCalls, 0);
end;

function InFlightMain(Parameter: Pointer): PtrInt;
begin
  MakeCall(CallInFlight);
  Result := 0;
end;

procedure ExitInFlight(var Rest: AnsiString);
var
  Delay, Code: Integer;
  Id: TThreadID;
begin
  Delay := Number(NextWord(Rest));
  Code := Number(NextWord(Rest));
  if NextWord(Rest) <> 'call' then
    raise EScript.Create('exitinflight MS CODE call ...');
  CallInFlight := ReadCall(Rest);
  if BeginThread(nil, ThreadStack, InFlightMain, nil, STACK_SIZE_PARAM_IS_A_RESERVATION, Id) = 0 then
    raise EScript.Create('cannot start a thread');
  Sleep(Delay);
  Report('exiting');
  ExitProcess(Code);
end;

procedure AddCall(var Rest: AnsiString);
var
  Call: TCall;
begin
  Call := ReadCall(Rest);
  if ThreadCount = 0 then
    MakeCall(Call)
  else
  begin
    SetLength(ThreadCalls, Length(ThreadCalls) + 1);
    ThreadCalls[High(ThreadCalls)] := Call;
  end;
end;

procedure Cycle(Which: TLibrary; Count: Integer);
var
  I: Integer;
begin
  for I := 1 to Count do
  begin
    Unload(Which);
    Load(Which);
  end;
end;

procedure SetStandardHandles(const Kind: AnsiString);
var
  Handle: THandle;
begin
  if Kind = 'null' then
    Handle := 0
  else if Kind = 'invalid' then
    Handle := NeverAHandle
  else
    raise EScript.Create('setstd null|invalid');
  SetStdHandle(STD_INPUT_HANDLE, Handle);
  SetStdHandle(STD_OUTPUT_HANDLE, Handle);
  SetStdHandle(STD_ERROR_HANDLE, Handle);
end;

procedure RunLine(Rest: AnsiString);
var
  Command: AnsiString;
  Which: TLibrary;
begin
  Command := NextWord(Rest);
  if (Command = '') or (Command[1] = '#') then
    Exit;
  if Command = 'load' then
  begin
    Which := LibraryOf(NextWord(Rest));
    Paths[Which] := UTF8Decode(Bytes(NextWord(Rest)));
    Load(Which);
  end
  else if Command = 'free' then
    Unload(LibraryOf(NextWord(Rest)))
  else if Command = 'cycle' then
  begin
    Which := LibraryOf(NextWord(Rest));
    Cycle(Which, Number(NextWord(Rest)));
  end
  else if Command = 'chdir' then
  begin
    if not SetCurrentDirectoryW(PWideChar(UTF8Decode(Bytes(NextWord(Rest))))) then
      raise EScript.Create('chdir HEXPATH');
  end
  else if Command = 'fp' then
  begin
    ControlWord := Number('$' + NextWord(Rest));
    Mxcsr := Number('$' + NextWord(Rest));
  end
  else if Command = 'call' then
    AddCall(Rest)
  else if Command = 'threads' then
    ThreadCount := Number(NextWord(Rest))
  else if Command = 'end' then
    RunThreads
  else if Command = 'exitinflight' then
    ExitInFlight(Rest)
  else if Command = 'closestd' then
  begin
    CloseHandle(GetStdHandle(STD_INPUT_HANDLE));
    CloseHandle(GetStdHandle(STD_OUTPUT_HANDLE));
    CloseHandle(GetStdHandle(STD_ERROR_HANDLE));
  end
  else if Command = 'setstd' then
    SetStandardHandles(NextWord(Rest))
  else
    raise EScript.Create('unknown command');
end;

function FileText(const Path: AnsiString): AnsiString;
var
  Source: THandle;
  Size, Got: DWORD;
begin
  Source := CreateFileA(PAnsiChar(Path), GENERIC_READ, FILE_SHARE_READ, nil, OPEN_EXISTING, 0, 0);
  if Source = INVALID_HANDLE_VALUE then
    raise EScript.Create('cannot read the script');
  Size := GetFileSize(Source, nil);
  SetLength(Result, Size);
  Got := 0;
  if Size > 0 then
    ReadFile(Source, Result[1], Size, Got, nil);
  CloseHandle(Source);
end;

procedure RunScript;
var
  Text: AnsiString;
  Start, Stop: Integer;
begin
  if not PrepareProbe then
    raise EScript.Create('cannot prepare the checks');
  if not ParseExports(FileText(ParamStr(3))) then
    raise EScript.Create('cannot read the exports');
  Text := FileText(ParamStr(1)) + #10;
  Start := 1;
  for Stop := 1 to Length(Text) do
    if Text[Stop] = #10 then
    begin
      Inc(LineNumber);
      RunLine(Copy(Text, Start, Stop - Start));
      Start := Stop + 1;
    end;
end;

begin
  if ParamCount <> 3 then
    Halt(ExitScriptFailed);
  ResultFile := CreateFileA(PAnsiChar(AnsiString(ParamStr(2))), GENERIC_WRITE, FILE_SHARE_READ, nil, CREATE_ALWAYS, 0,
    0);
  try
    RunScript;
    Report('done');
  except
    on E: Exception do
    begin
      Report(Format('error line %u: %s', [LineNumber, E.Message]));
      Halt(ExitScriptFailed);
    end;
  end;
end.
