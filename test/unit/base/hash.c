#include "test.h"

#include "base/hash.h"

TEST(parts_are_hashed_with_their_lengths)
{
    u8 key[HASH_KEY_LEN] = {1, 2, 3};
    struct u128 a = hash_keyed(key, (str[]){STR("ab"), STR("c")}, 2);
    struct u128 b = hash_keyed(key, (str[]){STR("a"), STR("bc")}, 2);
    struct u128 again = hash_keyed(key, (str[]){STR("ab"), STR("c")}, 2);
    assert_true(a.high != b.high || a.low != b.low);
    assert_true(a.high == again.high && a.low == again.low);
    key[0] = 9;
    struct u128 other = hash_keyed(key, (str[]){STR("ab"), STR("c")}, 2);
    assert_true(a.high != other.high);
}

TEST(long_parts_take_another_way_to_the_same_hash)
{
    u8 key[HASH_KEY_LEN] = {0};
    char text[5000];
    memset(text, 'x', sizeof(text));
    struct u128 once = hash_keyed(key, &(str){text, sizeof(text)}, 1);
    struct u128 twice = hash_keyed(key, &(str){text, sizeof(text)}, 1);
    struct u128 shorter = hash_keyed(key, &(str){text, sizeof(text) - 1}, 1);
    assert_true(once.high == twice.high && once.low == twice.low);
    assert_true(once.high != shorter.high);
}

/* FIPS 180-4, the example "abc". */
TEST(sha256_agrees_with_the_standard)
{
    struct sha256 digest = sha256(STR("abc"));
    char text[64];
    assert_true(
        str_eq(hex(digest.bytes, 32, text), STR("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")));
}

TEST(a_digest_of_parts_is_that_of_the_whole)
{
    struct sha256_parts parts;
    sha256_begin(&parts);
    sha256_add(&parts, STR("ab"));
    sha256_add(&parts, STR(""));
    sha256_add(&parts, STR("c"));
    struct sha256 whole = sha256(STR("abc")), of_parts = sha256_end(&parts);
    assert_memory_equal(whole.bytes, of_parts.bytes, sizeof whole.bytes);
}
