#include "listen/xlsx.h"

#include "base/zone.h"
#include "listen/limits.h"

#include <math.h>

enum { XML_CHUNK = 32 << 10, FORMATS_MAX = 4096, STYLES_MAX = 65536, TEXT_MAX = 32767 * 4 };

str xml_attribute(const char **attributes, const char *name)
{
    for (i64 i = 0; attributes[i] != NULL; i += 2) {
        if (strcmp(attributes[i], name) == 0) {
            return str_from(attributes[i + 1]);
        }
    }
    return STR_NONE;
}

str xml_name(const char *name)
{
    const char *colon = strrchr(name, ':');
    return str_from(colon ? colon + 1 : name);
}

static void refuse_doctype(void *self, const XML_Char *name, const XML_Char *system, const XML_Char *public,
                           int internal)
{
    (void)name;
    (void)system;
    (void)public;
    (void)internal;
    XML_StopParser(*(XML_Parser *)self, XML_FALSE);
}

XML_Parser xml_parser(void *self, XML_StartElementHandler start, XML_EndElementHandler end,
                      XML_CharacterDataHandler text)
{
    XML_Parser parser = XML_ParserCreate(NULL);
    *(XML_Parser *)self = parser;
    XML_SetUserData(parser, self);
    XML_SetElementHandler(parser, start, end);
    XML_SetCharacterDataHandler(parser, text);
    XML_SetStartDoctypeDeclHandler(parser, refuse_doctype);
    return parser;
}

static void add(struct workbook *workbook, struct str_list_growing *list, str text)
{
    if (list->count == list->room) {
        i64 room = list->room * 2 + 64;
        list->items = arena_grow(&workbook->memory, list->items, list->room * (i64)sizeof(str), room * (i64)sizeof(str),
                                 _Alignof(str));
        list->room = room;
    }
    list->items[list->count++] = str_copy(&workbook->memory, text);
}

err workbook_part(struct ctx *ctx, struct workbook *workbook, str name, zip_file_t **out)
{
    zip_stat_t about;
    const char *path = str_c(&ctx->arena, name);
    if (zip_stat(workbook->zip, path, ZIP_FL_NOCASE, &about) != 0) {
        return ERR_NOT_FOUND;
    }
    bool sized = (about.valid & ZIP_STAT_SIZE) && (about.valid & ZIP_STAT_COMP_SIZE);
    if (!sized || (about.size > UNZIPPED_FREE && about.size / UNZIPPED_RATIO_MAX > about.comp_size)) {
        return FAIL(ctx, ERR_TOO_LARGE, NULL, "import.bomb");
    }
    *out = zip_fopen(workbook->zip, path, ZIP_FL_NOCASE);
    return *out ? OK : FAIL(ctx, ERR_MALFORMED, NULL, "import.workbook_damaged");
}

/* Reads a part through a parser, up to `limit` bytes of XML. */
static err parse_part(struct ctx *ctx, struct workbook *workbook, str name, XML_Parser parser, i64 limit)
{
    zip_file_t *part = NULL;
    err failed = workbook_part(ctx, workbook, name, &part);
    for (i64 total = 0; failed == OK;) {
        void *chunk = XML_GetBuffer(parser, XML_CHUNK);
        zip_int64_t got = chunk ? zip_fread(part, chunk, XML_CHUNK) : -1;
        total += got;
        if (total > limit) {
            failed = FAIL(ctx, ERR_TOO_LARGE, NULL, "import.bomb");
        } else if (got < 0 || XML_ParseBuffer(parser, (int)got, got == 0) == XML_STATUS_ERROR) {
            failed = FAIL(ctx, ERR_MALFORMED, NULL, "import.workbook_damaged");
        } else if (got == 0) {
            break;
        }
    }
    if (part != NULL) {
        zip_fclose(part);
    }
    XML_ParserFree(parser);
    return failed;
}

/* The list of sheets, and the parts they are in. */

struct book_reader {
    XML_Parser parser; /* first */
    struct workbook *workbook;
    struct str_list_growing ids;
};

static void book_start(void *self, const XML_Char *name, const XML_Char **attributes)
{
    struct book_reader *reader = self;
    str element = xml_name(name);
    if (str_eq(element, STR("sheet"))) {
        str id = xml_attribute(attributes, "r:id");
        for (i64 i = 0; !str_is(id) && attributes[i] != NULL; i += 2) {
            id = str_eq(xml_name(attributes[i]), STR("id")) ? str_from(attributes[i + 1]) : id;
        }
        add(reader->workbook, &reader->workbook->sheets, xml_attribute(attributes, "name"));
        add(reader->workbook, &reader->ids, id);
    } else if (str_eq(element, STR("workbookPr"))) {
        str from_1904 = xml_attribute(attributes, "date1904");
        reader->workbook->from_1904 = str_eq(from_1904, STR("1")) || str_eq(from_1904, STR("true"));
    }
}

