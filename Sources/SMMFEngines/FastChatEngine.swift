// SPDX-License-Identifier: MIT

public import SMMFCore

/// FastChat: its controller, its model worker and its OpenAI server, started together by a launcher of ours.
public struct FastChatEngine: Engine {
    private let accelerator: Accelerator

    /// Creates the engine for what a machine computes with.
    public init(accelerator: Accelerator = .here) { self.accelerator = accelerator }

    public let name = "fastchat"

    public var distribution: EngineDistribution {
        EngineDistribution(
            pythonPackages: [
                "fschat==0.2.36", "pydantic==1.10.24", "fastapi==0.115.12", "transformers==4.57.6", "torch==2.13.0",
                "accelerate==1.13.0", "sentencepiece==0.2.1", "protobuf==6.33.1",
            ],
            // These two libraries of PyTorch's card build are not loaded on a processor.
            overrides: accelerator == .none
                ? ["triton", "nvidia-cusolver"].map { "\($0) ; python_version < \"3\"" } : [],
            files: [Self.launcherFile: Self.launcher],
            version: "0.2.36"
        )
    }

    private static let flags = NeutralFlags(
        parallel: .flag("--limit-worker-concurrency"),
        threads: .variable("OMP_NUM_THREADS"),
        tensorParallel: .flag("--num-gpus")
    )

    public func plan(_ launch: EngineLaunch) throws(InstanceFailure) -> LaunchPlan {
        let assignment = launch.assignment
        try requireKind([.language, .embedding], assignment)
        guard !assignment.model.text.contains(",") else {
            throw InstanceFailure(
                .badArgument,
                "FastChat takes a comma in a model's name for a list of names: \(assignment.model).",
                nextStep: "Deploy the model under a name without a comma."
            )
        }
        var plan = LaunchPlan(
            arguments: try command(launch.program) { ["\($0)/bin/python", "-u", "\($0)/\(Self.launcherFile)"] } + [
                "--host", "127.0.0.1", "--port", String(launch.port), "--model-path", assignment.spec.source,
                "--model-names", assignment.model.text,
            ],
            // Each of its parts would also log into a file in whatever folder SMMF runs in.
            environment: ["LOGDIR": ""],
            // Asking for its list looks after its workers too, so it is no mere look.
            readyPath: "/v1/models",
            servedName: assignment.model.text
        )
        if accelerator == .none { plan.arguments += ["--device", "cpu"] }
        try Self.flags.apply(assignment.spec, of: name, to: &plan)
        return plan
    }

    public func progress(in line: String) -> LoadingProgress? {
        if line.contains("Loading checkpoint shards:") {
            return LoadingProgress(fraction: line.percentage, text: "reading the weights")
        }
        if line.contains("Loading the model") { return LoadingProgress(text: "reading the weights") }
        if line.contains("Register to controller") { return LoadingProgress(text: "starting the API server") }
        return nil
    }

    public func failure(in lines: [String], exit: ProcessExit) -> InstanceFailure? {
        guard exit != .code(0) else { return nil }
        return (FailureRule.python + FailureRule.system).read(lines)
    }

    /// Its worker counts its queue only; our own counts of its requests stand in.
    public func load(from text: String) -> LoadRecord? { nil }

    static let launcherFile = "fastchat_launcher.py"

    /// The program that `smmf engine install` writes beside the packages.
    static let launcher = #"""
        # SPDX-License-Identifier: MIT
        """Starts FastChat's controller, one model worker and its OpenAI server, and ends all of them when one ends.

        The API server starts when the worker answers and the controller lists it: its port opens when it can serve.
        What this program does not know goes to the worker.
        """
        import argparse
        import json
        import signal
        import socket
        import subprocess
        import sys
        import time
        import urllib.request


        def free_port():
            """A port that nobody listens on."""
            with socket.socket() as listener:
                listener.bind(("127.0.0.1", 0))
                return listener.getsockname()[1]


        def post(url):
            """The answer to an empty POST, or None."""
            try:
                request = urllib.request.Request(url, data=b"{}", headers={"content-type": "application/json"})
                return json.load(urllib.request.urlopen(request, timeout=5))
            except (OSError, ValueError):
                return None


        def main():
            """Runs the three until one of them ends."""
            parser = argparse.ArgumentParser(prog="fastchat_launcher", allow_abbrev=False)
            parser.add_argument("--host", default="127.0.0.1")
            parser.add_argument("--port", type=int, required=True)
            parser.add_argument("--model-names", required=True)
            options, worker_arguments = parser.parse_known_args()
            processes = []

            def start(module, *arguments):
                processes.append(subprocess.Popen([sys.executable, "-u", "-m", f"fastchat.serve.{module}", *arguments]))

            def stop(code):
                for process in processes:
                    process.terminate()
                sys.exit(code)

            signal.signal(signal.SIGTERM, lambda *_: stop(0))
            controller, worker = (f"http://127.0.0.1:{free_port()}" for _ in range(2))
            start("controller", "--host", "127.0.0.1", "--port", controller.rsplit(":", 1)[1])
            while post(f"{controller}/list_models") is None:
                if processes[0].poll() is not None:
                    stop(1)
                time.sleep(0.2)
            names = options.model_names.split(",")
            start("model_worker", "--model-names", options.model_names, "--host", "127.0.0.1",
                  "--port", worker.rsplit(":", 1)[1], "--worker-address", worker, "--controller-address", controller,
                  "--conv-template", "raw", *worker_arguments)
            while True:
                listed = (post(f"{controller}/list_models") or {}).get("models", [])
                if names[0] in listed and post(f"{worker}/worker_get_status") is not None:
                    break
                if any(process.poll() is not None for process in processes):
                    stop(1)
                time.sleep(0.2)
            start("openai_api_server", "--host", options.host, "--port", str(options.port),
                  "--controller-address", controller)
            while all(process.poll() is None for process in processes):
                time.sleep(0.5)
            stop(1)


        if __name__ == "__main__":
            main()
        """# + "\n"
}
