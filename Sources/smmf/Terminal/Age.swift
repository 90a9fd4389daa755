// SPDX-License-Identifier: MIT

import SMMFCore

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// How long ago something was, in two digits or so.
enum Age {
    /// Whether a moment has passed.
    static func isPast(_ moment: Timestamp) -> Bool {
        moment.milliseconds <= Int64(Date().timeIntervalSince1970 * 1000)
    }

    static func text(since moment: Timestamp) -> String {
        let now = Int64(Date().timeIntervalSince1970 * 1000)
        let seconds = max(0, (now - moment.milliseconds) / 1000)
        return switch seconds {
        case ..<120: "\(seconds)s"
        case ..<7200: "\(seconds / 60)m"
        case ..<172_800: "\(seconds / 3600)h"
        default: "\(seconds / 86400)d"
        }
    }
}
