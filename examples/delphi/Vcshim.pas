{ generated from shim/spec/exports.py by python -m buildlib.declarations: do not edit.
  For Delphi 7 and later (32 and 64 bits) and Free Pascal. Texts are GBK (GB18030) and end with a NUL.
  The returned PAnsiChar is never freed. Each thread needs buffers of its own. }
unit Vcshim;

{$IFDEF FPC}{$MODE DELPHI}{$ENDIF}

interface

const
  { Bytes of the buffers, with the NUL. }
  OutDataSize = 2048;
  pErrmsgSize = 256;

{ VirtualCardChk.dll, VC 3.2 }
function VirtualCardTrans(strUrl: PAnsiChar; InData: PAnsiChar; OutData: PAnsiChar): PAnsiChar;
  {$IFDEF MSWINDOWS}stdcall{$ELSE}cdecl{$ENDIF};

{ VirtualCardChk.dll, VC 3.3 }
function Set_QRflow_Mode(mode: Integer): Integer;
  {$IFDEF MSWINDOWS}stdcall{$ELSE}cdecl{$ENDIF};

{ VirtualCardChk.dll, VC 3.4 }
function EhealthID_Print(ehealthid: PAnsiChar; cardNo: PAnsiChar; name: PAnsiChar): Integer;
  {$IFDEF MSWINDOWS}stdcall{$ELSE}cdecl{$ENDIF};

{ VirtualCardChk.dll, VC 3.5 }
function SetEcQrcode(pErrmsg: PAnsiChar): Integer;
  {$IFDEF MSWINDOWS}stdcall{$ELSE}cdecl{$ENDIF};

{ NationECCode.dll, EC B.1.3 }
function NationEcTrans(strUrl: PAnsiChar; InData: PAnsiChar; OutData: PAnsiChar): PAnsiChar;
  {$IFDEF MSWINDOWS}stdcall{$ELSE}cdecl{$ENDIF};

implementation

const
  VirtualCardChk = 'VirtualCardChk'{$IFDEF MSWINDOWS} + '.dll'{$ENDIF};
  NationECCode = 'NationECCode'{$IFDEF MSWINDOWS} + '.dll'{$ENDIF};

function VirtualCardTrans; external VirtualCardChk name 'VirtualCardTrans';
function Set_QRflow_Mode; external VirtualCardChk name 'Set_QRflow_Mode';
function EhealthID_Print; external VirtualCardChk name 'EhealthID_Print';
function SetEcQrcode; external VirtualCardChk name 'SetEcQrcode';
function NationEcTrans; external NationECCode name 'NationEcTrans';

end.
