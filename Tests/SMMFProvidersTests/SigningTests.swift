// SPDX-License-Identifier: MIT

import SMMFRelay
import SMMFWire
import Testing

@testable import SMMFProviders

/// Signatures beside vectors that were made with the vendors' own libraries.
@Suite struct SigningTests {
    private let newYear = UTCTime(seconds: 1_735_689_600)

    @Test(arguments: [
        ("bedrock-runtime.us-west-2.amazonaws.com", "us-west-2"),
        ("vpce-1.bedrock-runtime.eu-central-1.vpce.amazonaws.com", "eu-central-1"),
        ("bedrock-runtime.us-gov-west-1.amazonaws.com", "us-gov-west-1"),
        ("bedrock-runtime.cn-north-1.amazonaws.com.cn", "cn-north-1"), ("127.0.0.1:9", "us-east-1"),
    ])
    func theRegionIsTheHosts(_ host: String, _ region: String) {
        let call = ProviderCall(key: "A:S", host: host, target: "/model/m/converse", body: [], time: 0)
        let lines = String(decoding: ProviderAuth.aws(service: "bedrock").lines(for: call), as: UTF8.self)
        #expect(lines.contains("Credential=A/19700101/\(region)/bedrock/aws4_request"))
    }

    @Test func times() {
        #expect(newYear.rfc3339 == "2025-01-01T00:00:00Z")
        #expect(newYear.basic == "20250101T000000Z")
        #expect(newYear.http == "Wed, 01 Jan 2025 00:00:00 GMT")
        #expect(UTCTime(seconds: 1_709_210_096).http == "Thu, 29 Feb 2024 12:34:56 GMT")
        #expect(UTCTime(seconds: 0).http == "Thu, 01 Jan 1970 00:00:00 GMT")
    }

    @Test func amazons() {
        let signer = SigV4(
            accessKey: "AKIDEXAMPLE",
            secretKey: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY",
            region: "us-east-1"
        )
        let path = "/model/anthropic.claude-3-haiku-20240307-v1%3A0/converse"
        let body = Array(
            #"{"messages":[{"role":"user","content":[{"text":"hi"}]}],"inferenceConfig":{"maxTokens":16}}"#.utf8
        )
        let host = "bedrock-runtime.us-east-1.amazonaws.com"
        #expect(Hex.sha256(body) == "5903c58ae9037766e41ea3e3ef4368cbac6b3f82d1c1f15a67ac4a7520b79d7f")
        let canonical = signer.canonical(host: host, path: path, body: body, at: newYear)
        #expect(canonical.contains("/model/anthropic.claude-3-haiku-20240307-v1%253A0/converse\n"))
        #expect(Hex.sha256(canonical.utf8) == "ec96644e19cea8120f618c685d491f72713b3912937d2c8faa8a85b4c99e1c7b")
        #expect(
            Hex.text(signer.signingKey("20250101"))
                == "c27e311b7b87de48214ea763bf3f6bd9824a54ab54fdf0033dac588a75009fc1"
        )
        let lines = signer.lines(host: host, path: path, body: body, at: newYear)
        #expect(
            lines == "x-amz-date: 20250101T000000Z\r\nauthorization: AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20250101/"
                + "us-east-1/bedrock/aws4_request, SignedHeaders=content-type;host;x-amz-date, "
                + "Signature=e55d2d3d43d559030b5ac40103458a8192f8d9e8b6757fc279f66699ded79d6f\r\n"
        )
    }

    @Test func temporaryKeysAreSignedWithTheirToken() {
        var signer = SigV4(accessKey: "A", secretKey: "S", region: "us-east-1")
        let plain = signer.lines(host: "h", path: "/p", body: [], at: newYear)
        signer.sessionToken = "T"
        let signed = signer.lines(host: "h", path: "/p", body: [], at: newYear)
        #expect(signed.contains("x-amz-security-token: T\r\n"))
        #expect(signed.contains("SignedHeaders=content-type;host;x-amz-date;x-amz-security-token"))
        #expect(signed.suffix(66) != plain.suffix(66))
    }

    @Test func zhipus() {
        #expect(
            ZhipuToken.token("0123456789abcdef0123456789abcdef.SecretSecret1234", at: 1_700_000_000_000)
                == "eyJhbGciOiJIUzI1NiIsInNpZ25fdHlwZSI6IlNJR04ifQ.eyJhcGlfa2V5IjoiMDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYm"
                + "NkZWYiLCJleHAiOjE3MDAwMDAyMTAwMDAsInRpbWVzdGFtcCI6MTcwMDAwMDAwMDAwMH0.afD4RUfqx6hr7iA2gxRRaN7p0Mdc9hVX"
                + "OiBELSC-okM"
        )
        #expect(ZhipuToken.token("no dot in it", at: 0) == nil)
    }

    @Test func sparks() {
        let time = UTCTime(seconds: 1_683_283_419)
        #expect(time.http == "Fri, 05 May 2023 10:43:39 GMT")
        let signer = SparkSignature(
            apiKey: "addd2272b6d8b7c8abdd79531420ca3b",
            apiSecret: "MjlmNzkzNmZkMDQ2OTc0ZDdmNGE2ZTZi"
        )
        let host = "spark-api.xf-yun.com"
        #expect(
            signer.signature(host: host, path: "/v1.1/chat", method: "GET", at: time)
                == "z5gHdu3pxVV4ADMyk467wOWDQ9q6BQzR3nfMTjc/DaQ="
        )
        let target = signer.target(host: host, path: "/v1.1/chat", at: time)
        #expect(
            target.hasPrefix(
                "/v1.1/chat?authorization=YXBpX2tleT0iYWRkZDIyNzJiNmQ4YjdjOGFiZGQ3OTUzMTQyMGNhM2IiLCBhbGdv"
            )
        )
        #expect(target.hasSuffix("&date=Fri%2C+05+May+2023+10%3A43%3A39+GMT&host=spark-api.xf-yun.com"))
        let other = SparkSignature(
            apiKey: "apikeyXXXXXXXXXXXXXXXXXXXXXXXXXX",
            apiSecret: "apisecretXXXXXXXXXXXXXXXXXXXXXXX"
        )
        #expect(
            other.signature(host: host, path: "/v4.0/chat", method: "GET", at: UTCTime(seconds: 1_704_067_200))
                == "xl+LJmihEzhcfHbHna5UTySv8LrWGAKr6dQGjE177XE="
        )
    }

    @Test func baidus() {
        let signer = BaiduSignature(
            accessKey: "ALTAKexampleaccesskey0001",
            secretKey: "0123456789abcdef0123456789abcdef"
        )
        #expect(
            signer.authorization(
                method: "GET",
                host: "iam.bj.baidubce.com",
                path: "/v1/BCE-BEARER/token",
                query: [("expireInSeconds", "86400")],
                at: newYear
            )
                == "bce-auth-v1/ALTAKexampleaccesskey0001/2025-01-01T00:00:00Z/1800/host;x-bce-date/"
                + "0105b62ae07878701e070fe24f7067626491abcf460dc350890a1347e9fd498b"
        )
    }
}
