/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <unistd.h>

#include "quotes-commands.h"
#include "quotes-doctor.h"
#include "quotes-output.h"

/* In the order in which one thing rests on another. */
static void
examine (QuotesDoctorReport *report, QuotesClient *client)
{
  g_autoptr (QuotesClientStatus) status = NULL;

  quotes_doctor_check_bus (report);
  status = quotes_doctor_check_service (report, client);
  quotes_doctor_check_socket (report, status == NULL);
  if (status != NULL)
    quotes_doctor_check_http (report, status);
  quotes_doctor_check_schema (report);
  if (status != NULL)
    {
      quotes_doctor_report_add_providers (report, status, g_get_real_time ());
      quotes_doctor_report_add_pending (report, status);
      quotes_doctor_check_versions (report, status);
    }
  quotes_doctor_check_network (report);
}

int
quotes_command_doctor (QuotesInvocation *invocation,
                       const QuotesCommand *command,
                       int argc,
                       char **argv)
{
  g_autoptr (QuotesClient) client = NULL;
  g_autoptr (QuotesDoctorReport) report = quotes_doctor_report_new ();
  g_autoptr (GString) text = g_string_new (NULL);
  g_autoptr (GError) error = NULL;
  int code = QUOTES_EXIT_SUCCESS;

  if (!quotes_invocation_parse (invocation, command, NULL, argc, argv))
    return QUOTES_EXIT_USAGE;

  client = quotes_invocation_open (invocation, &error);
  if (client == NULL)
    return quotes_invocation_fail (error, NULL);
  examine (report, client);
  quotes_doctor_report_append (report, quotes_output_get_width (STDOUT_FILENO),
                               quotes_invocation_get_palette (invocation, FALSE), text);
  code = quotes_invocation_print (text->str);

  return code == QUOTES_EXIT_SUCCESS && quotes_doctor_report_has_failed (report)
           ? QUOTES_EXIT_FAILURE
           : code;
}
