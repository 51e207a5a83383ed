"""说明.txt, which lies beside the DLLs in a package: for the engineer who has just unpacked it. Data only."""

from __future__ import annotations

FILE = "说明.txt"
TEXT = """\
virtualcard-shim {version}（{bits} 位）

本文件夹是多码融合码动态库 VirtualCardChk.dll 和医保电子凭证动态库 NationECCode.dll 的开源替代品。
文件名、导出函数、参数都与原厂相同，医院程序不用修改。
适用于 {bits} 位的医院程序；老的医院程序几乎都是 32 位的，与 Windows 是多少位无关。

一、文件

  VirtualCardChk.dll、NationECCode.dll   放在医院程序所在的文件夹
  vcshim                                 文件夹，与上面两个文件放在一起；其中的 vcshim.exe 是命令行工具，
                                         help.html 是帮助：安装、设置、设备、按现象排查，用浏览器打开，不需要联网
  vcshim.ini.sample                      全部设置项的样本，每项都有说明
  sdk                                    供 C、C++ 程序编译用的声明和导入库，运行时不需要
  SHA256SUMS                             每个文件的校验值
  说明.txt                               本文件

二、安装

  在命令行中执行 vcshim\\vcshim.exe install 医院程序的文件夹。原厂的文件会自动保留，没有成功时全部恢复原状；
  以后用 vcshim\\vcshim.cmd uninstall 卸载，原厂的文件恢复原样。也可以手工安装：

  1. 关闭医院程序，备份它所在的整个文件夹。
  2. 原厂的文件改名，放在原处：VirtualCardChk.dll 改为 VirtualCardChk.vendor.dll，
     NationECCode.dll 改为 NationECCode.vendor.dll。
  3. 把 VirtualCardChk.dll、NationECCode.dll 和 vcshim 文件夹复制到这里。
  4. 启动医院程序。

  本文件夹中没有 vcshim.ini，因此升级时不会覆盖已有的设置。没有 vcshim.ini 时，全部设置取默认值；
  需要修改时，把 vcshim.ini.sample 复制为 vcshim.ini，再修改其中的设置。

三、退回（手工安装的）

  1. 关闭医院程序。
  2. 删去 VirtualCardChk.dll 和 NationECCode.dll。
  3. 把 VirtualCardChk.vendor.dll、NationECCode.vendor.dll 改回原名。

四、有问题时

  日志在 vcshim_log 文件夹中，与动态库放在一起；那里不能写入时，在 %LOCALAPPDATA%\\vcshim\\vcshim_log 中。
  日志中没有患者信息。
  在命令行中执行 vcshim\\vcshim.exe doctor，检查文件、Windows 和设置；执行 vcshim\\vcshim.exe，列出全部命令。
  vcshim\\help.html 的“按现象排查”写着各种现象的原因和办法。

五、核对文件

  每个文件的 SHA-256 校验值应与 SHA256SUMS 中的一致。例如：certutil -hashfile VirtualCardChk.dll SHA256

六、许可

  virtualcard-shim 以 MIT 许可证发布。vcshim\\licences 文件夹中，NOTICE.txt 列出了随附的其他软件及其许可证，
  vcshim.cdx.json 是 CycloneDX 格式的软件物料清单。
"""
