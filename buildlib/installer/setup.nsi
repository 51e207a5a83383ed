; setup.nsi - the setup program: unpacks a set, asks for the folder of the hospital program, runs vcshim.exe install.
;
; It decides nothing itself: every check, every change and the undoing are those of `vcshim install`, and its exit codes
; are this program's (docs/install.md). buildlib/installer/__init__.py defines STUB, OUTPUT, SOURCE, VERSION, NUMBERS,
; BITS, TARGET and COMPRESSOR.
;
; Command line: /S without windows, /D=FOLDER (last, no quotation marks), /WHENCLOSED, /MERGEINI, /LOG=FILE,
; /BRIDGE=PROGRAM (vcshim-toolbox.exe, started at log-on). Any other word is handed on for `vcshim install` to refuse.

Target ${STUB}
!include MUI2.nsh
!include FileFunc.nsh
!include TextFunc.nsh
!include LogicLib.nsh

!define UNINSTALL_KEY "Software\Microsoft\Windows\CurrentVersion\Uninstall\vcshim ${TARGET}"

Name "vcshim ${VERSION}"
OutFile "${OUTPUT}"
InstallDir "C:\HIS"
RequestExecutionLevel user
SetCompressor ${COMPRESSOR}
SetDateSave off
ShowInstDetails nevershow
ShowUninstDetails nevershow
BrandingText " "

!define MUI_DIRECTORYPAGE_TEXT_TOP "$(FOLDER_PAGE)"
!define MUI_FINISHPAGE_NOAUTOCLOSE
!insertmacro MUI_PAGE_DIRECTORY
!insertmacro MUI_PAGE_INSTFILES
!insertmacro MUI_UNPAGE_CONFIRM
!insertmacro MUI_UNPAGE_INSTFILES
!insertmacro MUI_LANGUAGE "SimpChinese"
!insertmacro MUI_LANGUAGE "English"

LangString WORD ${LANG_SIMPCHINESE} "zh"
LangString WORD ${LANG_ENGLISH} "en"
LangString FOLDER_PAGE ${LANG_SIMPCHINESE} "请选择医院程序所在的文件夹（里面有 VirtualCardChk.dll 或 NationECCode.dll）。原厂动态库会保留，vcshim.ini 不会改动。安装前请关闭医院程序。"
LangString FOLDER_PAGE ${LANG_ENGLISH} "Choose the folder of the hospital program, with VirtualCardChk.dll or NationECCode.dll in it. The vendor's DLLs are kept, a vcshim.ini is not changed. Close the hospital program first."
LangString NOT_STARTED ${LANG_SIMPCHINESE} "vcshim.exe 不能启动。Windows 7 需要更新 KB2999226 和 KB2533623。"
LangString NOT_STARTED ${LANG_ENGLISH} "vcshim.exe cannot be started. Windows 7 needs the updates KB2999226 and KB2533623."
LangString DETAILS ${LANG_SIMPCHINESE} "退出码"
LangString DETAILS ${LANG_ENGLISH} "Exit code"

VIProductVersion "${NUMBERS}"
VIAddVersionKey /LANG=${LANG_SIMPCHINESE} "ProductName" "vcshim"
VIAddVersionKey /LANG=${LANG_SIMPCHINESE} "FileDescription" "vcshim 安装程序（${BITS} 位医院程序）"
VIAddVersionKey /LANG=${LANG_SIMPCHINESE} "FileVersion" "${VERSION}"
VIAddVersionKey /LANG=${LANG_SIMPCHINESE} "ProductVersion" "${VERSION}"
VIAddVersionKey /LANG=${LANG_SIMPCHINESE} "LegalCopyright" "virtualcard-shim contributors, MIT licence"

; Runs vcshim.exe of the set in $1 with the words in $2, in the folder $R0, which then cannot be removed. $0 is its exit
; code, $3 its last sentence.
!macro RUN_SET UN
Function ${UN}RunSet
  Delete "$PLUGINSDIR\report.txt"
  SetOutPath "$R0"
  nsExec::Exec '"$1\vcshim.exe" $2 --lang $(WORD) --report "$PLUGINSDIR\report.txt"'
  Pop $0
  StrCpy $3 "$(NOT_STARTED)"
  ${If} $0 == "error"
  ${OrIf} $0 == "timeout"
    StrCpy $0 1
    Return
  ${EndIf}
  IfFileExists "$PLUGINSDIR\report.txt" 0 done
  FileOpen $4 "$PLUGINSDIR\report.txt" r
  FileReadUTF16LE $4 $3
  FileClose $4
done:
FunctionEnd

; Ends with the exit code in $0; with a sentence, unless there are no windows.
Function ${UN}EndWithCode
  SetErrorLevel $0
  ${If} $0 == 0
    Return
  ${EndIf}
  MessageBox MB_OK|MB_ICONEXCLAMATION "$3$\r$\n$\r$\n$(DETAILS) $0" /SD IDOK
  ${If} $0 <> 18
    Abort
  ${EndIf}
FunctionEnd
!macroend
!insertmacro RUN_SET ""
!insertmacro RUN_SET "un."

