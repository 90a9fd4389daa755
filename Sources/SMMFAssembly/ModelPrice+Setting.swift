// SPDX-License-Identifier: MIT

import SMMFConfiguration
import SMMFProviders

extension ModelPrice {
    /// The price that a configuration says.
    init(_ setting: PriceSetting) {
        self.init(
            provider: setting.provider,
            model: setting.model,
            input: setting.input,
            output: setting.output,
            cached: setting.cached,
            cacheWritten: setting.cacheWritten,
            asOf: "own"
        )
    }
}
