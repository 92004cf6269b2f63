#include "open.h"

#include "guard/audit.h"

#include <sqlite3.h>

static void add(const char *action, str object)
{
    struct principal local = guard_local();
    struct audit what = {str_from(action), object, STR(""), STR("1.2.3.4")};
    assert_ok(audit_add(&ctx, guard, &local, &what));
}

TEST_GUARD(entries_come_newest_first_and_page_by_page)
{
    for (i32 i = 0; i < 5; i++) {
        add("key.create", STR("x"));
    }
    struct shape_list page;
    assert_ok(audit_list(&ctx, guard, 0, 2, &page));
    assert_int_equal(page.count, 2);
    assert_int_equal(((const struct audit_entry *)page.items)[0].id, 5);
    assert_ok(audit_list(&ctx, guard, 4, 10, &page));
    assert_int_equal(page.count, 3);
    assert_ok(audit_verify(&ctx, guard));
}

TEST_GUARD(control_characters_are_escaped_and_long_texts_cut)
{
    static char text[2000];
    memset(text, 'a', sizeof text);
    add("key.create", STR("a\r\nb\x1b[31m"));
    add("key.create", (str){text, sizeof text});
    struct shape_list page;
    assert_ok(audit_list(&ctx, guard, 0, 2, &page));
    const struct audit_entry *entries = page.items;
    assert_int_equal(entries[0].object.len, 500);
    assert_true(str_eq(entries[1].object, STR("a\\x0d\\x0ab\\x1b[31m")));
}

/* One byte of one entry, behind the server's back. */
static void tamper(const char *folder, const char *sql)
{
    char path[256];
    sqlite3 *db;
    snprintf(path, sizeof path, "%s/records.db", folder);
    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    assert_int_equal(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_changes(db), 1);
    sqlite3_close(db);
}

static void expect_broken_at(const char *sql, const char *id)
{
    const char *folder = test_folder();
    struct ctx own = {0};
    struct store *records;
    struct guard *watch;
    struct store_options options = {.folder = str_from(folder), .no_fsync = true};
    assert_ok(store_open(&own, &options, &records));
    struct guard_options how = {.store = records, .idle_ms = 1000, .absolute_ms = 1000};
    assert_ok(guard_open(&own, &how, &watch));
    struct principal local = guard_local();
    for (i32 i = 0; i < 4; i++) {
        struct audit what = {STR("key.create"), STR("kho"), STR(""), STR("1.2.3.4")};
        assert_ok(audit_add(&own, watch, &local, &what));
    }
    assert_ok(audit_verify(&own, watch));
    tamper(folder, sql);
    assert_int_equal(audit_verify(&own, watch), ERR_CORRUPT);
    assert_true(str_eq(own.fault.args[0].value, str_from(id)));
    guard_close(watch);
    store_close(records);
    ctx_end(&own);
}

TEST(a_changed_byte_shows)
{
    expect_broken_at("UPDATE audit SET object = 'khO' WHERE id = 2", "2");
    expect_broken_at("UPDATE audit SET at_ms = at_ms + 1 WHERE id = 4", "4");
    expect_broken_at("UPDATE audit SET who = 'ai đó' WHERE id = 1", "1");
}

TEST(a_removed_entry_shows)
{
    expect_broken_at("DELETE FROM audit WHERE id = 3", "3");
    expect_broken_at("DELETE FROM audit WHERE id = 1", "1");
}
