; The installer, for one person, without an administrator's rights.  windows.py writes plan.nsh (names, version, the
; files in a fixed order) and calls makensis.  This file is UTF-8 with a byte order mark, as makensis wants it.
;
; Exit status when silent (/S): 0 done, 2 failed and put back as it was, 4 the program is running, 5 Windows too old.

Unicode true
Target amd64-unicode
!include "plan.nsh"
!include "MUI2.nsh"
!include "LogicLib.nsh"
!include "WinVer.nsh"
!include "x64.nsh"

SetCompressor /SOLID lzma
SetCompressorDictSize 64
Name "${PRODUCT}"
OutFile "${INSTALLER}"
BrandingText "${PRODUCT} ${VERSION}"
RequestExecutionLevel user
ManifestDPIAware true
ManifestSupportedOS Win10
InstallDir "$LOCALAPPDATA\Programs\Taizhang"
InstallDirRegKey HKCU "Software\Taizhang" "InstallDir"
ShowInstDetails nevershow
ShowUninstDetails nevershow

VIProductVersion "${NUMBERS}"
VIAddVersionKey /LANG=2052 "ProductName" "${PRODUCT}"
VIAddVersionKey /LANG=2052 "ProductVersion" "${VERSION}"
VIAddVersionKey /LANG=2052 "FileVersion" "${VERSION}"
VIAddVersionKey /LANG=2052 "FileDescription" "${PRODUCT} 安装程序"
VIAddVersionKey /LANG=2052 "CompanyName" "${PRODUCT}"
VIAddVersionKey /LANG=2052 "LegalCopyright" "木兰宽松许可证，第2版"

!define UNINSTALL "Software\Microsoft\Windows\CurrentVersion\Uninstall\Taizhang"
!define CLASSES "Software\Classes"
!define OPEN '"$INSTDIR\taizhang-desk.exe" open "%1"'

!define MUI_ICON "${ICON}"
!define MUI_UNICON "${ICON}"
!define MUI_WELCOMEFINISHPAGE_BITMAP "${BANNER}"
!define MUI_UNWELCOMEFINISHPAGE_BITMAP "${BANNER}"
!define MUI_ABORTWARNING
!define MUI_WELCOMEPAGE_TITLE "安装${PRODUCT} ${VERSION}"
!define MUI_WELCOMEPAGE_TEXT "安装只对当前用户进行，不需要管理员权限。$\r$\n$\r$\n电脑上已有旧版本的，会在原处升级，各单位的数据、密钥和设置都不动。$\r$\n$\r$\n请先关闭正在运行的${PRODUCT}，再点“下一步”。"
!define MUI_FINISHPAGE_TITLE "${PRODUCT}已装好"
!define MUI_FINISHPAGE_TEXT "从桌面或“开始”菜单打开。$\r$\n$\r$\n收到的上报包可以在文件夹里点右键，选“用${PRODUCT}打开”。"
!define MUI_FINISHPAGE_RUN "$INSTDIR\taizhang-desk.exe"
!define MUI_FINISHPAGE_RUN_TEXT "现在打开${PRODUCT}"
!define MUI_UNCONFIRMPAGE_TEXT_TOP "将从这台电脑上删除程序。各单位的数据文件夹（默认在“文档”里的“${PRODUCT}”）、密钥和备份都不会动。"

!insertmacro MUI_PAGE_WELCOME
!insertmacro MUI_PAGE_LICENSE "${LICENCE}"
!insertmacro MUI_PAGE_DIRECTORY
!insertmacro MUI_PAGE_INSTFILES
!insertmacro MUI_PAGE_FINISH
!insertmacro MUI_UNPAGE_CONFIRM
!insertmacro MUI_UNPAGE_INSTFILES
!insertmacro MUI_LANGUAGE "SimpChinese"

!ifdef SIGN
!uninstfinalize '${SIGN}'
!endif

Var PutAway

; The program holds this mutex while it runs (launch.py).
!macro RefuseWhileRunning un
Function ${un}RefuseWhileRunning
  again:
  System::Call 'kernel32::OpenMutexW(i 0x100000, i 0, w "${MUTEX}") p .r0'
  IntPtrCmp $0 0 free
  System::Call 'kernel32::CloseHandle(p r0)'
  MessageBox MB_RETRYCANCEL|MB_ICONEXCLAMATION "${PRODUCT}正在运行。$\r$\n请先关闭它的所有窗口，再点“重试”。" /SD IDCANCEL IDRETRY again
  SetErrorLevel 4
  Quit
  free:
FunctionEnd
!macroend
!insertmacro RefuseWhileRunning ""
!insertmacro RefuseWhileRunning "un."

