{ One call made as a Delphi 7 program makes it, judged and reported: the counterpart of checked.c and probe_x86.S.

  Nothing the callee should preserve is relied upon after the call, neither the registers nor ESP: the record is found
  again through a thread-local slot. Only client.dpr uses it. }
unit ClientProbe;

{$MODE DELPHI}

interface

uses
  ClientScript;

{ Once, before the first call. }
function PrepareProbe: Boolean;

{ Makes the call at Entry and returns its result line. Any thread. }
function CheckedCall(const Call: TCall; Entry: Pointer): AnsiString;

function CurrentDirectoryUtf8: AnsiString;

implementation

uses
  Windows, SysUtils;

const
  GuardSize = 64;
  Untouched = $CC;         { OutData before the call }
  ReturnedLimit = 64;      { bytes read of a returned string }
  SpecialCapacity = 2048;  { what the host believes a read-only buffer to have }
  UnterminatedLength = 61; { odd, so that reading by words runs into the next page too }
  PageSize = 4096;
  TebTlsSlots = $E10;
  TebTlsSlotCount = 64;
  DirectionFlag = $400;
  X87Empty = $FFFF;
  RegisterNames: array[0..3] of AnsiString = ('ebx', 'esi', 'edi', 'ebp');
  Presets: array[0..3] of Cardinal = ($B0B1B2B3, $B1B2B3B4, $B2B3B4B5, $B3B4B5B6);

type
  TProbe = packed record
    { given }
    Entry: Pointer;
    Arguments: array[0..2] of Pointer;
    ArgumentCount: Cardinal;
    Misalignment: Cardinal; { ESP at the call is this far below a multiple of 16 }
    CwWanted, MxcsrWanted: Cardinal;
    { recorded }
    CwBefore: Cardinal; { NB: reads back with bit 6 set, so "unchanged" means equal to this, not to CwWanted }
    MxcsrBefore: Cardinal;
    Answer: Cardinal;
    CwAfter, MxcsrAfter: Cardinal;
    StackExpected, StackAfter: Cardinal;
    FlagsAfter: Cardinal;
    TagsAfter: Cardinal;
    { private to ProbeCall }
    Frame: Cardinal;
    CwCalm, MxcsrCalm: Cardinal;
    { given, recorded }
    PresetEbx, PresetEsi, PresetEdi, PresetEbp: Cardinal;
    After: array[0..3] of Cardinal;
  end;

  TBuffer = record
    Memory: PAnsiChar; { guard, capacity bytes, guard; nil for the special kinds }
    OutData: PAnsiChar;
    Capacity: Integer; { readable bytes at OutData }
  end;

var
  ProbeSlot: Cardinal; { offset of the thread-local slot in the FS segment }
  NoAccessPage, UnterminatedText: PAnsiChar;

function PrepareProbe: Boolean;
var
  Pages: PAnsiChar;
  Index, Previous: DWORD;
begin
  Index := TlsAlloc;
  ProbeSlot := TebTlsSlots + Index * 4;
  Pages := VirtualAlloc(nil, 2 * PageSize, MEM_RESERVE or MEM_COMMIT, PAGE_READWRITE);
  NoAccessPage := Pages + PageSize;
  UnterminatedText := NoAccessPage - UnterminatedLength;
  Previous := 0;
  Result := (Index < TebTlsSlotCount) and (Pages <> nil);
  if not Result then
    Exit;
  FillChar(Pages^, PageSize, 'A');
  Result := VirtualProtect(NoAccessPage, PageSize, PAGE_NOACCESS, @Previous);
end;

procedure ProbeCall(var Probe: TProbe); register; assembler; nostackframe;
asm
  push ebp
  push ebx
  push esi
  push edi
  mov esi, eax
  mov ecx, ProbeSlot
  mov fs:[ecx], esi
  mov [esi].TProbe.Frame, esp
  fnstcw word ptr [esi].TProbe.CwCalm
  stmxcsr dword ptr [esi].TProbe.MxcsrCalm
  { Some slack, then ESP so that it has the wanted misalignment once the arguments are pushed. }
  mov ecx, [esi].TProbe.ArgumentCount
  sub esp, 256
  and esp, -16
  sub esp, [esi].TProbe.Misalignment
  lea esp, [esp + ecx * 4]
  mov [esi].TProbe.StackExpected, esp
