// 像医院程序那样调用五个函数。
//
//	example.exe                  用动态库内的模拟平台（sim:）：不联网，不需要设备，人员均为虚构
//	example.exe VC地址 EC地址    用模拟平台或真实平台，例如 vcshim simulator 打印的两个地址
//
// 每次调用打印一行（GBK）：函数名、返回码、文本。两笔交易都成功的，退出码为 0。
//
//	GOOS=windows GOARCH=386 go build -o example.exe .
//
// 不用 cgo，也不用别的模块：汉字写成 GB18030 的字节。要转换的，用 golang.org/x/text 的 simplifiedchinese.GB18030。

//go:build windows

package main

import (
	"bytes"
	"fmt"
	"os"
	"time"
)

// 要改动一次调用，改这里。
const (
	operatorName  = "\xC1\xFA\xFE\x9F"         // 龙䶮
	patientName   = "\xCD\xF5\x99\x33\xC3\x36" // 王𬱖
	healthCode    = "8BF77B9B0688AA6E4CF6E3587BCE515087C438CAA443301E:1:::35020010001"
	cardNumber    = "D000002"
	insuranceCode = "4240000000000000000300350000"
)

const insuranceQuery = `{"transType":"ec.query","orgId":"1TESTORG0000000000000000TESTORG0","extra":{},"data":{` +
	`"orgId":"1TESTORG0000000000000000TESTORG0","businessType":"01101","operatorId":"9527",` +
	`"operatorName":"` + operatorName + `","ecQrCode":"` + insuranceCode + `"}}`

// out_verify_no 是医院自己的流水号，每个只用一次。
func healthCardQuery(now string) string {
	return `{"app_id":"1TESTAPP0000000000000000TESTAPP0","term_id":"35020010001","version":"X.M.0.1",` +
		`"method":"ehc.ehealthcode.verify","timestamp":"` + now + `","enc_type":"AES","sign_type":"SM3","sign":"",` +
		`"key":"1TESTSEC0000000000000000TESTSEC0","biz_content":{"ehealth_code":"` + healthCode + `",` +
		`"out_verify_no":"G` + now + `","out_verify_time":"` + now + `","treatment_code":"010105",` +
		`"operator_id":"9527","operator_name":"` + operatorName + `"}}`
}

// withNul 是交给动态库的文本，以 NUL 结尾。
func withNul(text string) []byte {
	return append([]byte(text), 0)
}

func untilNul(buffer []byte) []byte {
	return buffer[:bytes.IndexByte(buffer, 0)]
}

func address(index int) []byte {
	if len(os.Args) > index {
		return withNul(os.Args[index])
	}
	return withNul("sim:")
}

// 一次调用最长 [transport] total_seconds，默认 90 秒：它占住一个系统线程，不妨碍别的 goroutine。
func main() {
	fmt.Printf("Set_QRflow_Mode %d\n", Set_QRflow_Mode(0))
	message := make([]byte, pErrmsgSize)
	number := SetEcQrcode(message) // 这时还没有医保码：有了就会填入有输入焦点的窗口
	fmt.Printf("SetEcQrcode %d %s\n", number, untilNul(message))

	answer := make([]byte, OutDataSize) // 每次调用用新的
	insured := NationEcTrans(address(2), withNul(insuranceQuery), answer)
	fmt.Printf("NationEcTrans %s %s\n", insured, untilNul(answer))

	answer = make([]byte, OutDataSize)
	verified := VirtualCardTrans(address(1), withNul(healthCardQuery(time.Now().Format("20060102150405"))), answer)
	fmt.Printf("VirtualCardTrans %s %s\n", verified, untilNul(answer))

	fmt.Printf("EhealthID_Print %d\n", EhealthID_Print(withNul(healthCode), withNul(cardNumber), withNul(patientName)))
	if insured != "0000" || verified != "00" {
		os.Exit(1)
	}
}