Function .onInit
  ; Two installers at once would each put the other's files away.
  System::Call 'kernel32::CreateMutexW(p 0, i 0, w "TaizhangDeskInstaller") p .r1 ?e'
  Pop $0
  ${If} $0 = 183
    MessageBox MB_OK|MB_ICONEXCLAMATION "安装程序已经打开了。" /SD IDOK
    SetErrorLevel 2
    Quit
  ${EndIf}
  ${IfNot} ${AtLeastWin10}
    MessageBox MB_OK|MB_ICONSTOP "${PRODUCT}需要 64 位的 Windows 10（1809）或更高版本。" /SD IDOK
    SetErrorLevel 5
    Quit
  ${EndIf}
  SetShellVarContext current
  StrCpy $PutAway 0
  Call RefuseWhileRunning
FunctionEnd

Function un.onInit
  SetShellVarContext current
  Call un.RefuseWhileRunning
FunctionEnd

; The version before is put aside first and thrown away last, so that an installation that fails leaves it as it was.
Function PutBack
  ${If} $PutAway = 1
    StrCpy $PutAway 0
    SetOutPath "$TEMP"
    RMDir /r "$INSTDIR\_internal"
    Rename "$INSTDIR\_internal.old" "$INSTDIR\_internal"
    Delete "$INSTDIR\taizhang-desk.exe"
    Rename "$INSTDIR\taizhang-desk.exe.old" "$INSTDIR\taizhang-desk.exe"
    Delete "$INSTDIR\taizhang.exe"
    Rename "$INSTDIR\taizhang.exe.old" "$INSTDIR\taizhang.exe"
  ${EndIf}
FunctionEnd

Function .onInstFailed
  Call PutBack
FunctionEnd

!macro Fail why
  Call PutBack
  MessageBox MB_OK|MB_ICONSTOP "${why}" /SD IDOK
  SetErrorLevel 2
  Abort
!macroend

Section "program"
  Call RefuseWhileRunning
  ${If} ${FileExists} "$INSTDIR\_internal\*.*"
    RMDir /r "$INSTDIR\_internal.old"
    Delete "$INSTDIR\taizhang-desk.exe.old"
    Delete "$INSTDIR\taizhang.exe.old"
    ClearErrors
    ; Windows lets nobody rename a folder with a library in it that is loaded.
    Rename "$INSTDIR\_internal" "$INSTDIR\_internal.old"
    ${If} ${Errors}
      !insertmacro Fail "旧版本的文件正被占用，没有升级。$\r$\n请关闭${PRODUCT}，或者重新启动电脑后再安装。"
    ${EndIf}
    StrCpy $PutAway 1
    Rename "$INSTDIR\taizhang-desk.exe" "$INSTDIR\taizhang-desk.exe.old"
    Rename "$INSTDIR\taizhang.exe" "$INSTDIR\taizhang.exe.old"
  ${EndIf}

  ClearErrors
  !insertmacro InstallFiles
  SetOutPath "$INSTDIR"
  WriteUninstaller "$INSTDIR\uninstall.exe"
  ${If} ${Errors}
    !insertmacro Fail "文件没有写全，已恢复原状。$\r$\n请看看磁盘是否已满，或者杀毒软件是否拦住了安装。"
  ${EndIf}

  StrCpy $PutAway 0
  RMDir /r "$INSTDIR\_internal.old"
  Delete "$INSTDIR\taizhang-desk.exe.old"
  Delete "$INSTDIR\taizhang.exe.old"

  CreateShortcut "$SMPROGRAMS\${PRODUCT}.lnk" "$INSTDIR\taizhang-desk.exe" "" "$INSTDIR\taizhang-desk.exe" 0
  CreateShortcut "$DESKTOP\${PRODUCT}.lnk" "$INSTDIR\taizhang-desk.exe" "" "$INSTDIR\taizhang-desk.exe" 0

  WriteRegStr HKCU "Software\Taizhang" "InstallDir" "$INSTDIR"
  WriteRegStr HKCU "${UNINSTALL}" "DisplayName" "${PRODUCT}"
  WriteRegStr HKCU "${UNINSTALL}" "DisplayVersion" "${VERSION}"
  WriteRegStr HKCU "${UNINSTALL}" "DisplayIcon" "$INSTDIR\taizhang-desk.exe"
  WriteRegStr HKCU "${UNINSTALL}" "Publisher" "${PRODUCT}"
  WriteRegStr HKCU "${UNINSTALL}" "InstallLocation" "$INSTDIR"
  WriteRegStr HKCU "${UNINSTALL}" "UninstallString" '"$INSTDIR\uninstall.exe"'
  WriteRegStr HKCU "${UNINSTALL}" "QuietUninstallString" '"$INSTDIR\uninstall.exe" /S'
  WriteRegDWORD HKCU "${UNINSTALL}" "EstimatedSize" ${KILOBYTES}
  WriteRegDWORD HKCU "${UNINSTALL}" "NoModify" 1
  WriteRegDWORD HKCU "${UNINSTALL}" "NoRepair" 1

  ; Packages are .xlsx, and .xlsx stays with the office program: we are only one more way to open one.
  WriteRegStr HKCU "${CLASSES}\Taizhang.Package" "" "${PRODUCT}上报包"
  WriteRegStr HKCU "${CLASSES}\Taizhang.Package\DefaultIcon" "" "$INSTDIR\taizhang-desk.exe,0"
  WriteRegStr HKCU "${CLASSES}\Taizhang.Package\shell\open\command" "" '${OPEN}'
  WriteRegStr HKCU "${CLASSES}\Applications\taizhang-desk.exe" "FriendlyAppName" "${PRODUCT}"
  WriteRegStr HKCU "${CLASSES}\Applications\taizhang-desk.exe\SupportedTypes" ".xlsx" ""
  WriteRegStr HKCU "${CLASSES}\Applications\taizhang-desk.exe\shell\open\command" "" '${OPEN}'
  WriteRegStr HKCU "${CLASSES}\.xlsx\OpenWithProgids" "Taizhang.Package" ""
  WriteRegStr HKCU "${CLASSES}\SystemFileAssociations\.xlsx\shell\Taizhang" "" "用${PRODUCT}打开"
  WriteRegStr HKCU "${CLASSES}\SystemFileAssociations\.xlsx\shell\Taizhang" "Icon" "$INSTDIR\taizhang-desk.exe,0"
  WriteRegStr HKCU "${CLASSES}\SystemFileAssociations\.xlsx\shell\Taizhang\command" "" '${OPEN}'
  System::Call 'shell32::SHChangeNotify(i 0x08000000, i 0, p 0, p 0)'
