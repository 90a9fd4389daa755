// SPDX-License-Identifier: MIT

public import SMMFCore

/// The variables by which a worker knows its own processes again, even after it was killed.
public enum ProcessMarker {
    /// Names the worker.
    public static let worker = "SMMF_WORKER"
    /// Names the instance.
    public static let instance = "SMMF_INSTANCE"

    /// What every process of an instance carries in its environment.
    public static func environment(worker id: WorkerID, instance: InstanceID) -> [String: String] {
        [Self.worker: id.text, Self.instance: instance.text]
    }
}
