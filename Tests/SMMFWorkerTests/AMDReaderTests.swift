// SPDX-License-Identifier: MIT

import SMMFCore
import SMMFTesting
import Testing

@testable import SMMFWorker

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

@Suite("AMD's cards")
struct AMDReaderTests {
    private func write(_ files: [String: String], in folder: TemporaryFolder) throws {
        for (path, text) in files {
            let full = folder.file(path)
            let parent = full.split(separator: "/", omittingEmptySubsequences: false).dropLast().joined(separator: "/")
            try FileManager.default.createDirectory(atPath: parent, withIntermediateDirectories: true)
            try (text + "\n").write(toFile: full, atomically: true, encoding: .utf8)
        }
    }

    @Test("cards and what processes hold of them are read from the driver's files")
    func reads() async throws {
        let folder = try TemporaryFolder()
        try write(
            [
                // A card of another maker, a connector, and two of AMD's in the other order of the bus.
                "drm/card0/device/vendor": "0x8086", "drm/card0/device/uevent": "PCI_SLOT_NAME=0000:00:02.0",
                "drm/card1-DP-1/status": "connected",
                "drm/card1/device/vendor": "0x1002",
                "drm/card1/device/uevent": "DRIVER=amdgpu\nPCI_SLOT_NAME=0000:83:00.0",
                "drm/card1/device/mem_info_vram_total": "68702699520",
                "drm/card1/device/mem_info_vram_used": "15978496",
                "drm/card2/device/vendor": "0x1002", "drm/card2/device/uevent": "PCI_SLOT_NAME=0000:03:00.0",
                "drm/card2/device/mem_info_vram_total": "25753026560",
                "drm/card2/device/product_name": "AMD Radeon PRO W7800",
                "kfd/kfd/topology/nodes/0/gpu_id": "0", "kfd/kfd/topology/nodes/0/properties": "cpu_cores_count 32",
                "kfd/kfd/topology/nodes/1/gpu_id": "4711",
                "kfd/kfd/topology/nodes/1/properties": "simd_count 240\nlocation_id 33536\ndomain 0",
                "kfd/kfd/topology/nodes/2/gpu_id": "12",
                "kfd/kfd/topology/nodes/2/properties": "location_id 768\ndomain 0",
                "kfd/kfd/proc/1234/vram_4711": "1073741824", "kfd/kfd/proc/1234/vram_12": "0",
                "kfd/kfd/proc/99/vram_12": "4096", "kfd/kfd/proc/x/vram_12": "1",
            ],
            in: folder
        )
        let reader = AMDReader(root: folder.path)
        #expect(
            await reader.devices() == [
                Device(index: 0, uuid: "0000:03:00.0", name: "AMD Radeon PRO W7800", memory: 25_753_026_560),
                Device(
                    index: 1,
                    uuid: "0000:83:00.0",
                    name: "AMD card",
                    memory: 68_702_699_520,
                    used: 15_978_496
                ),
            ]
        )
        #expect(
            await reader.use() == [
                DeviceUse(processID: 99, device: "0000:03:00.0", bytes: 4096),
                DeviceUse(processID: 1234, device: "0000:03:00.0", bytes: 0),
                DeviceUse(processID: 1234, device: "0000:83:00.0", bytes: 1 << 30),
            ]
        )
    }

    @Test("a machine without any has an empty list, and odd files are no cards")
    func none() async throws {
        let folder = try TemporaryFolder()
        #expect(await AMDReader(root: folder.path).devices().isEmpty)
        #expect(await AMDReader(root: folder.path).use().isEmpty)
        try write(
            [
                "drm/card0/device/vendor": "0x1002", "drm/card0/device/uevent": "",
                "drm/card0/device/mem_info_vram_total": "99999999999999999999999",
                "kfd/kfd/topology/nodes/1/gpu_id": "7", "kfd/kfd/topology/nodes/1/properties": "location_id -1",
            ],
            in: folder
        )
        #expect(await AMDReader(root: folder.path).devices().isEmpty)
        #expect(await AMDReader(root: folder.path).use().isEmpty)
    }
}