@push:
  mov eax, dword ptr [esi + ecx * 4 + TProbe.Arguments - 4]
  push eax
  dec ecx
  jnz @push
  fnclex
  fldcw word ptr [esi].TProbe.CwWanted
  ldmxcsr dword ptr [esi].TProbe.MxcsrWanted
  fnstcw word ptr [esi].TProbe.CwBefore
  stmxcsr dword ptr [esi].TProbe.MxcsrBefore
  mov eax, [esi].TProbe.Entry
  mov ebx, [esi].TProbe.PresetEbx
  mov edi, [esi].TProbe.PresetEdi
  mov ebp, [esi].TProbe.PresetEbp
  mov esi, [esi].TProbe.PresetEsi
  call eax
  mov ecx, ProbeSlot
  mov ecx, fs:[ecx]
  mov [ecx].TProbe.Answer, eax
  mov dword ptr [ecx + TProbe.After], ebx
  mov dword ptr [ecx + TProbe.After + 4], esi
  mov dword ptr [ecx + TProbe.After + 8], edi
  mov dword ptr [ecx + TProbe.After + 12], ebp
  mov [ecx].TProbe.StackAfter, esp
  mov esp, [ecx].TProbe.Frame
  pushfd
  pop eax
  mov [ecx].TProbe.FlagsAfter, eax
  cld
  fnstcw word ptr [ecx].TProbe.CwAfter
  stmxcsr dword ptr [ecx].TProbe.MxcsrAfter
  sub esp, 28
  fnstenv [esp]
  movzx eax, word ptr [esp + 8]
  add esp, 28
  mov [ecx].TProbe.TagsAfter, eax
  fninit
  fldcw word ptr [ecx].TProbe.CwCalm
  ldmxcsr dword ptr [ecx].TProbe.MxcsrCalm
  pop edi
  pop esi
  pop ebx
  pop ebp
end;

function GuardByte(Index: Integer): AnsiChar;
begin
  Result := AnsiChar($A5 xor Index);
end;

procedure AllocateBuffer(const Call: TCall; out Buffer: TBuffer);
var
  I: Integer;
  Previous: DWORD;
begin
  Buffer.Memory := nil;
  Buffer.OutData := nil;
  Buffer.Capacity := 0;
  case Call.Buffer of
    bkNoAccess:
      Buffer.OutData := NoAccessPage;
    bkReadOnly:
      begin
        Buffer.Capacity := SpecialCapacity;
        Buffer.OutData := VirtualAlloc(nil, PageSize, MEM_RESERVE or MEM_COMMIT, PAGE_READWRITE);
        FillChar(Buffer.OutData^, SpecialCapacity, Untouched);
        Previous := 0;
        VirtualProtect(Buffer.OutData, PageSize, PAGE_READONLY, @Previous);
      end;
    bkBytes:
      begin
        Buffer.Capacity := Call.Capacity;
        GetMem(Buffer.Memory, Buffer.Capacity + 2 * GuardSize);
        Buffer.OutData := Buffer.Memory + GuardSize;
        FillChar(Buffer.OutData^, Buffer.Capacity, Untouched);
        for I := 0 to GuardSize - 1 do
        begin
          Buffer.Memory[I] := GuardByte(I);
          Buffer.OutData[Buffer.Capacity + I] := GuardByte(I);
        end;
      end;
  end;
end;

function Guards(const Buffer: TBuffer): AnsiString;
var
  I: Integer;
begin
  Result := 'n/a';
  if Buffer.Memory = nil then
    Exit;
  Result := 'ok';
  for I := 0 to GuardSize - 1 do
    if (Buffer.Memory[I] <> GuardByte(I)) or (Buffer.OutData[Buffer.Capacity + I] <> GuardByte(I)) then
      Result := 'BROKEN';
end;

procedure FreeBuffer(const Call: TCall; const Buffer: TBuffer);
begin
  if Call.Buffer = bkReadOnly then
    VirtualFree(Buffer.OutData, 0, MEM_RELEASE);
  if Buffer.Memory <> nil then
    FreeMem(Buffer.Memory);
end;

function CurrentDirectoryUtf8: AnsiString;
var
  Text: array[0..1023] of WideChar;
begin
  GetCurrentDirectoryW(Length(Text), @Text[0]);
  Result := UTF8Encode(UnicodeString(PWideChar(@Text[0])));
end;

