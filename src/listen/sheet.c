#include "listen/sheet.h"

#include <cairo-pdf.h>
#include <pango/pangocairo.h>
#include <qrencode.h>

const char *const sheet_words[] = {"poster", "tent", "cards", NULL};

#if defined(__SANITIZE_ADDRESS__)
/* For the checker of leaks: fontconfig keeps what it knows of fonts for the life of the process, behind offsets instead of
 * pointers. */
const char *__lsan_default_suppressions(void);
const char *__lsan_default_suppressions(void)
{
    return "leak:libfontconfig";
}
#endif

#if defined(__SANITIZE_THREAD__)
/* For the checker of races: Pango reads the fonts with threads of its own, and the libraries were not built with the
 * checker, which does not see how they hand over what they read. */
const char *__tsan_default_suppressions(void);
const char *__tsan_default_suppressions(void)
{
    return "race:libfontconfig\nrace:libpangoft2\n";
}
#endif

/* Points: 1/72 inch. */
#define MM (72.0 / 25.4)
#define A4_WIDTH (210 * MM)
#define A4_HEIGHT (297 * MM)

enum { QUIET_MODULES = 4, CARD_COLUMNS = 2, CARD_ROWS = 4 };

struct ink {
    double red, green, blue;
};

struct page {
    struct ctx *ctx;
    cairo_t *cairo;
    const struct sheet *sheet;
    struct ink accent;
    PangoContext *fonts;
};

/* Where something stands, in points from the upper left corner. */
struct box {
    double x, y, width, height;
};

/* How one code is laid out in its box; heights are shares of the width. */
struct look {
    double code_mm, title_pt, place_pt, hint_pt, url_pt;
    double gap_mm;
    bool organisation;
};

static const struct look looks[] = {
    [SHEET_POSTER] = {.code_mm = 140,
                      .title_pt = 34,
                      .place_pt = 18,
                      .hint_pt = 18,
                      .url_pt = 12,
                      .gap_mm = 9,
                      .organisation = true},
    [SHEET_TENT] =
        {.code_mm = 74, .title_pt = 22, .place_pt = 12, .hint_pt = 12, .url_pt = 9, .gap_mm = 4, .organisation = true},
    [SHEET_CARDS] = {.code_mm = 40, .title_pt = 11, .place_pt = 8, .hint_pt = 8, .url_pt = 6, .gap_mm = 1.6},
};

static struct ink ink_of(str colour)
{
    u32 value = 0;
    if (colour.len != 7 || colour.data[0] != '#') {
        return (struct ink){0};
    }
    for (i64 i = 1; i < 7; i++) {
        u8 c = (u8)colour.data[i] | 0x20;
        u32 digit = c >= '0' && c <= '9' ? (u32)(c - '0') : c >= 'a' && c <= 'f' ? (u32)(c - 'a' + 10) : 0;
        value = value << 4 | digit;
    }
    return (struct ink){(double)(value >> 16 & 255) / 255, (double)(value >> 8 & 255) / 255,
                        (double)(value & 255) / 255};
}

/* One line or more of text in the middle of a column; moves down below it. */
static void write_text(const struct page *page, str text, double size_pt, bool bold, struct box *column)
{
    if (text.len == 0) {
        return;
    }
    PangoLayout *layout = pango_layout_new(page->fonts);
    PangoFontDescription *font = pango_font_description_from_string("Be Vietnam Pro, Noto Sans, DejaVu Sans");
    pango_font_description_set_absolute_size(font, size_pt * PANGO_SCALE);
    pango_font_description_set_weight(font, bold ? PANGO_WEIGHT_BOLD : PANGO_WEIGHT_NORMAL);
    pango_layout_set_font_description(layout, font);
    pango_layout_set_width(layout, (int)(column->width * PANGO_SCALE));
    pango_layout_set_alignment(layout, PANGO_ALIGN_CENTER);
    pango_layout_set_wrap(layout, PANGO_WRAP_WORD_CHAR);
    pango_layout_set_ellipsize(layout, PANGO_ELLIPSIZE_END);
    pango_layout_set_height(layout, -3); // three lines at most
    pango_layout_set_text(layout, text.data, (int)text.len);
    int height;
    pango_layout_get_pixel_size(layout, NULL, &height);
    cairo_move_to(page->cairo, column->x, column->y);
    pango_cairo_show_layout(page->cairo, layout);
    column->y += height;
    pango_font_description_free(font);
    g_object_unref(layout);
}

