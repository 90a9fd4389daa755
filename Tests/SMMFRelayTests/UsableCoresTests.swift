// SPDX-License-Identifier: MIT

import Testing

@testable import SMMFRelay

@Suite("Usable cores")
struct UsableCoresTests {
    @Test(
        "the mask's bits are the cores",
        arguments: [
            ("Name:\tsmmf\nCpus_allowed:\t1\nCpus_allowed_list:\t0\n", 1), ("Cpus_allowed:\tff,0000000f\n", 12),
            ("Cpus_allowed_list:\t0-3\n", 0), ("", 0),
        ]
    )
    func masks(status: String, cores: Int) {
        #expect(UsableCores.bound(inStatus: status) == cores)
    }

    @Test("this process may run somewhere")
    func here() { #expect(UsableCores.count >= 1) }
}
