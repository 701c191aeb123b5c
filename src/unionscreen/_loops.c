/* Loops over the bytes of a block, which Arrow's general functions take twice as long for.
 *
 * They only save time: compiled.py calls them, and whatever they cannot decide for sure is left to the Python code,
 * which also does all of it where this file is not compiled. Nothing here allocates memory or knows Python. Texts are
 * as Arrow has them: the bytes of all texts, and for text i the offsets i and i + 1 at which it starts and ends.
 */

#include <stdint.h>
#include <string.h>

#ifdef __SSE2__ /* every processor of the x86-64 family */
#include <emmintrin.h>
#endif

#ifndef SOURCE_SHA256
#define SOURCE_SHA256 ""
#endif

/* compiled.py compares it with this file, so that no library of an older source is used. */
const char source_sha256[] = SOURCE_SHA256;

/* Most cells are shorter, and copying a fixed number of bytes takes one instruction or two. */
#define SHORT 32

/* How many bytes can end a cell: the zero after the last line, the ends of a line, the delimiter, a quote. */
#define ENDS 5

/* Append a cell to the texts of its column; returns the number of bytes there. The column has SHORT bytes to spare. */
static int32_t append(uint8_t *texts, int32_t used, const uint8_t *start, const uint8_t *end, const uint8_t *last) {
    if (end - start <= SHORT && last - start >= SHORT)
        memcpy(texts + used, start, SHORT);
    else
        memcpy(texts + used, start, end - start);
    return used + (int32_t)(end - start);
}

/* So many bytes at once: a count of them fits a byte, and vectors of 16 or 32 bytes divide it. */
#define PIECE 224

/* Count a byte in each stretch of the data, and look for two others. Returns whether one of these is there.
 *
 * counts: room for one count for each stretch, the last of which may be shorter.
 */
int look_over(const uint8_t *data, int64_t size, int counted, int64_t stretch, int64_t *counts, int one, int other) {
    /* Compared as bytes, else the compiler makes each of them an int first. */
    const uint8_t wanted = (uint8_t)counted, first = (uint8_t)one, second = (uint8_t)other;
    uint8_t found = 0;
    for (int64_t from = 0; from < size; from += stretch) {
        const uint8_t *at = data + from, *end = size - from < stretch ? data + size : at + stretch;
        int64_t count = 0;
        while (at < end) {
            uint8_t some = 0;
            const int length = end - at < PIECE ? (int)(end - at) : PIECE;
            for (int i = 0; i < length; i++) {
                some += at[i] == wanted;
                found |= (at[i] == first) | (at[i] == second);
            }
            count += some;
            at += length;
        }
        *counts++ = count;
    }
    return found;
}

/* The bytes that end a cell: which they are, and the same as vectors. */
struct ends {
    uint8_t is[256];
#ifdef __SSE2__
    __m128i each[ENDS];
#endif
};

static struct ends ends_of(const uint8_t *bytes) {
    struct ends ends;
    memset(&ends, 0, sizeof ends);
    for (int i = 0; i < ENDS; i++) {
        ends.is[bytes[i]] = 1;
#ifdef __SSE2__
        ends.each[i] = _mm_set1_epi8((char)bytes[i]);
#endif
    }
    return ends;
}

/* The first byte that ends a cell. There always is one: the zero after the last line. */
static inline const uint8_t *end_of(const uint8_t *at, const uint8_t *last, const struct ends *ends) {
#ifdef __SSE2__
    for (; last - at >= 16; at += 16) {
        __m128i bytes = _mm_loadu_si128((const __m128i *)at), found = _mm_cmpeq_epi8(bytes, ends->each[0]);
        for (int i = 1; i < ENDS; i++)
            found = _mm_or_si128(found, _mm_cmpeq_epi8(bytes, ends->each[i]));
        int mask = _mm_movemask_epi8(found);
        if (mask)
            return at + __builtin_ctz((unsigned)mask);
    }
#endif
    while (!ends->is[*at])
        at++;
    return at;
}

/* Split whole lines into cells and copy the wanted columns.
 *
 * data: the lines, with a zero byte after the last one.
 * quoting: whether a cell may be in double quotes; then two of them stand for one.
 * fields: cells of a line. wanted: for each of them, the number of the column to copy it to, or -1.
 * used, offsets, texts: by column: 0; room for lines + 1 offsets, of which the first is 0; room for size + SHORT bytes.
 *
 * Returns 1 if there are exactly that many lines and each is one row. Returns 0 if anything is not plain: a line with
 * another number of cells, a line break or a zero byte in a cell, a quote inside a cell without quotes.
 */