; Takes the first word off $6, and puts it into $7 without its quotation marks, which may stand anywhere in it.
; NB: ${GetOptions} sees no option inside quotation marks, and a value of its ends at the next slash.
Function NextWord
  StrCpy $7 ""
  StrCpy $8 0 ; 1 between quotation marks
next:
  StrCpy $9 $6 1
  ${If} $9 == ""
    Return
  ${EndIf}
  StrCpy $6 $6 "" 1
  ${If} $9 == '"'
    IntOp $8 $8 ^ 1
  ${ElseIf} "$8$9" == "0 "
    Return
  ${Else}
    StrCpy $7 "$7$9"
  ${EndIf}
  Goto next
FunctionEnd

; If the word in $7 is OPTION: adds WORD to $5, and empties $7.
!macro ADD_WORD OPTION WORD
  ${If} $7 == "${OPTION}"
    StrCpy $5 "$5 ${WORD}"
    StrCpy $7 ""
  ${EndIf}
!macroend

; If the word in $7 is OPTION with a value behind it: adds WORD and the value to $5, and empties $7.
!macro ADD_VALUE OPTION WORD
  StrLen $8 "${OPTION}"
  StrCpy $9 $7 $8
  ${If} $9 == "${OPTION}"
  ${AndIf} $7 != "${OPTION}"
    StrCpy $9 $7 "" $8
    StrCpy $5 '$5 ${WORD} "$9"'
    StrCpy $7 ""
  ${EndIf}
!macroend

; $5: the words that the command line adds. NSIS has taken /D=FOLDER off it, but not its own two words, which are in
; capital letters only.
Function WordsOfCommandLine
  ${GetParameters} $6
  StrCpy $5 ""
  ${DoUntil} $6 == ""
    Call NextWord
    !insertmacro ADD_WORD "/WHENCLOSED" "--when-closed"
    !insertmacro ADD_WORD "/MERGEINI" "--merge-ini"
    !insertmacro ADD_VALUE "/BRIDGE=" "--bridge"
    !insertmacro ADD_VALUE "/LOG=" "--log"
    ${If} $7 S!= ""
    ${AndIf} $7 S!= "/S"
    ${AndIf} $7 S!= "/NCRC"
      StrCpy $5 '$5 "--not-understood=$7 "' ; with a blank: a backslash before the quotation mark would be its escape
    ${EndIf}
  ${Loop}
FunctionEnd

Section
  GetFullPathName $R0 "." ; from where the paths of the command line count; nothing for the root of a share
  ${If} $R0 == ""
    StrCpy $R0 "$TEMP"
  ${EndIf}
  InitPluginsDir
  SetOutPath "$PLUGINSDIR\set"
  File /r "${SOURCE}/*"
  Call WordsOfCommandLine
  StrCpy $8 $INSTDIR 1 -1
  ${If} $8 == "\" ; a backslash before a quotation mark would be its escape
    StrCpy $INSTDIR "$INSTDIR."
  ${EndIf}
  StrCpy $1 "$PLUGINSDIR\set"
  StrCpy $2 'install "$INSTDIR"$5'
  Call RunSet
  ${If} $0 == 0
    WriteUninstaller "$INSTDIR\vcshim\uninstall.exe"
    WriteRegStr HKCU "${UNINSTALL_KEY}" "DisplayName" "vcshim ${VERSION} (${TARGET})"
    WriteRegStr HKCU "${UNINSTALL_KEY}" "DisplayVersion" "${VERSION}"
    WriteRegStr HKCU "${UNINSTALL_KEY}" "Publisher" "virtualcard-shim"
    WriteRegStr HKCU "${UNINSTALL_KEY}" "InstallLocation" "$INSTDIR"
    WriteRegStr HKCU "${UNINSTALL_KEY}" "UninstallString" '"$INSTDIR\vcshim\uninstall.exe"'
    WriteRegStr HKCU "${UNINSTALL_KEY}" "QuietUninstallString" '"$INSTDIR\vcshim\uninstall.exe" /S'
    WriteRegDWORD HKCU "${UNINSTALL_KEY}" "NoModify" 1
    WriteRegDWORD HKCU "${UNINSTALL_KEY}" "NoRepair" 1
  ${EndIf}
  Call EndWithCode
SectionEnd

Section Uninstall
  InitPluginsDir
  ${GetParent} "$INSTDIR" $9
  ; The set in use: the one that current.txt names, else the folder itself.
  StrCpy $8 "$INSTDIR"
  ClearErrors
  FileOpen $4 "$INSTDIR\current.txt" r
  ${IfNot} ${Errors}
    FileRead $4 $8
    FileClose $4
    ${TrimNewLines} $8 $8
    StrCpy $8 "$INSTDIR\$8"
  ${EndIf}
  StrCpy $1 $8
  StrCpy $R0 "$TEMP"
  StrCpy $2 'uninstall "$9" --leave-own-set'
  Call un.RunSet
  ${If} $0 == 0
    ${If} $8 != $INSTDIR
      RMDir /r "$8"
    ${EndIf}
    Delete "$INSTDIR\uninstall.exe"
    RMDir "$INSTDIR\setup"
    RMDir "$INSTDIR"
    DeleteRegKey HKCU "${UNINSTALL_KEY}"
  ${EndIf}
  Call un.EndWithCode
SectionEnd
