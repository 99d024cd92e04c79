/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "quotes-client.h"
#include "quotes-doctor-report.h"

G_BEGIN_DECLS

/* The checks that look at this computer. Each adds one line. */
void quotes_doctor_check_bus (QuotesDoctorReport *report);
QuotesClientStatus *quotes_doctor_check_service (QuotesDoctorReport *report, QuotesClient *client);
void quotes_doctor_check_socket (QuotesDoctorReport *report, gboolean is_needed);
void quotes_doctor_check_http (QuotesDoctorReport *report, const QuotesClientStatus *status);
void quotes_doctor_check_schema (QuotesDoctorReport *report);
void quotes_doctor_check_versions (QuotesDoctorReport *report, const QuotesClientStatus *status);
void quotes_doctor_check_network (QuotesDoctorReport *report);

G_END_DECLS
