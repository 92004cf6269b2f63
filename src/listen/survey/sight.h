/* Whose answers and links of a survey somebody sees: those of their places and of their departments' touchpoints (design 11.15).
 *
 * As in events, the place is the link's, else the survey's; the touchpoint the link's, else the question's, else the survey's. What
 * has none is seen by who sees everything.
 */
#pragma once

#include "listen/survey/document.h"

struct survey_sight {
    struct str_list places;      /* empty: all */
    struct str_list touchpoints; /* where some_touchpoints: only those, also when there are none */
    bool some_touchpoints;
};

static inline bool survey_sees_all(const struct survey_sight *sight)
{
    return sight->places.count == 0 && !sight->some_touchpoints;
}

/* Is a way with this place and touchpoint (either may be empty) into this document in sight, with all that it asks? */
bool survey_sees(const struct survey_sight *sight, const struct survey_document *document, str place, str touchpoint);

/* Is what the document says for itself in sight? It decides about links that have no touchpoint of their own. */
static inline bool survey_sees_document(const struct survey_sight *sight, const struct survey_document *document)
{
    struct survey_sight departments = {.touchpoints = sight->touchpoints, .some_touchpoints = sight->some_touchpoints};
    return survey_sees(&departments, document, STR(""), STR(""));
}
