// SPDX-License-Identifier: MIT
// Pinned sets of engines' packages: text that is part of the program, so that it needs no file beside it.
#ifndef CSMMFPINS_H
#define CSMMFPINS_H

/// The set of an engine, in the words of pip's requirements files; NULL where it has none.
const char *smmf_pins(const char *engine);

#endif
