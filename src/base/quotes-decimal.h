/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Long enough for any double that we write, and its NUL. */
#define QUOTES_DECIMAL_BUFFER_SIZE 64

double quotes_decimal_round (double value, int decimals);
double quotes_decimal_subtract (double a, double b);
double quotes_decimal_scale (double value, int power_of_ten);
char *quotes_decimal_format (double value, char buffer[QUOTES_DECIMAL_BUFFER_SIZE]);

G_END_DECLS
