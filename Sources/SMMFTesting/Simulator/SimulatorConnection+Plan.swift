// SPDX-License-Identifier: MIT

import NIOCore

extension SimulatorConnection {
    /// Takes a plan on: at once, or when a slot is free.
    func begin(_ plan: SimulatorPlan) {
        exchange = SimulatorExchange(plan: plan)
        switch plan.cost {
        case .free: break
        case .refusal: core.refuse()
        case .generation(let promptTokens):
            switch core.arrive(promptTokens: promptTokens, whenAdmitted: resumeFromAnywhere) {
            case .admitted(let ticket): exchange?.ticket = ticket
            case .waits(let ticket):
                exchange?.ticket = ticket
                exchange?.waitsFor = .slot
                return
            case .full:
                exchange = SimulatorExchange(plan: SimulatorPlan(steps: plan.stepsWhenFull, cost: .free))
            }
        }
        resume()
    }

    /// Takes steps until one of them waits.
    func resume() {
        exchange?.waitsFor = .nothing
        while let step = nextStep() {
            switch step {
            case .write(let bytes, let tokens):
                exchange?.uncounted += tokens
                context?.write(wrapOutboundOut(bytes), promise: nil)
                if context?.channel.isWritable == false {
                    waitOn(.writability)
                    // The flush inside may have made it writable already, before anything waited for that.
                    guard context?.channel.isWritable == true else { return }
                    exchange?.waitsFor = .nothing
                }
            case .pause(let duration): return pause(duration)
            case .hold:
                guard let ticket = exchange?.ticket else { continue }
                waitOn(.release)
                return core.hold(ticket, whenReleased: resumeFromAnywhere)
            case .hang:
                waitOn(.client)
                if let ticket = exchange?.ticket { core.hang(ticket) }
                return
            case .complete(let closes): return complete(closes: closes)
            case .drop(let drop): return end(drop)
            }
        }
    }

    /// Gives up what the client no longer waits for.
    func abandon() {
        guard let exchange else { return }
        self.exchange = nil
        exchange.timer?.cancel()
        if let ticket = exchange.ticket { core.leave(ticket, .cancelled, tokens: exchange.uncounted) }
    }

    private func nextStep() -> SimulatorPlan.Step? {
        guard let exchange, exchange.index < exchange.plan.steps.count else { return nil }
        self.exchange?.index += 1
        return exchange.plan.steps[exchange.index]
    }

    /// Sends what is written, counts it, and notes what the exchange waits for.
    private func waitOn(_ awaited: SimulatorExchange.Awaited) {
        exchange?.waitsFor = awaited
        if let tokens = exchange?.uncounted, tokens > 0 {
            exchange?.uncounted = 0
            core.send(tokens: tokens)
        }
        context?.flush()
    }

    private func pause(_ duration: Duration) {
        waitOn(.time)
        // The flush may have found the connection dead.
        guard exchange != nil, let context else { return }
        let now = NIODeadline.now()
        guard duration > .zero else { return context.eventLoop.execute(resumeFromAnywhere) }
        let deadline = max(now, (exchange?.pausedUntil ?? now) + TimeAmount(duration))
        exchange?.pausedUntil = deadline
        do {
            exchange?.timer = try context.eventLoop.assumeIsolated().scheduleCallback(at: deadline, handler: self)
        } catch {
            context.close(promise: nil)
        }
    }

    private func leave(_ outcome: SimulatorLedger.Outcome) {
        guard let exchange else { return }
        self.exchange = nil
        if let ticket = exchange.ticket { core.leave(ticket, outcome, tokens: exchange.uncounted) }
    }

    private func complete(closes: Bool) {
        leave(.finished)
        guard let context else { return }
        guard closes else {
            context.flush()
            return startNext()
        }
        closeAfterFlush(context)
    }

    private func end(_ drop: SimulatorPlan.Drop) {
        leave(.faulted)
        guard let context else { return }
        switch drop {
        case .fin: closeAfterFlush(context)
        case .reset:
            context.flush()
            context.channel.reset()
        case .exit:
            context.flush()
            listener.exit()
        }
    }

    /// Closes when the last byte has left.
    private func closeAfterFlush(_ context: ChannelHandlerContext) {
        let channel = context.channel
        let isSent = context.eventLoop.makePromise(of: Void.self)
        context.writeAndFlush(wrapOutboundOut(ByteBuffer()), promise: isSent)
        isSent.futureResult.whenComplete { _ in channel.close(promise: nil) }
    }
}
