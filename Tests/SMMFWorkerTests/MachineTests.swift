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

@Suite("What a machine has", .timeLimit(.minutes(1)))
struct MachineTests {
    @Test(
        "the rows of nvidia-smi are read, whatever a card does not tell",
        arguments: [
            ("", []),
            ("NVIDIA-SMI has failed because it couldn't communicate with the NVIDIA driver.\n", []),
            ("No devices were found\n", []),
            (
                "0, GPU-5f1c, NVIDIA L4, 23034 MiB, 512 MiB\n",
                [Device(index: 0, uuid: "GPU-5f1c", name: "NVIDIA L4", memory: 23034 << 20, used: 512 << 20)]
            ),
            (
                "1, GPU-b, NVIDIA A100-SXM4-80GB, 81920 MiB, 0 MiB\n0, GPU-a, NVIDIA A100-SXM4-80GB, 81920 MiB, 3 MiB\n",
                [
                    Device(index: 0, uuid: "GPU-a", name: "NVIDIA A100-SXM4-80GB", memory: 81920 << 20, used: 3 << 20),
                    Device(index: 1, uuid: "GPU-b", name: "NVIDIA A100-SXM4-80GB", memory: 81920 << 20, used: 0),
                ]
            ),
            // A card that shares the machine's memory.
            (
                "0, GPU-c, NVIDIA GB10, [N/A], [N/A]\n",
                [Device(index: 0, uuid: "GPU-c", name: "NVIDIA GB10")]
            ),
            (
                "0, [N/A], Odd, Card, 100 MiB, [Not Supported]\r\nx, y\n",
                [Device(index: 0, name: "Odd, Card", memory: 100 << 20)]
            ),
        ] as [(String, [Device])]
    )
    func cards(text: String, expected: [Device]) {
        #expect(NvidiaText.devices(text) == expected)
    }

    @Test("the processes on cards are read")
    func use() {
        let text = "GPU-a, 4711, 1024 MiB\nGPU-b, 12, [N/A]\nGPU-b, none, 1 MiB\n\n"
        #expect(
            NvidiaText.use(text) == [
                DeviceUse(processID: 4711, device: "GPU-a", bytes: 1 << 30),
                DeviceUse(processID: 12, device: "GPU-b", bytes: nil),
            ]
        )
    }

    @Test("any text at all is read without harm")
    func noise() {
        let alphabet = Array("0123456789,,,,  \n\n[]MiBGPU-NA.é")
        for seed in 0..<500 as Range<UInt64> {
            var generator = SeededGenerator(seed: seed)
            let text = String((0..<200).map { _ in alphabet[Int.random(in: 0..<alphabet.count, using: &generator)] })
            for device in NvidiaText.devices(text) { #expect((device.memory ?? 0) >= 0) }
            _ = NvidiaText.use(text)
        }
    }

    private func tool(_ script: String, in folder: TemporaryFolder) throws -> String {
        let path = "\(folder.path)/nvidia-smi"
        try ("#!/bin/sh\n" + script).write(toFile: path, atomically: true, encoding: .utf8)
        makeExecutable(path)
        return path
    }

    @Test("the tool is asked, and one that is not there, fails or hangs is a machine without cards")
    func reader() async throws {
        let folder = try TemporaryFolder()
        let script = "case $1 in --query-gpu=*) echo '0, GPU-a, L4, 10 MiB, 1 MiB';; *) echo 'GPU-a, 7, 1 MiB';; esac"
        let good = NvidiaReader(program: try tool(script, in: folder), patience: .seconds(120))
        #expect(await good.devices() == [Device(index: 0, uuid: "GPU-a", name: "L4", memory: 10 << 20, used: 1 << 20)])
        #expect(await good.use() == [DeviceUse(processID: 7, device: "GPU-a", bytes: 1 << 20)])
        #expect(await NvidiaReader(program: nil).devices() == [])
        #expect(await NvidiaReader(program: "/no/such/tool").devices() == [])
        #expect(
            await NvidiaReader(program: try tool("echo '0, a, b, 1 MiB, 1 MiB'; exit 9", in: folder)).devices() == []
        )
        let hanging = NvidiaReader(program: try tool("exec sleep 1000", in: folder), patience: .milliseconds(100))
        #expect(await hanging.devices() == [])
    }

    @Test("the cores that a process may use are read from its status")
    func allowedCores() {
        #expect(MachineFacts.allowedCores("Name:\tx\nCpus_allowed:\t3\nCpus_allowed_list:\t0-1,5\n") == [0, 1, 5])
        #expect(MachineFacts.allowedCores("Name:\tx\n") == nil)
        #expect(!MachineFacts.here().cores.isEmpty)
    }

    @Test(
        "the places for control groups follow from the mounts and the process's own group",
        arguments: [
            (
                "35 31 0:32 / /sys/fs/cgroup/memory rw,relatime - cgroup cgroup rw,memory\n",
                "5:memory:/user/me\n0::/\n", [MemoryGroups(parent: "/sys/fs/cgroup/memory/user/me", generation: .first)]
            ),
            (
                "36 31 0:33 / /sys/fs/cgroup/memory rw shared:9 - cgroup cgroup rw,memory\n", "5:memory:/\n",
                [MemoryGroups(parent: "/sys/fs/cgroup/memory", generation: .first)]
            ),
            (
                "30 23 0:26 / /sys/fs/cgroup rw shared:4 - cgroup2 cgroup2 rw\n",
                "0::/system.slice/smmf.service/main\n",
                [
                    MemoryGroups(parent: "/sys/fs/cgroup/system.slice/smmf.service/main", generation: .second),
                    MemoryGroups(parent: "/sys/fs/cgroup/system.slice/smmf.service", generation: .second),
                ]
            ),
            // In a container the mount's root is the container's group.
            (
                "30 23 0:26 /docker/abc /sys/fs/cgroup ro - cgroup cgroup rw,memory\n", "9:memory:/docker/abc\n",
                [MemoryGroups(parent: "/sys/fs/cgroup", generation: .first)]
            ),
            ("30 23 0:26 /docker/abc /sys/fs/cgroup ro - cgroup cgroup rw,memory\n", "9:memory:/other\n", []),
            ("30 23 0:26 / /sys/fs/cgroup/cpu rw - cgroup cgroup rw,cpu\n", "9:memory:/other\n", []),
            ("nonsense\n- - -\n", "nonsense\n:::\n", []),
        ] as [(String, String, [MemoryGroups])]
    )
    func places(mounts: String, own: String, expected: [MemoryGroups]) {
        #expect(MemoryGroups.places(mounts: mounts, own: own) == expected)
    }
}
