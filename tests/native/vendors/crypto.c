/* See crypto.h. Slow and simple: a bit at a time where that is shorter. */
#include "crypto.h"

#include <string.h>

#include "crypto_tables.h"

static uint32_t left(uint32_t word, unsigned bits)
{
    bits &= 31;
    return bits == 0 ? word : word << bits | word >> (32 - bits);
}

static uint32_t load(const unsigned char *at, bool big)
{
    return big ? (uint32_t)at[0] << 24 | at[1] << 16 | at[2] << 8 | at[3]
               : (uint32_t)at[3] << 24 | at[2] << 16 | at[1] << 8 | at[0];
}

static void store(unsigned char *at, uint32_t word, bool big)
{
    for (unsigned i = 0; i < 4; i++)
        at[i] = (unsigned char)(word >> (big ? 24 - 8 * i : 8 * i));
}

/* ---- digests: all are Merkle-Damgard over blocks of 64 bytes ---- */

typedef void compress(uint32_t *state, const unsigned char *block);

static void md5_block(uint32_t *state, const unsigned char *block)
{
    static const unsigned char shifts[] = {7, 12, 17, 22, 5, 9, 14, 20, 4, 11, 16, 23, 6, 10, 15, 21};
    uint32_t a = state[0], b = state[1], c = state[2], d = state[3];
    for (unsigned i = 0; i < 64; i++) {
        uint32_t f;
        unsigned g;
        switch (i / 16) {
        case 0: f = (b & c) | (~b & d), g = i; break;
        case 1: f = (d & b) | (~d & c), g = (5 * i + 1) % 16; break;
        case 2: f = b ^ c ^ d, g = (3 * i + 5) % 16; break;
        default: f = c ^ (b | ~d), g = 7 * i % 16; break;
        }
        f += a + md5_constants[i] + load(block + 4 * g, false);
        a = d, d = c, c = b;
        b += left(f, shifts[i / 16 * 4 + i % 4]);
    }
    state[0] += a, state[1] += b, state[2] += c, state[3] += d;
}

static void sha1_block(uint32_t *state, const unsigned char *block)
{
    uint32_t w[80], v[5];
    for (unsigned i = 0; i < 16; i++)
        w[i] = load(block + 4 * i, true);
    for (unsigned i = 16; i < 80; i++)
        w[i] = left(w[i - 3] ^ w[i - 8] ^ w[i - 14] ^ w[i - 16], 1);
    memcpy(v, state, sizeof v);
    for (unsigned i = 0; i < 80; i++) {
        static const uint32_t constants[] = {0x5a827999, 0x6ed9eba1, 0x8f1bbcdc, 0xca62c1d6};
        uint32_t f = i < 20 ? (v[1] & v[2]) | (~v[1] & v[3])
                     : i >= 40 && i < 60 ? (v[1] & v[2]) | (v[1] & v[3]) | (v[2] & v[3])
                                         : v[1] ^ v[2] ^ v[3];
        uint32_t next = left(v[0], 5) + f + v[4] + constants[i / 20] + w[i];
        v[4] = v[3], v[3] = v[2], v[2] = left(v[1], 30), v[1] = v[0], v[0] = next;
    }
    for (unsigned i = 0; i < 5; i++)
        state[i] += v[i];
}

static uint32_t right(uint32_t word, unsigned bits)
{
    return left(word, 32 - bits);
}

static void sha256_block(uint32_t *state, const unsigned char *block)
{
    uint32_t w[64], v[8];
    for (unsigned i = 0; i < 16; i++)
        w[i] = load(block + 4 * i, true);
    for (unsigned i = 16; i < 64; i++)
        w[i] = w[i - 16] + w[i - 7] + (right(w[i - 15], 7) ^ right(w[i - 15], 18) ^ w[i - 15] >> 3) +
               (right(w[i - 2], 17) ^ right(w[i - 2], 19) ^ w[i - 2] >> 10);
    memcpy(v, state, sizeof v);
    for (unsigned i = 0; i < 64; i++) {
        uint32_t first = v[7] + (right(v[4], 6) ^ right(v[4], 11) ^ right(v[4], 25)) + ((v[4] & v[5]) ^ (~v[4] & v[6])) +
                         sha256_constants[i] + w[i];
        uint32_t second = (right(v[0], 2) ^ right(v[0], 13) ^ right(v[0], 22)) +
                          ((v[0] & v[1]) ^ (v[0] & v[2]) ^ (v[1] & v[2]));
        memmove(v + 1, v, 7 * sizeof *v);
        v[4] += first;
        v[0] = first + second;
    }
    for (unsigned i = 0; i < 8; i++)
        state[i] += v[i];
}

