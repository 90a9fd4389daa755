// SPDX-License-Identifier: MIT

/// What a simulated hub answers, as a value: the pages of Hugging Face (docs of its Hub API; `huggingface_hub`) and of
/// ModelScope (`modelscope-hub`), and the storage that both redirect to.
struct HubPages: Sendable {
    var repositories: [String: HubRepository]
    /// The token that opens what is not open to all.
    var token: String?
    /// Where large files are.
    var storage = ""
    /// Names that the listings have besides the files.
    var strangeNames: [String] = []

    func answer(_ request: HubRequest) -> HubAnswer {
        let parts = request.uri.split(separator: "?", maxSplits: 1).map(String.init)
        let path = (parts.first ?? "").split(separator: "/").map { Self.unescaped(String($0)) }
        if request.isToStorage { return stored(path, request) }
        if path.starts(with: ["api", "v1", "models"]), path.count >= 5 {
            return modelScope(path, Self.query(parts.count == 2 ? parts[1] : ""), request)
        }
        if path.starts(with: ["api", "models"]), path.count >= 4 { return huggingFace(path, request) }
        if path.count >= 5, path[2] == "resolve" { return resolved(path, request) }
        return .json(#"{"error":"not found"}"#, status: 404)
    }

    // MARK: Hugging Face

    private func huggingFace(_ path: [String], _ request: HubRequest) -> HubAnswer {
        let name = "\(path[2])/\(path[3])"
        guard let repository = repositories[name], repository.access != .closed || isKnown(request) else {
            return .refusal(401, "RepoNotFound", "Repository not found")
        }
        let revision = path.count > 5 ? path[5...].joined(separator: "/") : "main"
        guard has(repository, revision) else { return .refusal(404, "RevisionNotFound", "Invalid rev id: \(revision)") }
        let names = repository.files.keys.sorted()
        let isTree = path.count > 4 && path[4] == "tree"
        let entries = names.map { Self.entry($0, repository.files[$0], isTree) }
        let strange = strangeNames.map { Self.entry($0, HubRepository.File([0]), isTree) }
        let list = (entries + strange).joined(separator: ",")
        if isTree { return .json("[\(list)]") }
        let gate = repository.access == .gated ? #""auto""# : "false"
        return .json(
            #"{"_id":"6","id":"\#(name)","modelId":"\#(name)","sha":"\#(repository.commit)","private":false,"#
                + #""gated":\#(gate),"disabled":false,"tags":[],"downloads":0,"likes":0,"siblings":[\#(list)]}"#
        )
    }

    private static func entry(_ name: String, _ file: HubRepository.File?, _ isTree: Bool) -> String {
        guard let file else { return "" }
        let digest = file.claimedSHA256 ?? file.sha256
        let key = isTree ? "oid" : "sha256"
        let large = #","lfs":{"\#(key)":"\#(digest)","size":\#(file.bytes.count),"pointerSize":134}"#
        let identity = isTree ? #""type":"file","path":"\#(name)","oid":"# : #""rfilename":"\#(name)","blobId":"#
        return #"{\#(identity)"\#(file.blob)","size":\#(file.bytes.count)\#(file.isLarge ? large : "")}"#
    }

    private func resolved(_ path: [String], _ request: HubRequest) -> HubAnswer {
        let name = "\(path[0])/\(path[1])"
        guard let repository = repositories[name], repository.access != .closed || isKnown(request) else {
            return .refusal(401, "RepoNotFound", "Repository not found")
        }
        if repository.access == .gated, !isKnown(request) {
            let status = request.fields["authorization"] == nil ? 401 : 403
            return .refusal(status, "GatedRepo", "Access to model \(name) is restricted.")
        }
        guard has(repository, path[3]) else { return .refusal(404, "RevisionNotFound", "Invalid rev id: \(path[3])") }
        guard let file = repository.files[path[4...].joined(separator: "/")] else {
            return .refusal(404, "EntryNotFound", "Entry not found")
        }
        var fields = ["x-repo-commit": repository.commit]
        guard file.isLarge else {
            fields["etag"] = "\"\(file.blob)\""
            return Self.body(file, request, fields)
        }
        fields["x-linked-etag"] = "\"\(file.sha256)\""
        fields["x-linked-size"] = "\(file.bytes.count)"
        fields["location"] = "\(storage)/\(file.sha256)?X-Amz-Signature=not-for-logs"
        return HubAnswer(status: 302, fields: fields)
    }

    // MARK: ModelScope

    private func modelScope(_ path: [String], _ query: [String: String], _ request: HubRequest) -> HubAnswer {
        let name = "\(path[3])/\(path[4])"
        let isMissing = #"{"Code":10010205001,"Message":"not found: record not found","Success":false}"#
        guard let repository = repositories[name], repository.access == .open || isKnown(request) else {
            return .json(isMissing, status: 404)
        }
        guard has(repository, query["Revision"] ?? "master") else { return .json(isMissing, status: 404) }
        if path.count == 5 {
            return .json(#"{"Code":200,"Data":{"Name":"\#(path[4])","Path":"\#(path[3])"},"Success":true}"#)
        }
        if path.suffix(2) == ["repo", "files"] {
            let entries = repository.files.sorted { $0.key < $1.key }.map { Self.scopeEntry($0.key, $0.value) }
            let strange = strangeNames.map { Self.scopeEntry($0, HubRepository.File([0])) }
            let list = (entries + strange).joined(separator: ",")
            return .json(#"{"Code":200,"Data":{"Files":[\#(list)]},"Message":"success","Success":true}"#)
        }
        guard path.last == "repo", let file = repository.files[query["FilePath"] ?? ""] else {
            return .json(isMissing, status: 404)
        }
        guard file.isLarge else { return Self.body(file, request, ["etag": "\"\(file.sha256)\""]) }
        let location = "\(storage)/\(file.sha256)?Signature=not-for-logs"
        return HubAnswer(status: 302, fields: ["location": location])
    }

    private static func scopeEntry(_ name: String, _ file: HubRepository.File) -> String {
        let last = name.split(separator: "/").last ?? ""
        return #"{"Name":"\#(last)","Path":"\#(name)","Type":"blob","Size":\#(file.bytes.count),"#
            + #""Sha256":"\#(file.claimedSHA256 ?? file.sha256)","IsLFS":\#(file.isLarge),"Mode":"33188"}"#
    }

    // MARK: Storage

    private func stored(_ path: [String], _ request: HubRequest) -> HubAnswer {
        let all = repositories.values.lazy.flatMap { $0.files.values }
        guard let file = all.first(where: { $0.isLarge && $0.sha256 == path.last }) else {
            return HubAnswer(status: 403, body: Array("<Error><Code>AccessDenied</Code></Error>".utf8))
        }
        return Self.body(file, request, ["etag": "\"\(file.sha256.prefix(32))\""])
    }

    /// A file's bytes, or the range of them that is asked for (RFC 9110, 14), while `If-Range` holds.
    private static func body(_ file: HubRepository.File, _ request: HubRequest, _ fields: [String: String]) -> HubAnswer
    {
        var fields = fields
        fields["accept-ranges"] = "bytes"
        let count = file.bytes.count
        let isSame = request.fields["if-range"].map { $0 == fields["etag"] } ?? true
        guard isSame, let wanted = request.fields["range"], wanted.hasPrefix("bytes=") else {
            return HubAnswer(status: 200, fields: fields, body: file.bytes)
        }
        let ends = wanted.dropFirst("bytes=".count).split(separator: "-", omittingEmptySubsequences: false).map {
            Int($0)
        }
        guard ends.count == 2, let start = ends[0], start < count else {
            fields["content-range"] = "bytes */\(count)"
            return HubAnswer(status: 416, fields: fields)
        }
        let last = min(ends[1] ?? count - 1, count - 1)
        fields["content-range"] = "bytes \(start)-\(last)/\(count)"
        return HubAnswer(status: 206, fields: fields, body: Array(file.bytes[start...max(start, last)]))
    }

    // MARK: Common

    private func isKnown(_ request: HubRequest) -> Bool {
        token.map { request.fields["authorization"] == "Bearer \($0)" } ?? false
    }

    private func has(_ repository: HubRepository, _ revision: String) -> Bool {
        repository.revisions.contains(revision) || repository.commit == revision
    }

    private static func query(_ text: String) -> [String: String] {
        var found: [String: String] = [:]
        for pair in text.split(separator: "&") {
            let parts = pair.split(separator: "=", maxSplits: 1).map(String.init)
            if parts.count == 2 { found[parts[0]] = unescaped(parts[1].replacing("+", with: " ")) }
        }
        return found
    }

    private static func unescaped(_ text: String) -> String {
        var bytes: [UInt8] = []
        var rest = Array(text.utf8)[...]
        while let byte = rest.popFirst() {
            if byte == UInt8(ascii: "%"), rest.count >= 2,
                let value = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16)
            {
                bytes.append(value)
                rest = rest.dropFirst(2)
            } else {
                bytes.append(byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
