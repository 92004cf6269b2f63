/* Functions that are compile errors here, because each has a safe neighbour.
 *
 * The build includes this file in front of every C file (-include). The
 * system's headers come first, so that they can still declare what they
 * declare; a use then names something that does not exist, and the compiler's
 * message tells what to use instead.
 */
#pragma once

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* No bounds. */
#undef strcpy
#define strcpy(...) banned_strcpy_use_str_copy()
#undef stpcpy
#define stpcpy(...) banned_stpcpy_use_buf_add()
#undef strcat
#define strcat(...) banned_strcat_use_buf_add()
#undef strncpy
#define strncpy(...) banned_strncpy_use_str_copy()
#undef strncat
#define strncat(...) banned_strncat_use_buf_add()
#undef sprintf
#define sprintf(...) banned_sprintf_use_str_format()
#undef vsprintf
#define vsprintf(...) banned_vsprintf_use_buf_format()
#undef gets
#define gets(...) banned_gets()
#undef alloca
#define alloca(...) banned_alloca_use_an_arena()
#undef strdupa
#define strdupa(...) banned_strdupa_use_str_copy()

/* No errors: "12abc" is 12, "x" is 0, an overflow is anything. */
#undef atoi
#define atoi(...) banned_atoi_use_str_i64()
#undef atol
#define atol(...) banned_atol_use_str_i64()
#undef atoll
#define atoll(...) banned_atoll_use_str_i64()
#undef atof
#define atof(...) banned_atof_use_str_f64()
#undef sscanf
#define sscanf(...) banned_sscanf_use_str_i64()

/* Hidden state shared by all threads. */
#undef strtok
#define strtok(...) banned_strtok_use_str_cut()
#undef gmtime
#define gmtime(...) banned_gmtime_use_zone_civil()
#undef localtime
#define localtime(...) banned_localtime_use_zone_civil()
#undef ctime
#define ctime(...) banned_ctime_use_iso_format()
#undef asctime
#define asctime(...) banned_asctime_use_iso_format()
#undef mktime
#define mktime(...) banned_mktime_use_zone_ms()
#undef setlocale
#define setlocale(...) banned_setlocale_text_is_utf8()

/* Guessable. */
#undef rand
#define rand(...) banned_rand_use_random_bytes_or_dice()
#undef random
#define random(...) banned_random_use_random_bytes_or_dice()
#undef tmpnam
#define tmpnam(...) banned_tmpnam_use_mkstemp()
#undef mktemp
#define mktemp(...) banned_mktemp_use_mkstemp()

/* A shell between us and what we mean. */
#undef system
#define system(...) banned_system()
#undef popen
#define popen(...) banned_popen()