static void relation_start(void *self, const XML_Char *name, const XML_Char **attributes)
{
    struct book_reader *reader = self;
    if (!str_eq(xml_name(name), STR("Relationship"))) {
        return;
    }
    str id = xml_attribute(attributes, "Id"), target = xml_attribute(attributes, "Target");
    for (i64 i = 0; i < reader->ids.count && str_is(target); i++) {
        if (str_eq(reader->ids.items[i], id)) {
            bool absolute = str_starts(target, STR("/"));
            reader->workbook->targets.items[i] = absolute ? str_copy(&reader->workbook->memory,
                                                                     str_slice(target, 1, target.len))
                                                          : str_format(&reader->workbook->memory, "xl/%.*s",
                                                                       STR_ARG(target));
        }
    }
}

static err read_sheets(struct ctx *ctx, struct workbook *workbook)
{
    struct book_reader reader = {.workbook = workbook};
    TRY(parse_part(ctx, workbook, STR("xl/workbook.xml"), xml_parser(&reader, book_start, NULL, NULL), XLSX_PART_MAX));
    for (i64 i = 0; i < workbook->sheets.count; i++) {
        add(workbook, &workbook->targets, STR(""));
    }
    return parse_part(ctx, workbook, STR("xl/_rels/workbook.xml.rels"), xml_parser(&reader, relation_start, NULL, NULL),
                      XLSX_PART_MAX);
}

/* Shared strings: runs of rich text are joined, phonetic hints (rPh) left out. */

struct strings_reader {
    XML_Parser parser; /* first */
    struct workbook *workbook;
    struct buf text;
    i64 total;
    i32 in_text, in_hint;
};

static void strings_start(void *self, const XML_Char *name, const XML_Char **attributes)
{
    (void)attributes;
    struct strings_reader *reader = self;
    str element = xml_name(name);
    if (str_eq(element, STR("si"))) {
        reader->text.len = 0;
    }
    reader->in_text += str_eq(element, STR("t"));
    reader->in_hint += str_eq(element, STR("rPh"));
}

static void strings_end(void *self, const XML_Char *name)
{
    struct strings_reader *reader = self;
    str element = xml_name(name);
    reader->in_text -= str_eq(element, STR("t"));
    reader->in_hint -= str_eq(element, STR("rPh"));
    if (str_eq(element, STR("si"))) {
        add(reader->workbook, &reader->workbook->strings, buf_str(&reader->text));
    }
}

static void strings_text(void *self, const XML_Char *text, int len)
{
    struct strings_reader *reader = self;
    if (reader->in_text > 0 && reader->in_hint == 0 && reader->text.len < TEXT_MAX) {
        buf_add(&reader->text, (str){text, len});
    }
}

static err read_strings(struct ctx *ctx, struct workbook *workbook)
{
    struct strings_reader reader = {.workbook = workbook, .text = buf_in(&ctx->arena)};
    err failed = parse_part(ctx, workbook, STR("xl/sharedStrings.xml"),
                            xml_parser(&reader, strings_start, strings_end, strings_text), XLSX_STRINGS_MAX);
    return failed == ERR_NOT_FOUND ? OK : failed;
}

/* Styles: a cell's style points to a number format, and that says whether the number is a date. */

struct styles_reader {
    XML_Parser parser; /* first */
    struct workbook *workbook;
    i64 ids[FORMATS_MAX];
    bool shows_date[FORMATS_MAX];
    i64 count;
    bool in_cells;
};

bool xlsx_format_is_date(i64 id, str code)
{
    if ((id >= 14 && id <= 22) || (id >= 27 && id <= 36) || (id >= 45 && id <= 47) || (id >= 50 && id <= 58)) {
        return true;
    }
    bool quoted = false, bracketed = false;
    for (i64 i = 0; i < code.len; i++) {
        char c = code.data[i];
        if (c == '\\') {
            i++;
        } else if (c == '"') {
            quoted = !quoted;
        } else if (!quoted && c == '[') {
            // Elapsed time ("[h]:mm") counts, colours and conditions do not.
            bracketed = i + 1 < code.len && strchr("hmsHMS", code.data[i + 1]) == NULL;
        } else if (!quoted && c == ']') {
            bracketed = false;
        } else if (!quoted && !bracketed && strchr("ymdhsYMDHS", c) != NULL) {
            return true;
        } else if (!quoted && c == ';') {
            return false;
        }
    }
    return false;
}