/* Dark modules as runs, so that no hairline shows between two of a row. */
static void draw_code(const struct page *page, const QRcode *code, double x, double y, double size)
{
    double module = size / (code->width + 2 * QUIET_MODULES);
    cairo_set_source_rgb(page->cairo, 0, 0, 0);
    for (int row = 0; row < code->width; row++) {
        const unsigned char *line = code->data + (size_t)row * (size_t)code->width;
        for (int from = 0; from < code->width;) {
            int to = from;
            while (to < code->width && (line[to] & 1) != 0) {
                to++;
            }
            if (to > from) {
                cairo_rectangle(page->cairo, x + (from + QUIET_MODULES) * module, y + (row + QUIET_MODULES) * module,
                                (to - from) * module, module);
            }
            from = to + 1;
        }
    }
    cairo_fill(page->cairo);
}

static err draw_item(const struct page *page, const struct sheet_code *item, const QRcode *code, struct box box)
{
    const struct sheet *sheet = page->sheet;
    const struct look *look = &looks[sheet->format];
    struct box column = box;
    double size = look->code_mm * MM, gap = look->gap_mm * MM;
    cairo_set_source_rgb(page->cairo, 0.25, 0.25, 0.25);
    if (look->organisation) {
        write_text(page, sheet->organisation, look->place_pt, false, &column);
        column.y += gap;
    }
    cairo_set_source_rgb(page->cairo, page->accent.red, page->accent.green, page->accent.blue);
    write_text(page, sheet->title, look->title_pt, true, &column);
    draw_code(page, code, box.x + (box.width - size) / 2, column.y, size);
    column.y += size;
    cairo_set_source_rgb(page->cairo, 0.1, 0.1, 0.1);
    write_text(page, sentence(sheet->language, sheet->brief ? "sheet.hint_brief" : "sheet.hint"), look->hint_pt, false,
               &column);
    column.y += gap / 2;
    cairo_set_source_rgb(page->cairo, 0.25, 0.25, 0.25);
    write_text(page, item->url, look->url_pt, false, &column);
    write_text(page, item->name, look->place_pt, true, &column);
    return OK;
}

static void free_code(void *code)
{
    QRcode_free(code);
}

static err make_code(struct ctx *ctx, const struct sheet_code *item, QRcode **out)
{
    QRcode *code = item->url.len > 0 && item->url.len <= SHEET_URL_MAX
                       ? QRcode_encodeString8bit(str_c(&ctx->arena, item->url), 0, QR_ECLEVEL_Q)
                       : NULL;
    if (code == NULL) {
        return FAIL(ctx, ERR_INVALID, NULL, "error.sheet");
    }
    ctx_defer(ctx, free_code, code);
    *out = code;
    return OK;
}

static err draw_poster(const struct page *page, const struct sheet_code *item)
{
    QRcode *code;
    TRY(make_code(page->ctx, item, &code));
    return draw_item(page, item, code, (struct box){20 * MM, 28 * MM, A4_WIDTH - 40 * MM, A4_HEIGHT - 56 * MM});
}

static void draw_fold(const struct page *page)
{
    static const double dashes[] = {4, 4};
    cairo_set_source_rgb(page->cairo, 0.7, 0.7, 0.7);
    cairo_set_line_width(page->cairo, 0.5);
    cairo_set_dash(page->cairo, dashes, 2, 0);
    cairo_move_to(page->cairo, 0, A4_HEIGHT / 2);
    cairo_line_to(page->cairo, A4_WIDTH, A4_HEIGHT / 2);
    cairo_stroke(page->cairo);
}

static err draw_tent(const struct page *page, const struct sheet_code *item)
{
    QRcode *code;
    struct box half = {15 * MM, A4_HEIGHT / 2 + 12 * MM, A4_WIDTH - 30 * MM, A4_HEIGHT / 2 - 20 * MM};
    TRY(make_code(page->ctx, item, &code));
    TRY(draw_item(page, item, code, half));
    cairo_save(page->cairo);
    cairo_translate(page->cairo, A4_WIDTH, A4_HEIGHT);
    cairo_rotate(page->cairo, G_PI);
    TRY(draw_item(page, item, code, half));
    cairo_restore(page->cairo);
    draw_fold(page);
    return OK;
}

