// SPDX-License-Identifier: MIT

public import SMMFCore

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Reads AMD's cards from the files of their driver: `mem_info_vram_total` and `mem_info_vram_used` of each card in
/// `/sys/class/drm` (kernel.org, amdgpu driver), and for processes that compute `vram_<gpu id>` in `/sys/class/kfd`, whose
/// topology tells by bus which card an id is. No tool is run.
public struct AMDReader: DeviceReader {
    private let root: String

    /// AMD's number as a maker of PCI devices.
    private static let vendor = "0x1002"
    private static let fileLimit = 4096

    /// Creates a reader of this machine's cards.
    public init() { self.init(root: "/sys/class") }

    /// Creates a reader of another folder in the place of `/sys/class`.
    init(root: String) { self.root = root }

    public var visibility: String { "HIP_VISIBLE_DEVICES" }

    public func devices() async -> [Device] {
        let computing = Set(buses().values)
        let found = names("drm").filter { $0.hasPrefix("card") && Int($0.dropFirst(4)) != nil }
            .compactMap { name -> (bus: String, device: Device)? in
                let folder = "drm/\(name)/device"
                guard text("\(folder)/vendor") == Self.vendor, let memory = number("\(folder)/mem_info_vram_total"),
                    let bus = bus(of: folder), computing.isEmpty || computing.contains(bus)
                else { return nil }
                let device = Device(
                    index: 0,
                    uuid: bus,
                    name: text("\(folder)/product_name").flatMap { $0.isEmpty ? nil : $0 } ?? "AMD card",
                    memory: memory,
                    used: number("\(folder)/mem_info_vram_used")
                )
                return (bus, device)
            }
        // ROCm counts them by their places on the bus.
        return found.sorted { $0.bus < $1.bus }.prefix(DeviceRequest.limit).enumerated().map { index, found in
            var device = found.device
            device.index = index
            return device
        }
    }

    public func use() async -> [DeviceUse] {
        let buses = self.buses()
        guard !buses.isEmpty else { return [] }
        return names("kfd/kfd/proc").flatMap { process -> [DeviceUse] in
            guard let processID = Int32(process) else { return [] }
            return buses.compactMap { id, bus in
                number("kfd/kfd/proc/\(process)/vram_\(id)").map {
                    DeviceUse(processID: processID, device: bus, bytes: $0)
                }
            }
        }
        .sorted { ($0.processID, $0.device) < ($1.processID, $1.device) }
    }

    /// The cards' places on the bus, by the ids that the compute driver gives them.
    private func buses() -> [Int: String] {
        var buses: [Int: String] = [:]
        for node in names("kfd/kfd/topology/nodes") {
            let folder = "kfd/kfd/topology/nodes/\(node)"
            // A processor is a node as well, and its id is zero.
            guard let id = number("\(folder)/gpu_id"), id > 0, let text = text("\(folder)/properties") else { continue }
            let properties = text.split(separator: "\n").map { $0.split(separator: " ") }.filter { $0.count == 2 }
            func property(_ name: String) -> Int? { properties.first { $0[0] == name }.flatMap { Int($0[1]) } }
            guard let place = property("location_id"), (0..<1 << 16).contains(place) else { continue }
            buses[id] =
                "\(hexadecimal(property("domain") ?? 0, 4)):\(hexadecimal(place >> 8, 2)):"
                + "\(hexadecimal(place >> 3 & 31, 2)).\(place & 7)"
        }
        return buses
    }

    private func hexadecimal(_ number: Int, _ digits: Int) -> String {
        let text = String(number, radix: 16)
        return String(repeating: "0", count: max(0, digits - text.count)) + text
    }

    private func bus(of folder: String) -> String? {
        let line = text("\(folder)/uevent")?.split(separator: "\n").first { $0.hasPrefix("PCI_SLOT_NAME=") }
        return line.map { String($0.dropFirst("PCI_SLOT_NAME=".count)) }
    }

    private func names(_ folder: String) -> [String] {
        ((try? FileManager.default.contentsOfDirectory(atPath: "\(root)/\(folder)")) ?? []).prefix(Self.fileLimit)
            .sorted()
    }

    private func number(_ file: String) -> Int? { text(file).flatMap { Int($0) }.flatMap { $0 >= 0 ? $0 : nil } }

    /// The text of a small file, without the line's end.
    private func text(_ file: String) -> String? {
        guard let data = FileManager.default.contents(atPath: "\(root)/\(file)") else { return nil }
        let text = String(decoding: data.prefix(Self.fileLimit), as: UTF8.self)
        return text.last?.isNewline == true ? String(text.dropLast()) : text
    }
}

/// The reader for this machine's cards.
enum MachineDevices {
    /// AMD's where its driver computes and NVIDIA's is not there.
    static func reader() -> any DeviceReader {
        let manager = FileManager.default
        let isAMD = manager.fileExists(atPath: "/dev/kfd") && !manager.fileExists(atPath: "/dev/nvidiactl")
        return isAMD ? AMDReader() : NvidiaReader()
    }
}