static void sm3_block(uint32_t *state, const unsigned char *block)
{
    uint32_t w[68], v[8];
    for (unsigned i = 0; i < 16; i++)
        w[i] = load(block + 4 * i, true);
    for (unsigned i = 16; i < 68; i++) {
        uint32_t x = w[i - 16] ^ w[i - 9] ^ left(w[i - 3], 15);
        w[i] = (x ^ left(x, 15) ^ left(x, 23)) ^ left(w[i - 13], 7) ^ w[i - 6];
    }
    memcpy(v, state, sizeof v);
    for (unsigned i = 0; i < 64; i++) {
        uint32_t constant = i < 16 ? 0x79cc4519 : 0x7a879d8a;
        uint32_t s1 = left(left(v[0], 12) + v[4] + left(constant, i), 7), s2 = s1 ^ left(v[0], 12);
        uint32_t f = i < 16 ? v[0] ^ v[1] ^ v[2] : (v[0] & v[1]) | (v[0] & v[2]) | (v[1] & v[2]);
        uint32_t g = i < 16 ? v[4] ^ v[5] ^ v[6] : (v[4] & v[5]) | (~v[4] & v[6]);
        uint32_t t1 = f + v[3] + s2 + (w[i] ^ w[i + 4]), t2 = g + v[7] + s1 + w[i];
        v[3] = v[2], v[2] = left(v[1], 9), v[1] = v[0], v[0] = t1;
        v[7] = v[6], v[6] = left(v[5], 19), v[5] = v[4], v[4] = t2 ^ left(t2, 9) ^ left(t2, 17);
    }
    for (unsigned i = 0; i < 8; i++)
        state[i] ^= v[i];
}

static const struct hash {
    compress *block;
    uint32_t start[8];
    size_t words;
    bool big;
} hashes[] = {
    [MD5] = {md5_block, {0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476}, 4, false},
    [SHA1] = {sha1_block, {0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0}, 5, true},
    [SHA256] = {sha256_block,
                {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19},
                8, true},
    [SM3] = {sm3_block,
             {0x7380166f, 0x4914b2b9, 0x172442d7, 0xda8a0600, 0xa96f30bc, 0x163138aa, 0xe38dee4d, 0xb0fb0e4e},
             8, true},
};

struct hashing {
    const struct hash *hash;
    uint32_t state[8];
    unsigned char block[64];
    size_t filled;
    uint64_t size;
};

static void hash_add(struct hashing *hashing, const void *data, size_t size)
{
    const unsigned char *at = data;
    for (hashing->size += size; size > 0; size--) {
        hashing->block[hashing->filled++] = *at++;
        if (hashing->filled == 64) {
            hashing->hash->block(hashing->state, hashing->block);
            hashing->filled = 0;
        }
    }
}

static struct hashing hash_start(enum digest digest)
{
    struct hashing hashing = {.hash = &hashes[digest]};
    memcpy(hashing.state, hashes[digest].start, sizeof hashing.state);
    return hashing;
}

static size_t hash_end(struct hashing *hashing, unsigned char *made)
{
    uint64_t bits = hashing->size * 8;
    unsigned char length[8];
    bool big = hashing->hash->big;
    for (unsigned i = 0; i < 8; i++)
        length[i] = (unsigned char)(bits >> (big ? 56 - 8 * i : 8 * i));
    hash_add(hashing, "\x80", 1);
    while (hashing->filled != 56)
        hash_add(hashing, "", 1);
    hash_add(hashing, length, 8);
    for (size_t i = 0; i < hashing->hash->words; i++)
        store(made + 4 * i, hashing->state[i], big);
    return hashing->hash->words * 4;
}

size_t digest_make(enum digest digest, const char *secret, const char *data, size_t size, unsigned char *made)
{
    if (digest < HMAC_SHA256) {
        struct hashing hashing = hash_start(digest);
        hash_add(&hashing, data, size);
        return hash_end(&hashing, made);
    }
    digest = digest == HMAC_SHA256 ? SHA256 : SM3;
    unsigned char key[64] = {0}, pad[64];
    if (strlen(secret) > sizeof key)
        digest_make(digest, NULL, secret, strlen(secret), key);
    else
        memcpy(key, secret, strlen(secret));
    struct hashing inner = hash_start(digest), outer = hash_start(digest);
    for (unsigned i = 0; i < 64; i++)
        pad[i] = key[i] ^ 0x36;
    hash_add(&inner, pad, 64);
    hash_add(&inner, data, size);
    size_t length = hash_end(&inner, made);
    for (unsigned i = 0; i < 64; i++)
        pad[i] = key[i] ^ 0x5c;
    hash_add(&outer, pad, 64);
    hash_add(&outer, made, length);
    return hash_end(&outer, made);
}