static err draw_card(const struct page *page, const struct sheet_code *item, i64 place)
{
    double width = A4_WIDTH / CARD_COLUMNS, height = A4_HEIGHT / CARD_ROWS;
    double x = (double)(place % CARD_COLUMNS) * width, y = (double)(place / CARD_COLUMNS) * height;
    QRcode *code;
    TRY(make_code(page->ctx, item, &code));
    cairo_set_source_rgb(page->cairo, 0.8, 0.8, 0.8);
    cairo_set_line_width(page->cairo, 0.3);
    cairo_rectangle(page->cairo, x, y, width, height);
    cairo_stroke(page->cairo);
    return draw_item(page, item, code, (struct box){x + 8 * MM, y + 5 * MM, width - 16 * MM, height - 10 * MM});
}

static err draw_all(const struct page *page)
{
    const struct sheet *sheet = page->sheet;
    const i64 cards = CARD_COLUMNS * CARD_ROWS;
    for (i64 i = 0; i < sheet->code_count; i++) {
        bool last = i + 1 == sheet->code_count;
        if (sheet->format == SHEET_CARDS) {
            TRY(draw_card(page, &sheet->codes[i], i % cards));
        } else if (sheet->format == SHEET_TENT) {
            TRY(draw_tent(page, &sheet->codes[i]));
        } else {
            TRY(draw_poster(page, &sheet->codes[i]));
        }
        if (sheet->format != SHEET_CARDS || last || (i + 1) % cards == 0) {
            cairo_show_page(page->cairo);
        }
    }
    return OK;
}

static cairo_status_t take(void *self, const unsigned char *bytes, unsigned int count)
{
    buf_add(self, (str){(const char *)bytes, count});
    return CAIRO_STATUS_SUCCESS;
}

static void end_surface(void *surface)
{
    cairo_surface_finish(surface);
    cairo_surface_destroy(surface);
}

static void end_cairo(void *cairo)
{
    cairo_destroy(cairo);
}

static void unref(void *object)
{
    g_object_unref(object);
}

/* Fonts of this sheet alone: the library's default ones stay with the thread. */
static PangoContext *open_fonts(struct ctx *ctx, cairo_t *cairo)
{
    PangoFontMap *map = pango_cairo_font_map_new();
    ctx_defer(ctx, unref, map);
    PangoContext *fonts = pango_font_map_create_context(map);
    ctx_defer(ctx, unref, fonts);
    pango_cairo_update_context(cairo, fonts);
    return fonts;
}

err sheet_write(struct ctx *ctx, const struct sheet *sheet, struct buf *out)
{
    if (sheet->code_count < 1 || sheet->code_count > SHEET_CODES_MAX) {
        return FAIL(ctx, ERR_INVALID, NULL, "error.sheet");
    }
    // What the surface still has to say when it is given back goes nowhere.
    struct buf *pdf = arena_new(&ctx->arena, struct buf, 1);
    *pdf = buf_in(&ctx->arena);
    cairo_surface_t *surface = cairo_pdf_surface_create_for_stream(take, pdf, A4_WIDTH, A4_HEIGHT);
    ctx_defer(ctx, end_surface, surface);
    cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_TITLE, str_c(&ctx->arena, sheet->title));
    cairo_t *cairo = cairo_create(surface);
    ctx_defer(ctx, end_cairo, cairo);
    struct page page = {
        .ctx = ctx, .cairo = cairo, .sheet = sheet, .accent = ink_of(sheet->accent), .fonts = open_fonts(ctx, cairo)};
    TRY(draw_all(&page));
    cairo_surface_finish(surface);
    if (cairo_surface_status(surface) != CAIRO_STATUS_SUCCESS || cairo_status(cairo) != CAIRO_STATUS_SUCCESS) {
        return FAIL(ctx, ERR_IO, NULL, "error.sheet");
    }
    buf_add(out, buf_str(pdf));
    return OK;
}
