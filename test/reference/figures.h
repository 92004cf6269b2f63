/* Are the people behind a figure as many as it says? */
#pragma once

#include "scene.h"

/* Looks behind a figure of a row of the answer that is drawn: true when there are as many people as it says, each of them once, or
 * nothing can be said. `at` names what was looked at. */
bool figures_hold(struct scene *scene, struct ctx *ctx, const struct sight *sight, str question, str answer, str *at);
