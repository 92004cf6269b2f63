// The one C++ face: simdjson's document tree as plain C functions.
extern "C" {
#include "json/read.h"
}

#include <cstring>
#include <new>
#include <simdjson.h>

using namespace simdjson;

struct json_reader {
    dom::parser parser;
};

namespace
{

static_assert(SIMDJSON_PADDING <= JSON_PADDING, "callers leave enough room behind the text");

// simdjson's elements and iterators are places on its tape, (document, index); so is a handle. Both ways are a copy.
template <class Place> Place place_of(struct json value)
{
    static_assert(sizeof(Place) == sizeof(struct json), "a place is a document and an index");
    static_assert(std::is_trivially_copyable<Place>::value, "places can be copied as bytes");
    alignas(Place) unsigned char bytes[sizeof(Place)];
    std::memcpy(bytes, &value, sizeof(value));
    return *std::launder(reinterpret_cast<Place *>(bytes));
}

template <class Place> struct json handle_of(Place place)
{
    static_assert(sizeof(Place) == sizeof(struct json), "a place is a document and an index");
    struct json value;
    std::memcpy(&value, static_cast<const void *>(&place), sizeof(value));
    return value;
}

dom::element element_of(struct json value)
{
    return place_of<dom::element>(value);
}

str text_of(std::string_view view)
{
    return str{view.data(), static_cast<i64>(view.size())};
}

const char *reason_of(error_code code)
{
    switch (code) {
    case EMPTY: return "error.json_empty";
    case UTF8_ERROR: return "error.json_utf8";
    case DEPTH_ERROR: return "error.json_depth";
    case NUMBER_ERROR: return "error.json_number";
    case STRING_ERROR:
    case UNCLOSED_STRING:
    case UNESCAPED_CHARS: return "error.json_string";
    case CAPACITY: return "error.json_size";
    default: return "error.json";
    }
}

// Escapes can smuggle U+0000 into strings; nothing behind us wants it.
bool escapes_zero(str text)
{
    str rest = text;
    for (i64 at; (at = str_find(rest, STR("\\u0000"))) >= 0; rest = str_slice(rest, at + 6, rest.len)) {
        i64 backslashes = 0; // an even number before this one: it is not escaped itself
        while (rest.data + at - backslashes > text.data && rest.data[at - backslashes - 1] == '\\') {
            backslashes++;
        }
        if (backslashes % 2 == 0) {
            return true;
        }
    }
    return false;
}

err parse(struct ctx *ctx, struct json_reader *reader, str text, bool padded, struct json *out)
{
    const u8 *bytes = reinterpret_cast<const u8 *>(text.data);
    dom::element root;
    error_code code = reader->parser.parse(bytes, static_cast<size_t>(text.len), !padded).get(root);
    if (code == SUCCESS && escapes_zero(text)) {
        const struct fault_arg none[1] = {{nullptr, {nullptr, 0}}};
        return ctx_fail_args(ctx, ERR_MALFORMED, "", "error.json_zero", none, 0);
    }
    if (code != SUCCESS) {
        const struct fault_arg none[1] = {{nullptr, {nullptr, 0}}};
        return ctx_fail_args(ctx, ERR_MALFORMED, "", reason_of(code), none, 0);
    }
    *out = handle_of(root);
    return OK;
}

struct keeper {
    struct json_reader *reader = nullptr;
    ~keeper()
    {
        json_reader_close(reader);
    }
};

} // namespace

