/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "quotes-client-status.h"
#include "quotes-style.h"

G_BEGIN_DECLS

/**
 * QuotesVerdict:
 * @QUOTES_VERDICT_OK: as it should be
 * @QUOTES_VERDICT_WARN: the user misses something
 * @QUOTES_VERDICT_FAIL: something that is needed does not work
 */
typedef enum
{
  QUOTES_VERDICT_OK,
  QUOTES_VERDICT_WARN,
  QUOTES_VERDICT_FAIL,
} QuotesVerdict;

/**
 * QuotesDoctorReport:
 *
 * What was looked at, what was found, and what to do about it.
 */
typedef struct _QuotesDoctorReport QuotesDoctorReport;

QuotesDoctorReport *quotes_doctor_report_new (void);
void quotes_doctor_report_free (QuotesDoctorReport *self);
void quotes_doctor_report_add (QuotesDoctorReport *self,
                               QuotesVerdict verdict,
                               const char *subject,
                               const char *finding,
                               const char *advice);
void quotes_doctor_report_add_providers (QuotesDoctorReport *self,
                                         const QuotesClientStatus *status,
                                         gint64 now_us);
void quotes_doctor_report_add_pending (QuotesDoctorReport *self, const QuotesClientStatus *status);
gboolean quotes_doctor_report_has_failed (QuotesDoctorReport *self);
void quotes_doctor_report_append (QuotesDoctorReport *self,
                                  guint width,
                                  QuotesPalette palette,
                                  GString *out);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (QuotesDoctorReport, quotes_doctor_report_free)

G_END_DECLS