SectionEnd

; Only what was installed is deleted, file by file, and folders only where they are empty then: whatever else somebody
; put there, a workspace above all, stays.
Section "Uninstall"
  SetOutPath "$TEMP"
  !insertmacro DeleteFiles
  Delete "$INSTDIR\uninstall.exe"
  RMDir "$INSTDIR"

  Delete "$SMPROGRAMS\${PRODUCT}.lnk"
  Delete "$DESKTOP\${PRODUCT}.lnk"

  ; What the program noted about itself on this computer: settings and log.  Workspaces are elsewhere and stay.
  Delete "$APPDATA\taizhang\taizhang.ini"
  Delete "$APPDATA\taizhang\taizhang.ini.lock"
  RMDir "$APPDATA\taizhang"
  Delete "$LOCALAPPDATA\taizhang\Logs\reports\report-*.txt"
  RMDir "$LOCALAPPDATA\taizhang\Logs\reports"
  Delete "$LOCALAPPDATA\taizhang\Logs\taizhang.log*"
  Delete "$LOCALAPPDATA\taizhang\Logs\crash.txt"
  Delete "$LOCALAPPDATA\taizhang\Logs\starting"
  RMDir "$LOCALAPPDATA\taizhang\Logs"
  RMDir "$LOCALAPPDATA\taizhang"

  DeleteRegKey HKCU "${CLASSES}\SystemFileAssociations\.xlsx\shell\Taizhang"
  DeleteRegKey /ifempty HKCU "${CLASSES}\SystemFileAssociations\.xlsx\shell"
  DeleteRegKey /ifempty HKCU "${CLASSES}\SystemFileAssociations\.xlsx"
  DeleteRegKey /ifempty HKCU "${CLASSES}\SystemFileAssociations"
  DeleteRegValue HKCU "${CLASSES}\.xlsx\OpenWithProgids" "Taizhang.Package"
  DeleteRegKey /ifempty HKCU "${CLASSES}\.xlsx\OpenWithProgids"
  DeleteRegKey /ifempty HKCU "${CLASSES}\.xlsx"
  DeleteRegKey HKCU "${CLASSES}\Applications\taizhang-desk.exe"
  DeleteRegKey /ifempty HKCU "${CLASSES}\Applications"
  DeleteRegKey HKCU "${CLASSES}\Taizhang.Package"
  DeleteRegKey HKCU "${UNINSTALL}"
  DeleteRegKey HKCU "Software\Taizhang"
  System::Call 'shell32::SHChangeNotify(i 0x08000000, i 0, p 0, p 0)'
SectionEnd