int split(const uint8_t *data, int64_t size, int64_t lines, int delimiter, int quoting, int fields,
          const int16_t *wanted, int32_t *used, int32_t **offsets, uint8_t **texts) {
    const uint8_t plain_ends[ENDS] = {0, '\n', '\r', (uint8_t)delimiter, quoting ? '"' : 0};
    const uint8_t quoted_ends[ENDS] = {0, '\n', '\r', '"', '"'};
    const struct ends plain = ends_of(plain_ends), in_quotes = ends_of(quoted_ends);
    const uint8_t *at = data, *last = data + size;

    for (int64_t line = 0; line < lines; line++) {
        for (int field = 0; field < fields; field++) {
            int column = wanted[field], quoted = quoting && *at == '"';
            const uint8_t *start = at += quoted;
            at = end_of(at, last, quoted ? &in_quotes : &plain);
            while (quoted && at[0] == '"' && at[1] == '"') { /* the first of them belongs to the cell */
                if (column >= 0)
                    used[column] = append(texts[column], used[column], start, at + 1, last);
                start = at += 2;
                at = end_of(at, last, &in_quotes);
            }
            if (quoted && *at != '"')
                return 0;
            if (column >= 0) {
                used[column] = append(texts[column], used[column], start, at, last);
                offsets[column][line + 1] = used[column];
            }
            at += quoted;
            if (field < fields - 1 && *at++ != delimiter)
                return 0;
        }
        if (at[0] == '\r' && at[1] == '\n')
            at++;
        if (*at == '\n')
            at++;
        else if (at != last) /* only the last line may lack its end */
            return 0;
    }
    return at == last;
}

/* Read the cents of amounts in the usual notation: $1,234.50, -20, 3.5. More than MAX_DOLLARS digits are not usual.
 *
 * cents: room for all of them. odd: becomes 1 for each text that is in another notation, or is not an amount.
 * Returns how many of those there are.
 */
#define MAX_DOLLARS 10

int64_t read_cents(const uint8_t *texts, const int32_t *offsets, int64_t count, int64_t *cents, uint8_t *odd) {
    int64_t others = 0;
    for (int64_t i = 0; i < count; i++) {
        const uint8_t *at = texts + offsets[i], *end = texts + offsets[i + 1];
        int64_t value = 0;
        int negative, digits = 0, group = 0, grouped = 0, fine, point, decimals = 0;

        at += at < end && *at == '$';
        at += negative = at < end && *at == '-';
        for (; at < end && (*at == ',' || (*at >= '0' && *at <= '9')); at++) {
            if (*at == ',') { /* one to three digits before the first comma, three after each */
                if (grouped ? group != 3 : group < 1 || group > 3)
                    break;
                grouped = 1;
                group = 0;
            } else if (digits < MAX_DOLLARS) {
                value = 10 * value + (*at - '0');
                digits++;
                group++;
            } else {
                break;
            }
        }
        fine = digits && (!grouped || group == 3);
        point = at < end && *at == '.';
        at += point;
        for (; decimals < 2; decimals++) {
            int there = point && at < end && *at >= '0' && *at <= '9';
            value = 10 * value + (there ? *at - '0' : 0);
            at += there;
        }
        odd[i] = !fine || at != end;
        cents[i] = odd[i] ? 0 : negative ? -value : value;
        others += odd[i];
    }
    return others;
}

/* Find the texts with one of the pieces of an automaton (matching/pieces.py makes it).
 *
 * classes: for each byte its class; 0 stands between words and counts once, and ODD makes the text pass.
 * many: how many classes there are. next: for each state and class the next state; last: the state to find.
 * pass: becomes 1 for each text that may match, else 0.
 */
#define ODD 255

void find_pieces(const uint8_t *texts, const int32_t *offsets, int64_t count, const uint8_t *classes, int many,
                 const int32_t *next, int last, uint8_t *pass) {
    for (int64_t i = 0; i < count; i++) {
        const uint8_t *at = texts + offsets[i], *end = texts + offsets[i + 1];
        int state = next[0], before = 0; /* a text begins between words, and so it ends */
        while (at <= end && state != last) {
            int class = at < end ? classes[*at] : 0;
            at++;
            if (class == ODD)
                state = last;
            else if (class || before)
                state = next[state * many + class];
            before = class;
        }
        pass[i] = state == last;
    }
}
