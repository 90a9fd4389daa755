// SPDX-License-Identifier: MIT

import SMMFRouting

/// For whom the relay asks itself.
struct InnerStanding {
    /// The key of the client's request, which has passed that key's limits already.
    let key: KeyEntry?
}
