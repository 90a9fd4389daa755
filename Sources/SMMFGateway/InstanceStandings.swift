// SPDX-License-Identifier: MIT

import SMMFCore
import SMMFProviders
import SMMFRelay
import SMMFRouting
import SMMFWire

/// The page of this API server's instances: who rests, since when somebody was refused, what runs where. No key stands
/// on it, as who may ask models need not know those.
enum InstanceStandings {
    /// The instances of the models in `scope`, each once; `now` is in monotonic nanoseconds.
    static func all(
        _ table: RoutingTable,
        _ metrics: RelayMetrics,
        _ prices: PriceTable,
        scope: ModelScope?,
        at now: UInt64
    ) -> [InstanceStanding] {
        var seen: Set<InstanceID> = []
        var found: [InstanceStanding] = []
        for group in table.sorted.lazy.flatMap(\.groups) where scope?.allows(group.model.text) ?? true {
            for instance in group.instances where seen.insert(instance.id).inserted {
                found.append(standing(instance, of: group.model, metrics, prices, at: now))
            }
        }
        return found
    }

    private static func standing(
        _ instance: RouteInstance,
        of model: ModelName,
        _ metrics: RelayMetrics,
        _ prices: PriceTable,
        at now: UInt64
    ) -> InstanceStanding {
        var standing = InstanceStanding(
            id: instance.id,
            model: model,
            inFlight: instance.load.inFlight,
            openBreakers: metrics.instances[instance.id]?.openBreakers ?? 0
        )
        standing.provider = instance.access?.provider
        if let access = instance.access,
            let price = prices.price(of: instance.servedName ?? model.text, at: access.provider)
        {
            standing.inputPrice = price.input
            standing.outputPrice = price.output
            standing.priceAsOf = price.asOf
        }
        guard let rest = instance.rest else { return standing }
        standing.rests = rest.count
        let left = rest.left(at: now)
        if left > 0 {
            standing.secondsLeft = Int(clamping: left / 1_000_000_000 + 1)
            standing.state =
                switch rest.reason {
                case .none, .limited: .limited
                case .exhausted: .exhausted
                case .refused: .refused
                }
        }
        return standing
    }

    /// `GET /smmf/instances`, for those who may see the metrics as well.
    static func route(_ state: GatewayState) -> LocalRoute {
        LocalRoute(.get, "/smmf/instances", access: .local) { request in
            LocalResponse(body: page(await state.standings(request.key?.models)))
        }
    }

    /// The page as JSON.
    private static func page(_ standings: [InstanceStanding]) -> [UInt8] {
        let rows = standings.map { standing -> JSONTree in
            var row: JSONObject = [
                "id": .string(standing.id.text), "model": .string(standing.model.text),
                "state": .string(standing.state.rawValue), "in_flight": .number(standing.inFlight),
                "open_breakers": .number(standing.openBreakers),
            ]
            row["provider"] = standing.provider.map { .string($0) }
            row["seconds_left"] = standing.secondsLeft.map { .number($0) }
            row["rests"] = standing.rests.map { .number($0) }
            row["input_price"] = standing.inputPrice.map { .number($0) }
            row["price_as_of"] = standing.priceAsOf.map { .string($0) }
            row["output_price"] = standing.outputPrice.map { .number($0) }
            return .object(row)
        }
        return JSONTree.object(["instances": .array(rows)]).bytes
    }
}
