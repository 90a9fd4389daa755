// SPDX-License-Identifier: MIT

public import SMMFCatalog
import SMMFConfiguration

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

#if canImport(Darwin)
import Darwin
#elseif canImport(Musl)
import Musl
#else
import Glibc
#endif

extension Machine {
    /// This machine: its free memory, its NVIDIA cards, and the engines that are or can be installed here.
    public static func here(_ engines: [EngineInventory.Entry]) -> Machine {
        let able = engines.filter { $0.obstacle == nil }
        let usable = able.filter { $0.place != nil || $0.nextStep?.hasPrefix("Run smmf engine install") == true }
        return Machine(memory: freeMemory(), devices: cards(), engines: Set(usable.map(\.name)))
    }

    private static func freeMemory() -> Int {
        if let table = FileManager.default.contents(atPath: "/proc/meminfo"),
            let line = String(decoding: table, as: UTF8.self).split(separator: "\n")
                .first(where: { $0.hasPrefix("MemAvailable:") }),
            let kilobytes = line.split(separator: " ").dropFirst().first.flatMap({ Int($0) })
        {
            return kilobytes * 1024
        }
        // Without the table the half of all memory is a cautious guess.
        return Int(sysconf(Int32(_SC_PHYS_PAGES))) * Int(sysconf(Int32(_SC_PAGESIZE))) / 2
    }

    /// Bytes of each card's memory, as NVIDIA's tool tells them.
    private static func cards() -> [Int] {
        guard access("/dev/nvidiactl", F_OK) == 0,
            let pipe = popen("nvidia-smi --query-gpu=memory.total --format=csv,noheader,nounits 2>/dev/null", "r")
        else { return [] }
        defer { pclose(pipe) }
        var cards: [Int] = []
        var line = [CChar](repeating: 0, count: 256)
        while fgets(&line, Int32(line.count), pipe) != nil, cards.count < 64 {
            let text = String(decoding: line.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
            if let megabytes = Int(text.filter(\.isNumber)) { cards.append(megabytes << 20) }
        }
        return cards
    }
}
