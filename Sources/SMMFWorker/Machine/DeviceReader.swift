// SPDX-License-Identifier: MIT

public import SMMFCore

/// Looks at a machine's graphics cards. A machine without any is as good as another: it has an empty list.
public protocol DeviceReader: Sendable {
    /// The cards that there are now, in the order of their numbers.
    func devices() async -> [Device]
    /// The memory that processes hold on them.
    func use() async -> [DeviceUse]
    /// The variable by which processes are told which cards they see.
    var visibility: String { get }
}
