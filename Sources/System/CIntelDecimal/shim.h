#pragma once

// Decimal arithmetic of IEEE 754-2008 by Intel's library, as Swift can call it.
#include <stdint.h>
#include <string.h>

// Arguments by reference; rounding and flags are arguments too: libbidgcc100.
#define DECIMAL_CALL_BY_REFERENCE 1
#define DECIMAL_GLOBAL_ROUNDING 0
#define DECIMAL_GLOBAL_EXCEPTION_FLAGS 0
#include <bid_conf.h>
#include <bid_functions.h>

/// A decimal128 in the library's binary encoding.
typedef struct { uint64_t low, high; } decimal128;

static inline BID_UINT128 decimal128_in(decimal128 x) { BID_UINT128 y; memcpy(&y, &x, sizeof y); return y; }
static inline decimal128 decimal128_out(BID_UINT128 x) { decimal128 y; memcpy(&y, &x, sizeof y); return y; }

#define DECIMAL128_BINARY(name, function)                                                  \
    static inline decimal128 name(decimal128 a, decimal128 b) {                            \
        BID_UINT128 x = decimal128_in(a), y = decimal128_in(b), z;                         \
        unsigned rounding = 0, flags = 0;                                                  \
        function(&z, &x, &y, &rounding, &flags);                                           \
        return decimal128_out(z);                                                          \
    }
DECIMAL128_BINARY(decimal128_add, bid128_add)
DECIMAL128_BINARY(decimal128_subtract, bid128_sub)
DECIMAL128_BINARY(decimal128_multiply, bid128_mul)
DECIMAL128_BINARY(decimal128_divide, bid128_div)
DECIMAL128_BINARY(decimal128_power, bid128_pow)

#define DECIMAL128_UNARY(name, function)                                                   \
    static inline decimal128 name(decimal128 a) {                                          \
        BID_UINT128 x = decimal128_in(a), z;                                               \
        unsigned rounding = 0, flags = 0;                                                  \
        function(&z, &x, &rounding, &flags);                                               \
        return decimal128_out(z);                                                          \
    }
DECIMAL128_UNARY(decimal128_exp, bid128_exp)
DECIMAL128_UNARY(decimal128_log, bid128_log)
DECIMAL128_UNARY(decimal128_sqrt, bid128_sqrt)

/// Rounds to the exponent of `unit`; `rounding` is one of the library's modes.
static inline decimal128 decimal128_quantize(decimal128 a, decimal128 unit, unsigned rounding) {
    BID_UINT128 x = decimal128_in(a), y = decimal128_in(unit), z;
    unsigned flags = 0;
    bid128_quantize(&z, &x, &y, &rounding, &flags);
    return decimal128_out(z);
}

static inline decimal128 decimal128_parse(const char *text) {
    BID_UINT128 z;
    unsigned rounding = 0, flags = 0;
    bid128_from_string(&z, (char *)text, &rounding, &flags);
    return decimal128_out(z);
}

/// Writes `+123E-2`; `text` has room for 64 bytes.
static inline void decimal128_write(decimal128 a, char *text) {
    BID_UINT128 x = decimal128_in(a);
    unsigned flags = 0;
    bid128_to_string(text, &x, &flags);
}

static inline decimal128 decimal128_from(int64_t value) {
    BID_UINT128 z;
    BID_SINT64 x = value;
    bid128_from_int64(&z, &x);
    return decimal128_out(z);
}

#define DECIMAL128_RELATION(name, function)                                                \
    static inline int name(decimal128 a, decimal128 b) {                                   \
        BID_UINT128 x = decimal128_in(a), y = decimal128_in(b);                            \
        unsigned flags = 0;                                                                \
        int z;                                                                             \
        function(&z, &x, &y, &flags);                                                      \
        return z;                                                                          \
    }
DECIMAL128_RELATION(decimal128_equal, bid128_quiet_equal)
DECIMAL128_RELATION(decimal128_less, bid128_quiet_less)

static inline int decimal128_is_finite(decimal128 a) {
    BID_UINT128 x = decimal128_in(a);
    int z;
    bid128_isFinite(&z, &x);
    return z;
}

static inline decimal128 decimal128_negate(decimal128 a) {
    BID_UINT128 x = decimal128_in(a), z;
    bid128_negate(&z, &x);
    return decimal128_out(z);
}
