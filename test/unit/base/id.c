#include "test.h"

#include "base/clock.h"
#include "base/id.h"

TEST(ids_grow_and_sort_as_text)
{
    i64 last = 0;
    char last_text[ID_TEXT_LEN];
    (void)id_text(0, last_text);
    for (i64 i = 0; i < 100000; i++) {
        i64 id = id_new();
        char text[ID_TEXT_LEN];
        assert_true(id > last);
        assert_true(memcmp(id_text(id, text).data, last_text, ID_TEXT_LEN) > 0);
        i64 back = 0;
        assert_true(id_parse((str){text, ID_TEXT_LEN}, &back));
        assert_int_equal(back, id);
        last = id;
        memcpy(last_text, text, ID_TEXT_LEN);
    }
    assert_true(last >= id_from_ms(clock_ms() - 60000));
}

TEST(only_its_own_text_is_an_id)
{
    static const char *const bad[] = {
        "", "0", "000000000000", "00000000000000", "Z000000000000", "000000000000U", "00000 0000000"};
    for (i64 i = 0; i < countof(bad); i++) {
        i64 id;
        assert_false(id_parse(str_from(bad[i]), &id));
    }
    i64 id = 0;
    assert_true(id_parse(STR("000000000000z"), &id));
    assert_int_equal(id, 31);
}

TEST(ids_of_a_numbered_process_have_its_number_and_still_grow)
{
    i64 last = id_new();
    id_share(37);
    for (i64 i = 0; i < 100000; i++) {
        i64 id = id_new();
        assert_true(id > last);
        assert_int_equal(id & ID_NUMBER_MAX, 37);
        last = id;
    }
    id_share(0);
    assert_true(id_new() > last);
}

TEST(a_process_has_one_id)
{
    assert_true(id_process() > 0);
    assert_int_equal(id_process(), id_process());
}
