/* The two engines side by side, in what the reference says nothing about too: the echo of a question, the events
 * behind it, the words that occur, profiles, findings, events on no touchpoint.
 */
#pragma once

#include "scene.h"

/* Asks the index what `answer` answers (that of scene->rooms, which ask ClickHouse), and both for one thing more, another one each
 * `turn`. False: `at` says what differs and how. */
bool twin_same(struct scene *scene, const struct sight *sight, str question, str answer, i64 turn, str *at);
