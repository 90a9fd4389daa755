// SPDX-License-Identifier: MIT
#include "CSMMFPins.h"

#include <stddef.h>
#include <string.h>

// `#embed` is C23's, and the compiler's in every C.
#pragma clang diagnostic ignored "-Wc23-extensions"

static const char infinity[] = {
#embed "sets/infinity.txt"
    , 0};
static const char llama_cpp[] = {
#embed "sets/llama.cpp.txt"
    , 0};
static const char mlx[] = {
#embed "sets/mlx.txt"
    , 0};
static const char transformers[] = {
#embed "sets/transformers.txt"
    , 0};

static const struct {
    const char *engine;
    const char *text;
} sets[] = {
    {"infinity", infinity},
    {"llama.cpp", llama_cpp},
    {"mlx", mlx},
    {"transformers", transformers},
};

const char *smmf_pins(const char *engine) {
    for (size_t index = 0; index < sizeof sets / sizeof sets[0]; index++) {
        if (strcmp(sets[index].engine, engine) == 0) return sets[index].text;
    }
    return NULL;
}
