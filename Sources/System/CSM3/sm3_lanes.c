#include "sm3_lanes.h"

#include <string.h>

// The names are the standard's: W, W', SS1, SS2, TT1, TT2, FF, GG, P0, P1.
typedef uint32_t lanes __attribute__((vector_size(64)));

#define ROTATE(x, n) ((x) << (n) | (x) >> (32 - (n)))
#define P0(x) ((x) ^ ROTATE(x, 9) ^ ROTATE(x, 17))
#define P1(x) ((x) ^ ROTATE(x, 15) ^ ROTATE(x, 23))

// A constant over 32 is rotated by the rest, and 0 must not shift by 32.
#define CONSTANT(t, i) ((i) % 32 ? ROTATE((uint32_t)(t), (i) % 32) : (t))

#define ROUND(FF, GG, T)                                                                                                        \
    {                                                                                                                           \
        lanes a12 = ROTATE(a, 12);                                                                                              \
        lanes ss1 = a12 + e + CONSTANT(T, i);                                                                                   \
        ss1 = ROTATE(ss1, 7);                                                                                                   \
        lanes tt1 = (FF) + d + (ss1 ^ a12) + (w[i] ^ w[i + 4]);                                                                 \
        lanes tt2 = (GG) + h + ss1 + w[i];                                                                                      \
        d = c, c = ROTATE(b, 9), b = a, a = tt1;                                                                                \
        h = g, g = ROTATE(f, 19), f = e, e = P0(tt2);                                                                           \
    }

// One body, compiled for each kind of processor; which one runs is settled when the program is loaded.
__attribute__((target_clones("avx512f", "avx2", "default")))
void tianzhong_sm3_lanes(uint32_t state[8][16], const uint8_t *messages, size_t stride, size_t blocks) {
    lanes v[8], w[68];
    memcpy(v, state, sizeof v);
    for (size_t block = 0; block < blocks; block++) {
        uint32_t words[16][16];
        for (int lane = 0; lane < 16; lane++) {
            const uint8_t *message = messages + lane * stride + block * 64;
            for (int i = 0; i < 16; i++) {
                uint32_t word;
                memcpy(&word, message + 4 * i, sizeof word);
                words[i][lane] = __builtin_bswap32(word);
            }
        }
        memcpy(w, words, sizeof words);
        for (int i = 16; i < 68; i++) {
            lanes x = w[i - 16] ^ w[i - 9] ^ ROTATE(w[i - 3], 15);
            w[i] = P1(x) ^ ROTATE(w[i - 13], 7) ^ w[i - 6];
        }
        lanes a = v[0], b = v[1], c = v[2], d = v[3], e = v[4], f = v[5], g = v[6], h = v[7];
        for (int i = 0; i < 16; i++) ROUND(a ^ b ^ c, e ^ f ^ g, 0x79CC4519u)
        for (int i = 16; i < 64; i++) ROUND((a & b) | (c & (a | b)), (e & f) | (~e & g), 0x7A879D8Au)
        v[0] ^= a, v[1] ^= b, v[2] ^= c, v[3] ^= d, v[4] ^= e, v[5] ^= f, v[6] ^= g, v[7] ^= h;
    }
    memcpy(state, v, sizeof v);
}
