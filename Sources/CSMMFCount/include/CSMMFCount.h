// SPDX-License-Identifier: MIT

#ifndef CSMMFCOUNT_H
#define CSMMFCOUNT_H

/// How often this process has asked for memory so far, or -1 where that cannot be counted.
long smmf_allocations(void);

#endif
