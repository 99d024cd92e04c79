/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <stddef.h>
#include <stdint.h>

/* What each fuzz-NAME.c defines: the one function that libFuzzer and replay.c call. Returns 0;
 * finds a fault by crashing. */
int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);
