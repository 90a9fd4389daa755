// SPDX-License-Identifier: MIT

/// What `xllamacpp` 2026.10.11549 under our launcher printed, whole, in the cases that the names tell.
enum LlamaCppLogs {
    static let port = #"""
        0.00.000.317 I srv          init: initializing ...
        0.00.003.731 I srv          init: build_info: b0-unknown
        0.00.003.759 I cmn  common_param: common_params_print_info: verbosity = 3 (adjust with the `-lv N` CLI arg)
        0.00.004.503 W srv          init: security: no API key is set and CORS allows all origins (see \#
        https://github.com/ggml-org/llama.cpp/pull/25655)
        0.00.004.599 E srv         start: couldn't bind HTTP server socket, hostname: 127.0.0.1, port: 9701
        0.00.004.617 I srv    operator(): operator(): cleaning up before exit...
        0.00.004.680 E srv          init: exiting due to HTTP server error
        llamacpp_launcher: the server did not start: Failed to init server, please check the input params.
        """#

    static let missing = #"""
        0.00.000.330 I srv          init: initializing ...
        0.00.003.476 I srv          init: build_info: b0-unknown
        0.00.003.506 I cmn  common_param: common_params_print_info: verbosity = 3 (adjust with the `-lv N` CLI arg)
        0.00.004.577 W srv          init: security: no API key is set and CORS allows all origins (see \#
        https://github.com/ggml-org/llama.cpp/pull/25655)
        0.00.005.066 I srv          init: loading model
        0.00.005.137 I srv    load_model: loading model 'none.gguf'
        0.00.005.232 E gguf_init_from_file: failed to open GGUF file 'none.gguf' (No such file or directory)
        0.00.005.384 E llama_model_load: error loading model: llama_model_loader: failed to load model from none.gguf
        0.00.005.410 E llama_model_load_from_file_impl: failed to load model
        0.00.005.468 E common_fit_params: encountered an error while trying to fit params to free device \#
        memory: failed to load model
        0.00.005.498 E gguf_init_from_file: failed to open GGUF file 'none.gguf' (No such file or directory)
        0.00.005.527 E llama_model_load: error loading model: llama_model_loader: failed to load model from none.gguf
        0.00.005.550 E llama_model_load_from_file_impl: failed to load model
        0.00.005.570 E cmn  common_init_: failed to load model 'none.gguf'
        0.00.005.590 E srv    load_model: failed to load model, 'none.gguf'
        0.00.005.658 I srv    operator(): operator(): cleaning up before exit...
        0.00.006.028 E srv          init: exiting due to model loading error
        llamacpp_launcher: the server did not start: Failed to init server, please check the input params.
        """#

    static let cut = #"""
        0.00.000.424 I srv          init: initializing ...
        0.00.003.725 I srv          init: build_info: b0-unknown
        0.00.003.752 I cmn  common_param: common_params_print_info: verbosity = 3 (adjust with the `-lv N` CLI arg)
        0.00.004.809 W srv          init: security: no API key is set and CORS allows all origins (see \#
        https://github.com/ggml-org/llama.cpp/pull/25655)
        0.00.006.428 I srv          init: loading model
        0.00.006.533 I srv    load_model: loading model 'cut.gguf'
        0.00.007.216 E llama_model_load: error loading model: tensor 'blk.0.ffn_down.weight' data is not within \#
        the file bounds, model is corrupted or incomplete
        0.00.007.258 E llama_model_load_from_file_impl: failed to load model
        0.00.007.317 E common_fit_params: encountered an error while trying to fit params to free device \#
        memory: failed to load model
        0.00.007.573 E llama_model_load: error loading model: tensor 'blk.0.ffn_down.weight' data is not within \#
        the file bounds, model is corrupted or incomplete
        0.00.007.608 E llama_model_load_from_file_impl: failed to load model
        0.00.007.635 E cmn  common_init_: failed to load model 'cut.gguf'
        0.00.007.660 E srv    load_model: failed to load model, 'cut.gguf'
        0.00.007.680 I srv    operator(): operator(): cleaning up before exit...
        0.00.008.191 E srv          init: exiting due to model loading error
        llamacpp_launcher: the server did not start: Failed to init server, please check the input params.
        """#

    static let junk = #"""
        0.00.000.418 I srv          init: initializing ...
        0.00.003.050 I srv          init: build_info: b0-unknown
        0.00.003.079 I cmn  common_param: common_params_print_info: verbosity = 3 (adjust with the `-lv N` CLI arg)
        0.00.004.013 W srv          init: security: no API key is set and CORS allows all origins (see \#
        https://github.com/ggml-org/llama.cpp/pull/25655)
        0.00.005.486 I srv          init: loading model
        0.00.005.569 I srv    load_model: loading model 'junk.gguf'
        0.00.005.670 E gguf_init_from_reader: invalid magic characters: 'hell', expected 'GGUF'
        0.00.005.805 E llama_model_load: error loading model: llama_model_loader: failed to load model from junk.gguf
        0.00.005.832 E llama_model_load_from_file_impl: failed to load model
        0.00.005.889 E common_fit_params: encountered an error while trying to fit params to free device \#
        memory: failed to load model
        0.00.005.922 E gguf_init_from_reader: invalid magic characters: 'hell', expected 'GGUF'
        0.00.005.949 E llama_model_load: error loading model: llama_model_loader: failed to load model from junk.gguf
        0.00.005.965 E llama_model_load_from_file_impl: failed to load model
        0.00.005.980 E cmn  common_init_: failed to load model 'junk.gguf'
        0.00.005.982 E srv    load_model: failed to load model, 'junk.gguf'
        0.00.005.984 I srv    operator(): operator(): cleaning up before exit...
        0.00.006.355 E srv          init: exiting due to model loading error
        llamacpp_launcher: the server did not start: Failed to init server, please check the input params.
        """#

    static let architecture = #"""
        0.00.000.356 I srv          init: initializing ...
        0.00.002.563 I srv          init: build_info: b0-unknown
        0.00.002.565 I cmn  common_param: common_params_print_info: verbosity = 3 (adjust with the `-lv N` CLI arg)
        0.00.003.264 W srv          init: security: no API key is set and CORS allows all origins (see \#
        https://github.com/ggml-org/llama.cpp/pull/25655)
        0.00.008.079 I srv          init: loading model
        0.00.008.171 I srv    load_model: loading model 'arch.gguf'
        0.00.008.875 E llama_model_load: error loading model: unknown model architecture: 'noarch'
        0.00.008.905 E llama_model_load_from_file_impl: failed to load model
        0.00.008.971 E common_fit_params: encountered an error while trying to fit params to free device \#
        memory: failed to load model
        0.00.009.301 E llama_model_load: error loading model: unknown model architecture: 'noarch'
        0.00.009.333 E llama_model_load_from_file_impl: failed to load model
        0.00.009.350 E cmn  common_init_: failed to load model 'arch.gguf'
        0.00.009.366 E srv    load_model: failed to load model, 'arch.gguf'
        0.00.009.382 I srv    operator(): operator(): cleaning up before exit...
        0.00.009.814 E srv          init: exiting due to model loading error
        llamacpp_launcher: the server did not start: Failed to init server, please check the input params.
        """#

    static let flag = #"""
        usage: llamacpp_launcher [-h] -m MODEL [--host HOST] --port PORT [-a ALIAS]
                                 [-c CTX_SIZE] [-np PARALLEL] [-t THREADS]
                                 [-b BATCH_SIZE] [-ub UBATCH_SIZE] [-ngl N_GPU_LAYERS]
                                 [--pooling {none,mean,cls,last,rank}] [--embeddings]
                                 [--reranking] [--metrics] [--slots | --no-slots]
                                 [--warmup | --no-warmup] [--jinja | --no-jinja]
                                 [--chat-template CHAT_TEMPLATE] [--api-key API_KEY]
        llamacpp_launcher: error: unrecognized arguments: --nonsense 3
        """#

    static let value = #"""
        usage: llamacpp_launcher [-h] -m MODEL [--host HOST] --port PORT [-a ALIAS]
                                 [-c CTX_SIZE] [-np PARALLEL] [-t THREADS]
                                 [-b BATCH_SIZE] [-ub UBATCH_SIZE] [-ngl N_GPU_LAYERS]
                                 [--pooling {none,mean,cls,last,rank}] [--embeddings]
                                 [--reranking] [--metrics] [--slots | --no-slots]
                                 [--warmup | --no-warmup] [--jinja | --no-jinja]
                                 [--chat-template CHAT_TEMPLATE] [--api-key API_KEY]
        llamacpp_launcher: error: argument -c/--ctx-size: invalid int value: 'abc'
        """#

    static let folder = #"""
        0.00.000.496 I srv          init: initializing ...
        0.00.004.248 I srv          init: build_info: b0-unknown
        0.00.004.295 I cmn  common_param: common_params_print_info: verbosity = 3 (adjust with the `-lv N` CLI arg)
        0.00.005.549 W srv          init: security: no API key is set and CORS allows all origins (see \#
        https://github.com/ggml-org/llama.cpp/pull/25655)
        0.00.007.233 I srv          init: loading model
        0.00.007.324 I srv    load_model: loading model '/models'
        0.00.007.456 E gguf_init_from_reader: failed to read magic
        0.00.007.642 E llama_model_load: error loading model: llama_model_loader: failed to load model from /models
        0.00.007.678 E llama_model_load_from_file_impl: failed to load model
        0.00.007.834 E common_fit_params: encountered an error while trying to fit params to free device \#
        memory: failed to load model
        0.00.007.887 E gguf_init_from_reader: failed to read magic
        0.00.007.932 E llama_model_load: error loading model: llama_model_loader: failed to load model from /models
        0.00.007.960 E llama_model_load_from_file_impl: failed to load model
        0.00.007.984 E cmn  common_init_: failed to load model '/models'
        0.00.008.009 E srv    load_model: failed to load model, '/models'
        0.00.008.034 I srv    operator(): operator(): cleaning up before exit...
        0.00.008.508 E srv          init: exiting due to model loading error
        llamacpp_launcher: the server did not start: Failed to init server, please check the input params.
        """#

    static let memory = #"""
        0.00.000.417 I srv          init: initializing ...
        0.00.003.873 I srv          init: build_info: b0-unknown
        0.00.003.917 I cmn  common_param: common_params_print_info: verbosity = 3 (adjust with the `-lv N` CLI arg)
        0.00.005.113 W srv          init: security: no API key is set and CORS allows all origins (see \#
        https://github.com/ggml-org/llama.cpp/pull/25655)
        0.00.009.954 I srv          init: loading model
        0.00.010.086 I srv    load_model: loading model 'tiny.gguf'
        0.07.005.470 E llama_init_from_model: failed to initialize the context: std::bad_alloc
        0.07.005.642 E common_fit_params: encountered an error while trying to fit params to free device \#
        memory: failed to create llama_context from model
        0.07.007.788 W llama_context: n_ctx_seq (80000000) > n_ctx_train (512) -- possible training context overflow
        0.10.297.974 E llama_init_from_model: failed to initialize the context: std::bad_alloc
        0.10.298.034 E cmn  common_init_: failed to create context with model 'tiny.gguf'
        0.10.298.063 E cmn  common_init_: failed to create context with model 'tiny.gguf'
        0.10.298.087 E srv    load_model: failed to create_context with model 'tiny.gguf'
        0.10.298.115 I srv    operator(): operator(): cleaning up before exit...
        0.10.298.685 E srv          init: exiting due to model loading error
        llamacpp_launcher: the server did not start: Failed to init server, please check the input params.
        """#

    static let good = #"""
        0.00.000.417 I srv          init: initializing ...
        0.00.005.332 I srv          init: build_info: b0-unknown
        0.00.005.376 I cmn  common_param: common_params_print_info: verbosity = 3 (adjust with the `-lv N` CLI arg)
        0.00.006.547 W srv          init: security: no API key is set and CORS allows all origins (see \#
        https://github.com/ggml-org/llama.cpp/pull/25655)
        0.00.010.998 I srv          init: loading model
        0.00.011.117 I srv    load_model: loading model 'tiny.gguf'
        0.00.021.647 I cmn          init: llama threadpool init, n_threads = 2
        0.00.155.429 I srv    load_model: initializing, n_slots = 4, n_ctx_slot = 512, kv_unified = 'true'
        0.00.157.443 I srv          init: model loaded
        0.00.167.006 I srv          init: listening on http://127.0.0.1:9701
        llamacpp_launcher: serving on http://127.0.0.1:9701
        """#
}