/* ---- ciphers: one block each, the schedule made anew for each message ---- */

struct schedule {
    enum cipher cipher;
    unsigned rounds;
    uint32_t words[60];
    unsigned char subkeys[16][48];
};

static unsigned char aes_inverse(unsigned char value)
{
    return (unsigned char)((const unsigned char *)memchr(aes_box, value, 256) - aes_box);
}

static uint32_t aes_word(uint32_t word)
{
    return (uint32_t)aes_box[word >> 24] << 24 | (uint32_t)aes_box[word >> 16 & 255] << 16 |
           (uint32_t)aes_box[word >> 8 & 255] << 8 | aes_box[word & 255];
}

static void aes_schedule(struct schedule *schedule, const unsigned char *key, unsigned words)
{
    uint32_t constant = 1;
    schedule->rounds = words + 6;
    for (unsigned i = 0; i < 4 * (schedule->rounds + 1); i++) {
        if (i < words) {
            schedule->words[i] = load(key + 4 * i, true);
            continue;
        }
        uint32_t word = schedule->words[i - 1];
        if (i % words == 0) {
            word = aes_word(left(word, 8)) ^ constant << 24;
            constant = constant << 1 ^ (constant & 0x80 ? 0x11b : 0);
        } else if (words > 6 && i % words == 4) {
            word = aes_word(word);
        }
        schedule->words[i] = schedule->words[i - words] ^ word;
    }
}

static unsigned char aes_times(unsigned char value, unsigned factor)
{
    unsigned product = 0, power = value;
    for (; factor != 0; factor >>= 1, power = power << 1 ^ (power & 0x80 ? 0x11b : 0))
        product ^= factor & 1 ? power : 0;
    return (unsigned char)product;
}

static void aes_mix(unsigned char *block, const unsigned char *factors)
{
    for (unsigned column = 0; column < 16; column += 4) {
        unsigned char mixed[4];
        for (unsigned i = 0; i < 4; i++) {
            mixed[i] = 0;
            for (unsigned j = 0; j < 4; j++)
                mixed[i] ^= aes_times(block[column + j], factors[(j + 4 - i) % 4]);
        }
        memcpy(block + column, mixed, 4);
    }
}

static void aes_key(const struct schedule *schedule, unsigned round, unsigned char *block)
{
    for (unsigned i = 0; i < 16; i++)
        block[i] ^= (unsigned char)(schedule->words[4 * round + i / 4] >> (24 - i % 4 * 8));
}

static void aes_rows(unsigned char *block, unsigned direction)
{
    unsigned char moved[16];
    for (unsigned i = 0; i < 16; i++)
        moved[i] = block[(i + direction * (i % 4) * 4) % 16];
    memcpy(block, moved, 16);
}

static void aes_block(const struct schedule *schedule, unsigned char *block, bool open)
{
    static const unsigned char forth[] = {2, 3, 1, 1}, back[] = {14, 11, 13, 9};
    if (!open) {
        aes_key(schedule, 0, block);
        for (unsigned round = 1; round <= schedule->rounds; round++) {
            for (unsigned i = 0; i < 16; i++)
                block[i] = aes_box[block[i]];
            aes_rows(block, 1);
            if (round < schedule->rounds)
                aes_mix(block, forth);
            aes_key(schedule, round, block);
        }
        return;
    }
    for (unsigned round = schedule->rounds; round > 0; round--) {
        aes_key(schedule, round, block);
        if (round < schedule->rounds)
            aes_mix(block, back);
        aes_rows(block, 3);
        for (unsigned i = 0; i < 16; i++)
            block[i] = aes_inverse(block[i]);
    }
    aes_key(schedule, 0, block);
}

static uint32_t sm4_substituted(uint32_t word)
{
    return (uint32_t)sm4_box[word >> 24] << 24 | (uint32_t)sm4_box[word >> 16 & 255] << 16 |
           (uint32_t)sm4_box[word >> 8 & 255] << 8 | sm4_box[word & 255];
}

