/* Planned against actual in the large set-up: what its answer, the people behind it and findings share. */
#pragma once

#include "journey/adherence.h"
#include "journey/sql/visits.h"

/* Different persons by group: what each server counts as `people`, and what all of them come to. */
str sql_people(struct sql_asking *sql);
str sql_people_all(struct sql_asking *sql);

/* A part of a scan that counts what is read from ClickHouse: its memory is counted, and goes with the asking's context. */
struct part *sql_part(const struct asking *asking, const void *self, void *state);

/* What visits are judged by; `visits` has been begun. */
struct adherence *sql_adherence_rules(const struct sql_visits *visits);
