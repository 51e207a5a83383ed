// generated from shim/spec/exports.py by python -m buildlib.declarations: do not edit.
// 入参、出参都是 []byte：以 NUL 结尾的 GB18030 字节。返回的文本已经复制，原文不必释放。每个 goroutine 用各自的切片。
// uintptr(unsafe.Pointer(…)) 写在 Call 的参数表里：写在别处，栈移动后应答会写到别的地方。

//go:build windows

package main

import (
	"bytes"
	"syscall"
	"unsafe"
)

// 缓冲区的字节数，含结尾的 NUL。
const (
	OutDataSize = 2048
	pErrmsgSize = 256
)

var (
	virtualCardChk       = syscall.NewLazyDLL("VirtualCardChk.dll")
	nationECCode         = syscall.NewLazyDLL("NationECCode.dll")
	procVirtualCardTrans = virtualCardChk.NewProc("VirtualCardTrans")
	procSet_QRflow_Mode  = virtualCardChk.NewProc("Set_QRflow_Mode")
	procEhealthID_Print  = virtualCardChk.NewProc("EhealthID_Print")
	procSetEcQrcode      = virtualCardChk.NewProc("SetEcQrcode")
	procNationEcTrans    = nationECCode.NewProc("NationEcTrans")
)

// VirtualCardTrans：VirtualCardChk.dll，VC 3.2
func VirtualCardTrans(strUrl []byte, InData []byte, OutData []byte) string {
	code, _, _ := procVirtualCardTrans.Call(uintptr(unsafe.Pointer(&strUrl[0])), uintptr(unsafe.Pointer(&InData[0])), uintptr(unsafe.Pointer(&OutData[0])))
	return textAt(code)
}

// Set_QRflow_Mode：VirtualCardChk.dll，VC 3.3
func Set_QRflow_Mode(mode int32) int32 {
	code, _, _ := procSet_QRflow_Mode.Call(uintptr(mode))
	return int32(code)
}

// EhealthID_Print：VirtualCardChk.dll，VC 3.4
func EhealthID_Print(ehealthid []byte, cardNo []byte, name []byte) int32 {
	code, _, _ := procEhealthID_Print.Call(uintptr(unsafe.Pointer(&ehealthid[0])), uintptr(unsafe.Pointer(&cardNo[0])), uintptr(unsafe.Pointer(&name[0])))
	return int32(code)
}

// SetEcQrcode：VirtualCardChk.dll，VC 3.5
func SetEcQrcode(pErrmsg []byte) int32 {
	code, _, _ := procSetEcQrcode.Call(uintptr(unsafe.Pointer(&pErrmsg[0])))
	return int32(code)
}

// NationEcTrans：NationECCode.dll，EC B.1.3
func NationEcTrans(strUrl []byte, InData []byte, OutData []byte) string {
	code, _, _ := procNationEcTrans.Call(uintptr(unsafe.Pointer(&strUrl[0])), uintptr(unsafe.Pointer(&InData[0])), uintptr(unsafe.Pointer(&OutData[0])))
	return textAt(code)
}

// textAt 复制一段以 NUL 结尾的返回码。
func textAt(address uintptr) string {
	text := (*[32]byte)(*(*unsafe.Pointer)(unsafe.Pointer(&address)))[:]
	return string(text[:bytes.IndexByte(text, 0)])
}
