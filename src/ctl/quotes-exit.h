/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

/* How the command ends (contract 7); 69 is EX_UNAVAILABLE of sysexits.h. */
#define QUOTES_EXIT_SUCCESS 0
#define QUOTES_EXIT_FAILURE 1
#define QUOTES_EXIT_USAGE 2
#define QUOTES_EXIT_UNAVAILABLE 69