{ The length up to the first NUL, at most Limit. }
function BoundedLength(Text: PAnsiChar; Limit: Integer): Integer;
begin
  Result := 0;
  while (Result < Limit) and (Text[Result] <> #0) do
    Inc(Result);
end;

function AnswerWords(const Call: TCall; const Probe: TProbe): AnsiString;
var
  Text: PAnsiChar;
begin
  if not Call.Called.ReturnsText then
    Result := ' ret=' + IntToStr(Integer(Probe.Answer))
  else if Probe.Answer = 0 then
    Result := ' ret=null'
  else
  begin
    Text := PAnsiChar(Probe.Answer);
    Result := ' ret=' + BytesToHex(Text, BoundedLength(Text, ReturnedLimit));
  end;
end;

function BufferWords(const Buffer: TBuffer): AnsiString;
var
  Nul: Integer;
begin
  if Buffer.Capacity = 0 then
    Result := ' out=null nul=none'
  else
  begin
    Nul := BoundedLength(Buffer.OutData, Buffer.Capacity);
    Result := ' out=' + BytesToHex(Buffer.OutData, Nul) + ' nul=';
    if Nul < Buffer.Capacity then
      Result := Result + IntToStr(Nul)
    else
      Result := Result + 'none';
  end;
  Result := Result + ' guards=' + Guards(Buffer);
end;

function Compared(const Name: AnsiString; Before, After: Cardinal): AnsiString;
begin
  if Before = After then
    Result := ' ' + Name + '=ok'
  else
    Result := Format(' %s=BROKEN:%s>%s', [Name, LowerCase(IntToHex(Before, 1)), LowerCase(IntToHex(After, 1))]);
end;

function StateWords(const Probe: TProbe): AnsiString;
var
  I: Integer;
  Broken: AnsiString;
begin
  Result := Compared('cw', Probe.CwBefore, Probe.CwAfter) + Compared('mxcsr', Probe.MxcsrBefore, Probe.MxcsrAfter)
    + Compared('x87', X87Empty, Probe.TagsAfter);
  if Probe.StackAfter = Probe.StackExpected then
    Result := Result + ' esp=ok'
  else
    Result := Result + Format(' esp=BROKEN:%d', [Integer(Probe.StackAfter - Probe.StackExpected)]);
  Broken := '';
  for I := 0 to High(RegisterNames) do
    if Probe.After[I] <> Presets[I] then
      Broken := Broken + ',' + RegisterNames[I];
  if Broken = '' then
    Result := Result + ' regs=ok'
  else
    Result := Result + ' regs=BROKEN:' + Copy(Broken, 2, 100);
  if Probe.FlagsAfter and DirectionFlag = 0 then
    Result := Result + ' df=ok'
  else
    Result := Result + ' df=BROKEN';
end;

{ A moved working directory is reported once and moved back. }
function DirectoryWords(const Before: AnsiString): AnsiString;
var
  After: AnsiString;
begin
  After := CurrentDirectoryUtf8;
  Result := ' cwd=ok';
  if After = Before then
    Exit;
  Result := ' cwd=BROKEN:' + BytesToHex(PAnsiChar(After), Length(After));
  SetCurrentDirectoryW(PWideChar(UTF8Decode(Before)));
end;

procedure AddArgument(var Probe: TProbe; Argument: Pointer);
begin
  Probe.Arguments[Probe.ArgumentCount] := Argument;
  Inc(Probe.ArgumentCount);
end;

function InputPointer(const Input: ClientScript.TInput): Pointer; { Windows has a TInput too }
begin
  case Input.Kind of
    ikText: Result := PAnsiChar(Input.Text);
    ikNoAccess: Result := NoAccessPage;
    ikUnterminated: Result := UnterminatedText;
  else
    Result := nil;
  end;
end;

procedure FillProbe(const Call: TCall; Entry: Pointer; const Buffer: TBuffer; out Probe: TProbe);
var
  I: Integer;
begin
  FillChar(Probe, SizeOf(Probe), 0);
  Probe.Entry := Entry;
  Probe.Misalignment := Call.Sequence mod 4 * 4;
  Probe.CwWanted := Call.ControlWord;
  Probe.MxcsrWanted := Call.Mxcsr;
  for I := 1 to Length(Call.Called.Parameters) do
    case Call.Called.Parameters[I] of
      't': AddArgument(Probe, InputPointer(Call.Inputs[I]));
      'i': AddArgument(Probe, Pointer(Call.Number));
    else
      AddArgument(Probe, Buffer.OutData);
    end;
  Probe.PresetEbx := Presets[0];
  Probe.PresetEsi := Presets[1];
  Probe.PresetEdi := Presets[2];
  Probe.PresetEbp := Presets[3];
end;

function CheckedCall(const Call: TCall; Entry: Pointer): AnsiString;
var
  Buffer: TBuffer;
  Probe: TProbe;
  Directory: AnsiString;
  Start, Stop, Rate: Int64;
begin
  AllocateBuffer(Call, Buffer);
  FillProbe(Call, Entry, Buffer, Probe);
  Directory := CurrentDirectoryUtf8;
  Start := 0;
  Stop := 0;
  Rate := 1;
  QueryPerformanceFrequency(Rate);
  QueryPerformanceCounter(Start);
  ProbeCall(Probe);
  QueryPerformanceCounter(Stop);
  Result := Call.Id + AnswerWords(Call, Probe) + BufferWords(Buffer) + StateWords(Probe) + DirectoryWords(Directory)
    + ' us=' + IntToStr((Stop - Start) * 1000000 div Rate);
  FreeBuffer(Call, Buffer);
end;

end.