static void sm4_schedule(struct schedule *schedule, const unsigned char *key)
{
    uint32_t k[36];
    for (unsigned i = 0; i < 4; i++)
        k[i] = load(key + 4 * i, true) ^ sm4_family[i];
    for (unsigned i = 0; i < 32; i++) {
        uint32_t constant = 0;
        for (unsigned j = 0; j < 4; j++)
            constant = constant << 8 | ((4 * i + j) * 7 & 255);
        uint32_t word = sm4_substituted(k[i + 1] ^ k[i + 2] ^ k[i + 3] ^ constant);
        schedule->words[i] = k[i + 4] = k[i] ^ word ^ left(word, 13) ^ left(word, 23);
    }
}

static void sm4_block(const struct schedule *schedule, unsigned char *block, bool open)
{
    uint32_t x[36];
    for (unsigned i = 0; i < 4; i++)
        x[i] = load(block + 4 * i, true);
    for (unsigned i = 0; i < 32; i++) {
        uint32_t word = sm4_substituted(x[i + 1] ^ x[i + 2] ^ x[i + 3] ^ schedule->words[open ? 31 - i : i]);
        x[i + 4] = x[i] ^ word ^ left(word, 2) ^ left(word, 10) ^ left(word, 18) ^ left(word, 24);
    }
    for (unsigned i = 0; i < 4; i++)
        store(block + 4 * i, x[35 - i], true);
}

static void des_bits(const unsigned char *bytes, unsigned char *bits)
{
    for (unsigned i = 0; i < 64; i++)
        bits[i] = bytes[i / 8] >> (7 - i % 8) & 1;
}

static void des_pick(const unsigned char *from, unsigned char *to, const unsigned char *places, size_t count)
{
    for (size_t i = 0; i < count; i++)
        to[i] = from[places[i] - 1];
}

static void des_schedule(struct schedule *schedule, const unsigned char *key)
{
    unsigned char bits[64], halves[56], turned[56];
    des_bits(key, bits);
    des_pick(bits, halves, des_choice1, 56);
    for (unsigned round = 0; round < 16; round++) {
        unsigned by = round == 0 || round == 1 || round == 8 || round == 15 ? 1 : 2;
        for (unsigned i = 0; i < 28; i++) {
            turned[i] = halves[(i + by) % 28];
            turned[28 + i] = halves[28 + (i + by) % 28];
        }
        memcpy(halves, turned, 56);
        des_pick(halves, schedule->subkeys[round], des_choice2, 48);
    }
}

static void des_block(const struct schedule *schedule, unsigned char *block, bool open)
{
    unsigned char bits[64], mixed[64], expanded[48], chosen[32], permuted[32];
    des_bits(block, bits);
    des_pick(bits, mixed, des_initial, 64);
    for (unsigned round = 0; round < 16; round++) {
        unsigned char *before = mixed, *after = mixed + 32, next[32];
        des_pick(after, expanded, des_expansion, 48);
        for (unsigned i = 0; i < 48; i++)
            expanded[i] ^= schedule->subkeys[open ? 15 - round : round][i];
        for (unsigned i = 0; i < 8; i++) {
            const unsigned char *six = expanded + 6 * i;
            unsigned row = six[0] * 2 + six[5], column = six[1] * 8 + six[2] * 4 + six[3] * 2 + six[4];
            for (unsigned j = 0; j < 4; j++)
                chosen[4 * i + j] = des_boxes[64 * i + 16 * row + column] >> (3 - j) & 1;
        }
        des_pick(chosen, permuted, des_permutation, 32);
        for (unsigned i = 0; i < 32; i++)
            next[i] = before[i] ^ permuted[i];
        memcpy(before, after, 32);
        memcpy(after, next, 32);
    }
    memcpy(bits, mixed + 32, 32);
    memcpy(bits + 32, mixed, 32);
    des_pick(bits, mixed, des_final, 64);
    memset(block, 0, 8);
    for (unsigned i = 0; i < 64; i++)
        block[i / 8] |= (unsigned char)(mixed[i] << (7 - i % 8));
}

size_t cipher_key_size(enum cipher cipher)
{
    return cipher == AES256 ? 32 : cipher == DES ? 8 : 16;
}

static size_t block_size(enum cipher cipher)
{
    return cipher == DES ? 8 : 16;
}

static struct schedule scheduled(enum cipher cipher, const unsigned char *key)
{
    struct schedule schedule = {.cipher = cipher};
    if (cipher == SM4)
        sm4_schedule(&schedule, key);
    else if (cipher == DES)
        des_schedule(&schedule, key);
    else
        aes_schedule(&schedule, key, cipher == AES256 ? 8 : 4);
    return schedule;
}

static void one_block(const struct schedule *schedule, unsigned char *block, bool open)
{
    if (schedule->cipher == SM4)
        sm4_block(schedule, block, open);
    else if (schedule->cipher == DES)
        des_block(schedule, block, open);
    else
        aes_block(schedule, block, open);
}

