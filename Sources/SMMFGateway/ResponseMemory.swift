// SPDX-License-Identifier: MIT

import SMMFWire
import Synchronization

/// Keeps answers of Responses in this process's memory: the newest ones that fit. They are gone with the process, and
/// another API Server does not know them; a client that is told so sends its whole conversation.
final class ResponseMemory: ResponseStore {
    private struct Key: Hashable {
        var id: String
        var owner: String?
    }

    private struct Entry {
        var response: StoredResponse
        var age: Int
    }

    private struct Content {
        var entries: [Key: Entry] = [:]
        /// The keys in the order in which they were kept; one that was replaced or removed since is skipped.
        var order: [(key: Key, age: Int)] = []
        /// How many of `order` are done with.
        var forgotten = 0
        var age = 0
        var bytes = 0
    }

    private let content = Mutex(Content())
    private let byteLimit: Int
    private let countLimit: Int

    /// Creates a memory of at most so many bytes and answers.
    init(byteLimit: Int = 64 << 20, countLimit: Int = 10_000) {
        self.byteLimit = byteLimit
        self.countLimit = countLimit
    }

    func response(_ id: String, of owner: String?) -> StoredResponse? {
        content.withLock { $0.entries[Key(id: id, owner: owner)]?.response }
    }

    func keep(_ response: StoredResponse, as id: String, of owner: String?) {
        guard response.size <= byteLimit / 4 else { return }
        let key = Key(id: id, owner: owner)
        content.withLock { content in
            if let old = content.entries[key] { content.bytes -= old.response.size }
            content.age += 1
            content.entries[key] = Entry(response: response, age: content.age)
            content.order.append((key, content.age))
            content.bytes += response.size
            while content.bytes > byteLimit || content.entries.count > countLimit { Self.forgetOldest(&content) }
            // Those that were removed or replaced are done with as well, though nothing had to go for them.
            guard content.order.count > 2 * content.entries.count + 1_000 else { return }
            let entries = content.entries
            content.order = content.order.filter { entries[$0.key]?.age == $0.age }
            content.forgotten = 0
        }
    }

    private static func forgetOldest(_ content: inout Content) {
        guard content.forgotten < content.order.count else { return }
        let oldest = content.order[content.forgotten]
        content.forgotten += 1
        guard let entry = content.entries[oldest.key], entry.age == oldest.age else { return }
        content.bytes -= entry.response.size
        content.entries[oldest.key] = nil
    }

    func remove(_ id: String, of owner: String?) -> Bool {
        content.withLock { content in
            guard let old = content.entries.removeValue(forKey: Key(id: id, owner: owner)) else { return false }
            content.bytes -= old.response.size
            return true
        }
    }
}
