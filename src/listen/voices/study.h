/* Interview studies: what is to be found out, with whom, what they said, and what came of it.
 *
 *     study ─► people who take part ─► notes (feedback of source "interview") ─► passages, coded ─► findings
 *
 * A note is written down only for somebody whose newest word about the purpose `research` (people/consent.h) is yes. Its
 * words are an event like all feedback, so that erasing a person or undoing takes them everywhere; a passage is a
 * stretch of these words with what it is about: a touchpoint, a pain point, a word of the researcher. Findings name the
 * passages they rest on and stay when the study is closed.
 */
#pragma once

#include "events/log.h"
#include "guard/guard.h"
#include "json/shape.h"
#include "store/store.h"

struct people;

enum { STUDIES_MAX = 1000, STUDY_TEXT_MAX = 20000, STUDY_NAME_MAX = 200 };
enum study_status { STUDY_PLANNED, STUDY_RUNNING, STUDY_CLOSED };
extern const char *const study_status_words[];

struct study {
    i64 id;
    str name, purpose, guide, recruit;
    str from_date, to_date; /* ISO dates; none: not set */
    i64 target;             /* how many interviews are wanted */
    i32 status;
    i64 owner;
    str by;
    i64 created_ms, changed_ms;
    i64 people, notes, findings; /* how many */
};
extern const struct shape study_shape;

/* Fills in id and times. ERR_INVALID for what is no date; ERR_CONFLICT (error.study.full). */
err study_add(struct ctx *ctx, struct store *store, struct study *study);
err study_list(struct ctx *ctx, struct store *store, struct shape_list *out);
err study_get(struct ctx *ctx, struct store *store, i64 id, struct study *out);
err study_change(struct ctx *ctx, struct store *store, struct study *study);
err study_remove(struct ctx *ctx, struct store *store, i64 id, struct study *removed);

struct study_person {
    str alias, name;
    i64 person;
    str state;   /* invited, agreed, interviewed, declined */
    bool agreed; /* the newest word about research is yes */
    i64 at_ms;
};
extern const struct shape study_person_shape;
extern const char *const study_person_words[];
err study_people(struct ctx *ctx, struct store *store, struct people *people, i64 study, struct shape_list *out);

/* ERR_INVALID ("person") for nobody. */
err study_put_person(struct ctx *ctx, struct store *store, struct people *people, i64 study, str person, i32 state);

struct study_note_new {
    str person, text, channel, touchpoint, key;
    i64 at_ms; /* 0: now */
};
extern const struct shape study_note_new_shape;

/* ERR_CONFLICT (error.study.consent) without the person's word; ERR_CONFLICT (error.note.key). `id` is the event's. */
err study_note(struct ctx *ctx, struct store *store, struct people *people, struct events *events,
               const struct principal *who, i64 study, const struct study_note_new *note, i64 *id);

/* The ids of its notes, newest first. */
err study_notes(struct ctx *ctx, struct store *store, i64 study, struct id_list *out);

struct study_passage {
    i64 id, note;
    str quote;         /* the words themselves; filled in where the note is at hand */
    i64 first, length; /* bytes of the note's text */
    str touchpoint, code;
    i64 pain;
    str by;
    i64 at_ms;
};
extern const struct shape study_passage_shape;

/* `quote` must stand in the note's text (ERR_INVALID error.study.quote); a pain point gets the note as evidence. Inside
 * store_write. */
err study_code(struct ctx *ctx, struct store *store, i64 study, str text, struct study_passage *passage);
err study_passages(struct ctx *ctx, struct store *store, i64 study, struct shape_list *out);
err study_uncode(struct ctx *ctx, struct store *store, i64 id);

struct study_finding {
    i64 id, study;
    str title, text, touchpoint;
    i64 pain;
    str passages; /* JSON: ids */
    str by;
    i64 at_ms;
};
extern const struct shape study_finding_shape;
err study_find(struct ctx *ctx, struct store *store, struct study_finding *finding);

/* Of one study, or with 0 the repository of all. */
err study_findings(struct ctx *ctx, struct store *store, i64 study, struct shape_list *out);
err study_unfind(struct ctx *ctx, struct store *store, i64 id);

/* Takes an erased person out of all studies; `values` name the person ("U1"). */
err study_erase(struct ctx *ctx, struct store *store, const struct str_list *values);