static size_t rc4(const unsigned char *key, size_t key_size, const unsigned char *data, size_t size, unsigned char *made)
{
    unsigned char box[256], swap;
    unsigned i, j = 0;
    for (i = 0; i < 256; i++)
        box[i] = (unsigned char)i;
    for (i = 0; i < 256; i++) {
        j = (j + box[i] + key[i % key_size]) & 255;
        swap = box[i], box[i] = box[j], box[j] = swap;
    }
    i = j = 0;
    for (size_t at = 0; at < size; at++) {
        i = (i + 1) & 255;
        j = (j + box[i]) & 255;
        swap = box[i], box[i] = box[j], box[j] = swap;
        made[at] = data[at] ^ box[(box[i] + box[j]) & 255];
    }
    return size;
}

size_t cipher_seal(enum cipher cipher, enum mode mode, const unsigned char *key, const unsigned char *iv,
                   const unsigned char *data, size_t size, unsigned char *made)
{
    if (cipher == RC4)
        return rc4(key, 16, data, size, made);
    struct schedule schedule = scheduled(cipher, key);
    size_t block = block_size(cipher), padding = block - size % block;
    memcpy(made, data, size);
    memset(made + size, (int)padding, padding);
    for (size_t at = 0; at < size + padding; at += block) {
        const unsigned char *before = at == 0 ? iv : made + at - block;
        for (size_t i = 0; mode == CBC && i < block; i++)
            made[at + i] ^= before[i];
        one_block(&schedule, made + at, false);
    }
    return size + padding;
}

size_t cipher_open(enum cipher cipher, enum mode mode, const unsigned char *key, const unsigned char *iv,
                   const unsigned char *data, size_t size, unsigned char *made)
{
    if (cipher == RC4)
        return rc4(key, 16, data, size, made);
    struct schedule schedule = scheduled(cipher, key);
    size_t block = block_size(cipher);
    if (size == 0 || size % block != 0)
        return 0;
    memcpy(made, data, size);
    for (size_t at = 0; at < size; at += block) {
        const unsigned char *before = at == 0 ? iv : data + at - block;
        one_block(&schedule, made + at, true);
        for (size_t i = 0; mode == CBC && i < block; i++)
            made[at + i] ^= before[i];
    }
    size_t padding = made[size - 1];
    return padding == 0 || padding > block ? 0 : size - padding;
}

/* ---- encodings ---- */

static const char base64_letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

char *encode(struct pool *pool, enum encoding encoding, const unsigned char *data, size_t size)
{
    struct text text = text_new(pool);
    if (encoding != BASE64) {
        for (size_t i = 0; i < size; i++)
            text_print(&text, encoding == UPPER_HEX ? "%02X" : "%02x", data[i]);
        return text.bytes;
    }
    for (size_t at = 0; at < size; at += 3) {
        uint32_t three = (uint32_t)data[at] << 16;
        three |= at + 1 < size ? data[at + 1] << 8 : 0;
        three |= at + 2 < size ? data[at + 2] : 0;
        for (unsigned i = 0; i < 4; i++)
            text_add(&text, at + i > size ? "=" : &base64_letters[three >> (18 - 6 * i) & 63], 1);
    }
    return text.bytes;
}

static int hex_digit(char letter)
{
    return letter >= '0' && letter <= '9' ? letter - '0' : (letter | 32) >= 'a' && (letter | 32) <= 'f' ? (letter | 32) - 'a' + 10 : -1;
}

unsigned char *decode(struct pool *pool, enum encoding encoding, const char *text, size_t *size)
{
    size_t length = strlen(text);
    unsigned char *made = pool_take(pool, length + 1);
    *size = 0;
    if (encoding != BASE64) {
        for (size_t i = 0; i + 1 < length; i += 2) {
            if (hex_digit(text[i]) < 0 || hex_digit(text[i + 1]) < 0)
                return NULL;
            made[(*size)++] = (unsigned char)(hex_digit(text[i]) << 4 | hex_digit(text[i + 1]));
        }
        return length % 2 == 0 ? made : NULL;
    }
    uint32_t bits = 0;
    unsigned held = 0;
    for (size_t i = 0; i < length && text[i] != '='; i++) {
        const char *found = strchr(base64_letters, text[i]);
        if (found == NULL)
            return NULL;
        bits = bits << 6 | (uint32_t)(found - base64_letters);
        held += 6;
        if (held >= 8) {
            held -= 8;
            made[(*size)++] = (unsigned char)(bits >> held);
        }
    }
    return made;
}
