// SPDX-License-Identifier: MIT

extension LlamaCppEngine {
    /// The program in Python that `smmf engine install` writes beside the wheel, which has none of its own.
    static let launcher = #"""
        # SPDX-License-Identifier: MIT
        """Serves one GGUF model with the xllamacpp wheel, taking the flags of llama-server that SMMF uses.

        The server's own log goes to standard error, as it does with llama-server. Ends with code 1 when the model cannot be
        served, with code 2 for a bad argument, and by SIGTERM when asked to.
        """
        import argparse
        import os
        import signal
        import sys


        def parse(arguments):
            """Reads llama-server's flags; each keeps its meaning and its default."""
            parser = argparse.ArgumentParser(prog="llamacpp_launcher", allow_abbrev=False)
            parser.add_argument("-m", "--model", required=True)
            parser.add_argument("--host", default="127.0.0.1")
            parser.add_argument("--port", type=int, required=True)
            parser.add_argument("-a", "--alias", default="")
            parser.add_argument("-c", "--ctx-size", type=int, default=0)
            parser.add_argument("-np", "--parallel", type=int)
            parser.add_argument("-t", "--threads", type=int)
            parser.add_argument("-b", "--batch-size", type=int)
            parser.add_argument("-ub", "--ubatch-size", type=int)
            parser.add_argument("-ngl", "--n-gpu-layers", type=int)
            parser.add_argument("--pooling", choices=["none", "mean", "cls", "last", "rank"])
            parser.add_argument("--embeddings", "--embedding", action="store_true")
            parser.add_argument("--reranking", "--rerank", action="store_true")
            parser.add_argument("--metrics", action="store_true")
            parser.add_argument("--slots", action=argparse.BooleanOptionalAction, default=True)
            parser.add_argument("--warmup", action=argparse.BooleanOptionalAction, default=True)
            parser.add_argument("--jinja", action=argparse.BooleanOptionalAction, default=True)
            parser.add_argument("--chat-template")
            parser.add_argument("--api-key", default=os.environ.get("LLAMA_API_KEY", ""))
            return parser.parse_args(arguments)


        def parameters(options, library):
            """Puts the flags where the wheel wants them."""
            result = library.CommonParams()
            result.model.path = options.model
            result.hostnames = [options.host]
            result.port = options.port
            result.model_alias = [name for name in options.alias.split(",") if name]
            result.api_keys = [key for key in options.api_key.split(",") if key]
            result.n_ctx = options.ctx_size
            # Without a number llama-server opens four places that share the whole context.
            result.n_parallel = options.parallel or 4
            result.kv_unified = options.parallel is None
            result.endpoint_metrics = options.metrics
            result.endpoint_slots = options.slots
            result.warmup = options.warmup
            result.use_jinja = options.jinja
            result.embedding = options.embeddings or options.reranking
            pooling = "rank" if options.reranking else options.pooling
            if pooling:
                result.pooling_type = library.llama_pooling_type["LLAMA_POOLING_TYPE_" + pooling.upper()]
            optional = {"n_batch": options.batch_size, "n_ubatch": options.ubatch_size, "n_gpu_layers": options.n_gpu_layers,
                        "chat_template": options.chat_template}
            for name, value in optional.items():
                if value is not None:
                    setattr(result, name, value)
            if options.threads is not None:
                result.cpuparams.n_threads = options.threads
                result.cpuparams_batch.n_threads = options.threads
            return result


        def main():
            """Serves until a signal comes."""
            signal.signal(signal.SIGINT, signal.SIG_DFL)
            options = parse(sys.argv[1:])
            import xllamacpp
            try:
                server = xllamacpp.Server(parameters(options, xllamacpp))
            except Exception as error:  # The wheel throws several kinds; its log has told the cause already.
                print(f"llamacpp_launcher: the server did not start: {error}", file=sys.stderr, flush=True)
                return 1
            print(f"llamacpp_launcher: serving on {server.listening_address}", file=sys.stderr, flush=True)
            while True:
                signal.pause()


        if __name__ == "__main__":
            sys.exit(main())
        """# + "\n"
}
