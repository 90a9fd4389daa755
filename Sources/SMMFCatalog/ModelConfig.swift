// SPDX-License-Identifier: MIT

public import SMMFCore

/// The shape of a model, from the `config.json` that repositories on Hugging Face have beside the weights.
public struct ModelConfig: Sendable, Hashable {
    /// Nil where the file does not tell.
    public private(set) var shape: CatalogModel.Shape?
    /// Tokens in one request at the most; nil where the file does not tell.
    public private(set) var context: Int?

    /// Reads the document. Models of several kinds of input have that of the language model within it.
    public init(_ document: JSONValue) {
        let inner = document["text_config"] ?? document
        func number(_ names: String...) -> Int? {
            for name in names {
                if case .integer(let number)? = inner[name], (1...1 << 24).contains(number) { return Int(number) }
            }
            return nil
        }
        context = number("max_position_embeddings", "n_positions", "seq_length")
        guard let layers = number("num_hidden_layers", "n_layer", "num_layers"),
            let heads = number("num_attention_heads", "n_head"),
            let headSize = number("head_dim") ?? number("hidden_size", "n_embd").map({ $0 / heads })
        else { return }
        let own = number("num_key_value_heads", "multi_query_group_num", "num_kv_heads") ?? heads
        shape = CatalogModel.Shape(layers: layers, heads: own, headSize: headSize)
    }
}
