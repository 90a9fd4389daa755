// SPDX-License-Identifier: MIT

/// The version of this build.
public enum SMMFVersion {
    public static let text = "0.1.0"
}