extern "C" {

struct json_reader *json_reader_open(void)
{
    struct json_reader *reader = new json_reader();
    // Nothing is reserved before the first text; the depth is what bounds every walk over a document.
    if (reader->parser.allocate(0, JSON_DEPTH_MAX) != SUCCESS) {
        delete reader;
        std::abort();
    }
    return reader;
}

void json_reader_close(struct json_reader *reader)
{
    delete reader;
}

static void close_reader(void *reader)
{
    json_reader_close(static_cast<struct json_reader *>(reader));
}

struct json_reader *json_reader_of(struct ctx *ctx)
{
    struct json_reader *reader = json_reader_open();
    ctx_defer(ctx, close_reader, reader);
    return reader;
}

struct json_reader *json_reader_here(void)
{
    static thread_local keeper here;
    if (here.reader == nullptr) {
        here.reader = json_reader_open();
    }
    return here.reader;
}

err json_parse(struct ctx *ctx, struct json_reader *reader, str text, struct json *out)
{
    return parse(ctx, reader, text, false, out);
}

err json_parse_padded(struct ctx *ctx, struct json_reader *reader, str text, struct json *out)
{
    return parse(ctx, reader, text, true, out);
}

enum json_type json_type(struct json value)
{
    if (value.doc == nullptr) {
        return JSON_NONE;
    }
    switch (element_of(value).type()) {
    case dom::element_type::ARRAY: return JSON_LIST;
    case dom::element_type::OBJECT: return JSON_OBJECT;
    case dom::element_type::INT64: return JSON_I64;
    case dom::element_type::UINT64: return JSON_U64;
    case dom::element_type::DOUBLE: return JSON_F64;
    case dom::element_type::STRING: return JSON_STR;
    case dom::element_type::BOOL: return JSON_BOOL;
    default: return JSON_NULL;
    }
}

struct json json_get(struct json object, str name)
{
    dom::object members;
    dom::element found;
    if (object.doc == nullptr || element_of(object).get(members) != SUCCESS) {
        return {nullptr, 0};
    }
    std::string_view key(name.data == nullptr ? "" : name.data, static_cast<size_t>(name.len));
    if (members.at_key(key).get(found) != SUCCESS) {
        return {nullptr, 0};
    }
    return handle_of(found);
}

bool json_repeats(struct json object)
{
    dom::object members;
    if (object.doc == nullptr || element_of(object).get(members) != SUCCESS) {
        return false;
    }
    // The first member of a name is the one a look-up finds; any other with that name is a repetition.
    for (auto member : members) {
        dom::element found;
        if (members.at_key(member.key).get(found) == SUCCESS && handle_of(found).at != handle_of(member.value).at) {
            return true;
        }
    }
    return false;
}

bool json_str(struct json value, str *out)
{
    std::string_view view;
    if (value.doc == nullptr || element_of(value).get(view) != SUCCESS) {
        return false;
    }
    *out = text_of(view);
    return true;
}

bool json_i64(struct json value, i64 *out)
{
    if (value.doc == nullptr) {
        return false;
    }
    dom::element element = element_of(value);
    int64_t number;
    if (element.get(number) == SUCCESS) {
        *out = number;
        return true;
    }
    double floating;
    constexpr double exact = 9007199254740992.0; // 2^53: beyond it a float may not be the number that was written
    if (element.type() != dom::element_type::DOUBLE || element.get(floating) != SUCCESS || floating < -exact ||
        floating > exact || floating != static_cast<double>(static_cast<i64>(floating))) {
        return false;
    }
    *out = static_cast<i64>(floating);
    return true;
}

bool json_f64(struct json value, f64 *out)
{
    double number;
    if (value.doc == nullptr || element_of(value).get(number) != SUCCESS) {
        return false;
    }
    *out = number;
    return true;
}

u64 json_u64(struct json value)
{
    uint64_t number = 0;
    bool is = value.doc != nullptr && element_of(value).get(number) == SUCCESS;
    return is ? number : 0;
}

bool json_bool(struct json value, bool *out)
{
    bool truth;
    if (value.doc == nullptr || element_of(value).get(truth) != SUCCESS) {
        return false;
    }
    *out = truth;
    return true;
}

i64 json_count(struct json value)
{
    dom::array list;
    dom::object members;
    if (value.doc == nullptr) {
        return 0;
    }
    size_t saturated = 0xFFFFFF; // the tape's own count stops here
    size_t count = 0;
    if (element_of(value).get(list) == SUCCESS) {
        count = list.size();
    } else if (element_of(value).get(members) == SUCCESS) {
        count = members.size();
    }
    if (count < saturated) {
        return static_cast<i64>(count);
    }
    i64 counted = 0;
    for (struct json_iter iter = json_each(value); json_next(&iter);) {
        counted++;
    }
    return counted;
}

// A member's key stands one place before its value; the end is the place behind the last value.
struct json_iter json_each(struct json value)
{
    struct json_iter iter = {};
    dom::array list;
    dom::object members;
    if (value.doc == nullptr) {
        return iter;
    }
    if (element_of(value).get(list) == SUCCESS) {
        iter.doc = value.doc;
        iter.at = handle_of(list.begin()).at;
        iter.end = handle_of(list.end()).at;
    } else if (element_of(value).get(members) == SUCCESS) {
        iter.doc = value.doc;
        iter.at = handle_of(members.begin()).at;
        iter.end = handle_of(members.end()).at;
        iter.object = true;
    }
    return iter;
}

bool json_next(struct json_iter *iter)
{
    if (iter->doc == nullptr || iter->at >= iter->end) {
        return false;
    }
    struct json here = {iter->doc, iter->at};
    if (iter->object) {
        auto at = place_of<dom::object::iterator>(here);
        iter->key = text_of(at.key());
        iter->value = handle_of(at.value());
        iter->at = handle_of(++at).at;
    } else {
        auto at = place_of<dom::array::iterator>(here);
        iter->key = STR_NONE;
        iter->value = handle_of(*at);
        iter->at = handle_of(++at).at;
    }
    return true;
}

} // extern "C"
