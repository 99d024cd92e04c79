/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "quotes-decimal.h"

#include <math.h>

static void
test_rounds_half_to_even_on_the_text (void)
{
  g_assert_cmpfloat (quotes_decimal_round (2.675, 2), ==, 2.68);
  g_assert_cmpfloat (quotes_decimal_round (2.665, 2), ==, 2.66);
  g_assert_cmpfloat (quotes_decimal_round (-2.675, 2), ==, -2.68);
  g_assert_cmpfloat (quotes_decimal_round (999.996, 2), ==, 1000);
  g_assert_cmpfloat (quotes_decimal_round (0.006, 2), ==, 0.01);
  g_assert_cmpfloat (quotes_decimal_round (0.005, 2), ==, 0);
  g_assert_cmpfloat (quotes_decimal_round (2899.30005, 2), ==, 2899.3);
  g_assert_cmpfloat (quotes_decimal_round (1e21, 2), ==, 1e21);
}

static void
test_never_gives_a_negative_zero (void)
{
  g_assert_false (signbit (quotes_decimal_round (-0.001, 2)));
  g_assert_false (signbit (quotes_decimal_round (-0.0, 2)));
  g_assert_false (signbit (quotes_decimal_subtract (-1.5, -1.5)));
}

static void
test_subtracts_what_people_read (void)
{
  g_assert_cmpfloat (quotes_decimal_subtract (64.1, 63.4), ==, 0.7);
  g_assert_cmpfloat (quotes_decimal_subtract (94.27, 93.029911), ==, 1.240089);
  g_assert_cmpfloat (quotes_decimal_scale (305.3, -2), ==, 3.053);
}

static void
test_formats_the_shortest_text (void)
{
  static const struct
  {
    double value;
    const char *text;
  } cases[] = {
    {0, "0"},
    {-0.0, "0"},
    {2899.3, "2899.3"},
    {1e20, "100000000000000000000"},
    {1e21, "1e21"},
    {1e-7, "1e-7"},
    {0.00001, "0.00001"},
    {-12.5, "-12.5"},
    {1.25e-9, "1.25e-9"},
    {97123, "97123"},
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      char buffer[QUOTES_DECIMAL_BUFFER_SIZE];

      g_assert_cmpstr (quotes_decimal_format (cases[i].value, buffer), ==, cases[i].text);
    }
}

static void
test_every_text_reads_back (void)
{
  for (guint i = 0; i < 20000; i++)
    {
      double value = ldexp (g_test_rand_double_range (-1, 1), g_test_rand_int_range (-60, 60));
      char buffer[QUOTES_DECIMAL_BUFFER_SIZE];

      g_assert_cmpfloat (g_ascii_strtod (quotes_decimal_format (value, buffer), NULL), ==, value);
    }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/decimal/rounds-half-to-even-on-the-text",
                   test_rounds_half_to_even_on_the_text);
  g_test_add_func ("/decimal/never-gives-a-negative-zero", test_never_gives_a_negative_zero);
  g_test_add_func ("/decimal/subtracts-what-people-read", test_subtracts_what_people_read);
  g_test_add_func ("/decimal/formats-the-shortest-text", test_formats_the_shortest_text);
  g_test_add_func ("/decimal/every-text-reads-back", test_every_text_reads_back);

  return g_test_run ();
}
