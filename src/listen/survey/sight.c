#include "listen/survey/sight.h"

static bool among(const struct str_list *list, str text)
{
    for (i64 i = 0; i < list->count; i++) {
        if (str_eq(list->items[i], text)) {
            return true;
        }
    }
    return false;
}

static str first_of(str a, str b)
{
    return str_is(a) && a.len > 0 ? a : str_is(b) ? b : STR("");
}

bool survey_sees(const struct survey_sight *sight, const struct survey_document *document, str place, str touchpoint)
{
    if (sight->places.count > 0 && !among(&sight->places, first_of(place, document->place))) {
        return false;
    }
    if (!sight->some_touchpoints || (str_is(touchpoint) && touchpoint.len > 0)) {
        return !sight->some_touchpoints || among(&sight->touchpoints, touchpoint);
    }
    bool all = document->questions.count > 0;
    for (i64 i = 0; i < document->questions.count; i++) {
        const struct survey_question *question = survey_question_at(document, i);
        all = all && (question->type == SURVEY_NOTE ||
                      among(&sight->touchpoints, first_of(question->touchpoint, document->touchpoint)));
    }
    return all;
}