static void styles_start(void *self, const XML_Char *name, const XML_Char **attributes)
{
    struct styles_reader *reader = self;
    struct workbook *workbook = reader->workbook;
    str element = xml_name(name);
    i64 id = 0;
    if (str_eq(element, STR("numFmt")) && reader->count < FORMATS_MAX &&
        str_i64(xml_attribute(attributes, "numFmtId"), &id)) {
        reader->ids[reader->count] = id;
        reader->shows_date[reader->count++] = xlsx_format_is_date(id, xml_attribute(attributes, "formatCode"));
    } else if (str_eq(element, STR("cellXfs"))) {
        reader->in_cells = true;
    } else if (str_eq(element, STR("xf")) && reader->in_cells && workbook->date_count < STYLES_MAX) {
        (void)str_i64(xml_attribute(attributes, "numFmtId"), &id);
        bool date = xlsx_format_is_date(id, STR(""));
        for (i64 i = 0; i < reader->count; i++) {
            date = reader->ids[i] == id ? reader->shows_date[i] : date;
        }
        workbook->dates[workbook->date_count++] = date;
    }
}

static void styles_end(void *self, const XML_Char *name)
{
    struct styles_reader *reader = self;
    if (str_eq(xml_name(name), STR("cellXfs"))) {
        reader->in_cells = false;
    }
}

static err read_styles(struct ctx *ctx, struct workbook *workbook)
{
    struct styles_reader *reader = arena_new(&ctx->arena, struct styles_reader, 1);
    reader->workbook = workbook;
    workbook->dates = arena_new(&workbook->memory, bool, STYLES_MAX);
    err failed = parse_part(ctx, workbook, STR("xl/styles.xml"), xml_parser(reader, styles_start, styles_end, NULL),
                            XLSX_PART_MAX);
    return failed == ERR_NOT_FOUND ? OK : failed;
}

bool xlsx_date(f64 serial, bool from_1904, char out[32], i64 *len)
{
    if (!(serial >= 0) || serial >= 2958466.0) {
        return false;
    }
    // Excel believes that 1900-02-29 existed: its days from 61 on count from 1899-12-30.
    i64 ms = (i64)llround(serial * 86400000.0);
    i64 days = ms / 86400000, rest = ms % 86400000;
    int used = 0;
    if (days > 0 || from_1904) {
        i64 first = from_1904 ? civil_days(1904, 1, 1) : civil_days(1899, 12, days < 61 ? 31 : 30);
        struct civil date = civil_from_days(first + days);
        used = snprintf(out, 32, "%04d-%02d-%02d", date.year, date.month, date.day);
    }
    if (rest > 0 || used == 0) {
        i64 seconds = rest / 1000;
        used += snprintf(out + used, (size_t)(32 - used), "%s%02d:%02d:%02d", used > 0 ? "T" : "",
                         (int)(seconds / 3600), (int)(seconds / 60 % 60), (int)(seconds % 60));
        if (rest % 1000 > 0) {
            used += snprintf(out + used, (size_t)(32 - used), ".%03d", (int)(rest % 1000));
        }
    }
    *len = used;
    return true;
}

void workbook_close(struct workbook *workbook)
{
    if (workbook->zip != NULL) {
        zip_discard(workbook->zip);
    }
    arena_free(&workbook->memory);
    *workbook = (struct workbook){0};
}

static err read_parts(struct ctx *ctx, struct workbook *workbook)
{
    if (zip_get_num_entries(workbook->zip, 0) > XLSX_ENTRIES_MAX) {
        return FAIL(ctx, ERR_TOO_LARGE, NULL, "import.bomb");
    }
    err failed = read_sheets(ctx, workbook);
    if (failed == ERR_NOT_FOUND || (failed == OK && workbook->sheets.count == 0)) {
        return FAIL(ctx, ERR_MALFORMED, NULL, "import.no_workbook");
    }
    TRY(failed);
    TRY(read_styles(ctx, workbook));
    return read_strings(ctx, workbook);
}

err workbook_open(struct ctx *ctx, const char *path, struct workbook *out)
{
    *out = (struct workbook){.zip = zip_open(path, ZIP_RDONLY, NULL)};
    if (out->zip == NULL) {
        return FAIL(ctx, ERR_MALFORMED, NULL, "import.workbook_damaged");
    }
    err failed = read_parts(ctx, out);
    if (failed != OK) {
        workbook_close(out);
    }
    return failed;
}
