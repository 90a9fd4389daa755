// SPDX-License-Identifier: MIT

import CSMMFSystem

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// Makes control groups with a memory limit, below a group that this process may divide.
struct MemoryGroups: Sendable, Hashable {
    /// The two generations of control groups (cgroups(7)).
    enum Generation: Sendable, Hashable {
        case first, second
    }

    /// The folder that new groups go into.
    let parent: String
    let generation: Generation
    /// How the names of this worker's groups begin.
    var prefix = "smmf-"

    /// The place for groups on this machine; nil where the system gives this process none.
    ///
    /// In the second generation a group that has processes cannot be divided, so there it is the group above ours, where
    /// that was handed over to us (systemd's `Delegate=` and `DelegateSubgroup=`), or ours if it is the root.
    static func find(worker: String) -> MemoryGroups? {
        guard let mounts = text("/proc/self/mountinfo"), let own = text("/proc/self/cgroup") else { return nil }
        for var place in places(mounts: mounts, own: own) where access(place.parent, W_OK) == 0 && place.isOpen {
            // Another worker's groups are none of ours, even those that are still empty.
            place.prefix = "smmf-\(plain(worker, limit: 80))-"
            place.sweep()
            return place
        }
        return nil
    }

    /// Candidates, the best first, from the mounts and the groups of a process as `/proc` shows them.
    static func places(mounts: String, own: String) -> [MemoryGroups] {
        var paths: [String: String] = [:]
        for line in own.split(separator: "\n") {
            let fields = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
            guard fields.count == 3 else { continue }
            for controller in fields[1].split(separator: ",", omittingEmptySubsequences: false) {
                paths[String(controller)] = String(fields[2])
            }
        }
        var places: [MemoryGroups] = []
        for line in mounts.split(separator: "\n") {
            let halves = line.split(separator: " - ", maxSplits: 1)
            guard halves.count == 2 else { continue }
            let (left, right) = (halves[0].split(separator: " "), halves[1].split(separator: " "))
            guard left.count > 4, right.count > 2 else { continue }
            let (root, folder) = (String(left[3]), String(left[4]))
            switch right[0] {
            case "cgroup" where right[2].split(separator: ",").contains("memory"):
                if let path = paths["memory"].flatMap({ inside($0, root: root) }) {
                    places.append(MemoryGroups(parent: folder + path, generation: .first))
                }
            case "cgroup2":
                guard let path = paths[""].flatMap({ inside($0, root: root) }) else { continue }
                places.append(MemoryGroups(parent: folder + path, generation: .second))
                if let end = path.lastIndex(of: "/") {
                    places.append(MemoryGroups(parent: folder + path[..<end], generation: .second))
                }
            default: continue
            }
        }
        return places
    }

    /// A group's path below the folder where the mount's root is; the root itself is the empty path.
    private static func inside(_ path: String, root: String) -> String? {
        if path == root || path == "/" && root == "/" { return "" }
        if root == "/" { return path }
        return path.hasPrefix(root + "/") ? String(path.dropFirst(root.count)) : nil
    }

    /// Whether groups with a memory limit can be made here.
    private var isOpen: Bool {
        switch generation {
        case .first: return access("\(parent)/memory.limit_in_bytes", F_OK) == 0
        case .second:
            if Self.text("\(parent)/cgroup.subtree_control")?.split(whereSeparator: \.isWhitespace).contains("memory")
                == true
            {
                return isRoot || Self.isDelegated(parent)
            }
            guard isRoot || Self.isDelegated(parent) else { return false }
            return Self.write("+memory", to: "\(parent)/cgroup.subtree_control") == nil
        }
    }

    /// The root of the second generation has no such file.
    private var isRoot: Bool {
        access("\(parent)/cgroup.type", F_OK) != 0 && access("\(parent)/cgroup.procs", F_OK) == 0
    }

    /// Whether systemd has handed the group over, which it says in an attribute of the folder.
    private static func isDelegated(_ folder: String) -> Bool {
        #if os(Linux)
        return ["user.delegate", "trusted.delegate"].contains { name in
            var value: UInt8 = 0
            return smmf_attribute(folder, name, &value, 1) == 1 && value == UInt8(ascii: "1")
        }
        #else
        return false
        #endif
    }

    /// Makes a group for an instance with a limit in bytes and returns its folder; nil when the system does not let us.
    func make(_ name: String, limit: Int) -> String? {
        let folder = "\(parent)/\(prefix)\(Self.plain(name, limit: 120))"
        rmdir(folder)
        guard mkdir(folder, 0o755) == 0 else { return nil }
        let failure: Int32?
        switch generation {
        case .first:
            failure = Self.write("\(limit)", to: "\(folder)/memory.limit_in_bytes")
            // Without this the rest would go to the disk. Not every kernel counts swap.
            _ = Self.write("\(limit)", to: "\(folder)/memory.memsw.limit_in_bytes")
        case .second:
            failure = Self.write("\(limit)", to: "\(folder)/memory.max")
            _ = Self.write("0", to: "\(folder)/memory.swap.max")
            _ = Self.write("1", to: "\(folder)/memory.oom.group")
        }
        guard failure == nil else {
            rmdir(folder)
            return nil
        }
        return folder
    }

    /// Removes a group that has no process any more, when its guard could not.
    func remove(_ folder: String) { rmdir(folder) }

    /// Removes what earlier runs left behind; a group in use cannot be removed.
    private func sweep() {
        for name in (try? FileManager.default.contentsOfDirectory(atPath: parent)) ?? [] where name.hasPrefix(prefix) {
            rmdir("\(parent)/\(name)")
        }
    }

    private static func plain(_ name: String, limit: Int) -> String {
        String(name.prefix(limit).map { $0.isASCII && ($0.isLetter || $0.isNumber) ? $0 : "-" })
    }

    private static func text(_ path: String) -> String? {
        FileManager.default.contents(atPath: path).map { String(decoding: $0, as: UTF8.self) }
    }

    /// Writes at once, as the kernel wants it; returns the error number of a failure.
    private static func write(_ text: String, to path: String) -> Int32? {
        let file = open(path, O_WRONLY | O_CLOEXEC)
        guard file >= 0 else { return errno }
        defer { close(file) }
        let bytes = Array(text.utf8)
        return systemWrite(file, bytes) == bytes.count ? nil : errno
    }

    private static func systemWrite(_ file: Int32, _ bytes: [UInt8]) -> Int {
        #if canImport(Glibc)
        return Glibc.write(file, bytes, bytes.count)
        #elseif canImport(Musl)
        return Musl.write(file, bytes, bytes.count)
        #else
        return Darwin.write(file, bytes, bytes.count)
        #endif
    }
}
