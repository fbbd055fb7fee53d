/*
 * The kernels of one instruction set: contract.c includes this file once for each, with LB_ISA (its name), LB_KIND (its
 * number) and TARGET (the attribute of its functions). See there for what they compute and in which order they add.
 */

/* What each brings: V a vector of VEC floats, tiles of MR rows × NV (rows ≤ 2: WIDE) vectors, dot tiles of DR × DC. */
#if LB_KIND == AVX512
#define VEC 16
#define MR 6
#define NV 4
#define WIDE 8
#define DR 4
#define DC 6
#define MASKED 1
#define V __m512
#define MASK __mmask16
#define maskOf(count) ((__mmask16)((1u << (count)) - 1))
#define load(p) _mm512_loadu_ps(p)
#define loadMasked(p, mask) _mm512_maskz_loadu_ps(mask, p)
#define store(p, v) _mm512_storeu_ps(p, v)
#define storeMasked(p, mask, v) _mm512_mask_storeu_ps(p, mask, v)
#define splat(x) _mm512_set1_ps(x)
#define add(a, b) _mm512_add_ps(a, b)
#define multiplyAdd(a, b, c) _mm512_fmadd_ps(a, b, c)
#define unpackLow(a, b) _mm512_unpacklo_ps(a, b)
#define unpackHigh(a, b) _mm512_unpackhi_ps(a, b)
#define shuffle(a, b, order) _mm512_shuffle_ps(a, b, order)
#elif LB_KIND == AVX2
#define VEC 8
#define MR 6
#define NV 2
#define WIDE 4
#define DR 3
#define DC 4
#define MASKED 1
#define V __m256
#define MASK __m256i
#define maskOf(count) _mm256_cmpgt_epi32(_mm256_set1_epi32((int)(count)), _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7))
#define load(p) _mm256_loadu_ps(p)
#define loadMasked(p, mask) _mm256_maskload_ps(p, mask)
#define store(p, v) _mm256_storeu_ps(p, v)
#define storeMasked(p, mask, v) _mm256_maskstore_ps(p, mask, v) /* slow on some machines: only at edges */
#define splat(x) _mm256_set1_ps(x)
#define add(a, b) _mm256_add_ps(a, b)
#define multiplyAdd(a, b, c) _mm256_fmadd_ps(a, b, c)
#define unpackLow(a, b) _mm256_unpacklo_ps(a, b)
#define unpackHigh(a, b) _mm256_unpackhi_ps(a, b)
#define shuffle(a, b, order) _mm256_shuffle_ps(a, b, order)
#else
#define VEC 4
#define MASKED 0
#define V Four
#define MASK uint32_t
#define maskOf(count) ((uint32_t)(count))
#define load(p) loadFour((const char *)(p))
#define loadMasked(p, mask) JOIN(loadSome, LB_ISA)(p, mask)
#define store(p, v) storeFour(p, v)
#define storeMasked(p, mask, v) JOIN(storeSome, LB_ISA)(p, mask, v)
#define splat(x) ((Four){x, x, x, x})
#define add(a, b) ((a) + (b))
#if LB_KIND == NEON
#define MR 6
#define NV 4
#define WIDE 8
#define DR 4
#define DC 6
#define multiplyAdd(a, b, c) ((Four)vfmaq_f32((float32x4_t)(c), (float32x4_t)(a), (float32x4_t)(b)))
#else
#define MR 4
#define NV 2
#define WIDE 4
#define DR 4
#define DC 2
#define multiplyAdd(a, b, c) ((a) * (b) + (c))
#endif
#endif
#define NAME(name) JOIN(name, LB_ISA)
#define PACKED_ROW ((size_t)MR * 4)
#if defined(__clang__)
#define UNROLL _Pragma("unroll")
#else
#define UNROLL _Pragma("GCC unroll 8")
#endif

#if !MASKED
/* The first `count` floats, the rest zero; never reads or writes beyond them. */
INLINE Four NAME(loadSome)(const float *p, uint32_t count) {
  Four v = {0, 0, 0, 0};
  for (uint32_t i = 0; i < count; i++) v[i] = p[i];
  return v;
}
INLINE void NAME(storeSome)(float *p, uint32_t count, Four v) {
  for (uint32_t i = 0; i < count; i++) p[i] = v[i];
}
#endif

/* Sums of all lanes of four vectors, in each the halves added onto each other until one is left. */
TARGET INLINE Four NAME(sums)(V a, V b, V c, V d) {
#if LB_KIND == AVX512
  const V ab = add(_mm512_shuffle_f32x4(a, b, 0x44), _mm512_shuffle_f32x4(a, b, 0xee));
  const V cd = add(_mm512_shuffle_f32x4(c, d, 0x44), _mm512_shuffle_f32x4(c, d, 0xee));
  V all = add(_mm512_shuffle_f32x4(ab, cd, 0x88), _mm512_shuffle_f32x4(ab, cd, 0xdd)); /* four lanes of each */
  all = add(all, _mm512_permute_ps(all, 0x4e));
  all = add(all, _mm512_permute_ps(all, 0xb1));
  const __m512i firsts = _mm512_setr_epi32(0, 4, 8, 12, 0, 4, 8, 12, 0, 4, 8, 12, 0, 4, 8, 12);
  return (Four)_mm512_castps512_ps128(_mm512_permutexvar_ps(firsts, all));
#elif LB_KIND == AVX2
  const V ab = add(_mm256_permute2f128_ps(a, b, 0x20), _mm256_permute2f128_ps(a, b, 0x31));
  const V cd = add(_mm256_permute2f128_ps(c, d, 0x20), _mm256_permute2f128_ps(c, d, 0x31));
  V all = add(shuffle(ab, cd, 0x44), shuffle(ab, cd, 0xee)); /* two lanes of a and c, then of b and d */
  all = add(all, _mm256_permute_ps(all, 0xb1));
  const __m128 acbd = _mm_shuffle_ps(_mm256_castps256_ps128(all), _mm256_extractf128_ps(all, 1), 0x88);
  return (Four)_mm_permute_ps(acbd, 0xd8);
#else
  return (Four){(a[0] + a[2]) + (a[1] + a[3]), (b[0] + b[2]) + (b[1] + b[3]), (c[0] + c[2]) + (c[1] + c[3]), (d[0] + d[2]) + (d[1] + d[3])};
#endif
}

/*
 * C(mr × nv vectors) = or += A · B over kc. Element (i, k) of A lies at a + i·aRow + k·aDepth; row k of B is contiguous at
 * b + k·bDepth. Only `tail` lanes of the last vector are stored (and read, where B is not packed).
 */
TARGET INLINE void NAME(tile)(const int mr, const int nv, const char *a, size_t aRow, size_t aDepth, const char *b, size_t bDepth, size_t kc,
                              char *c, size_t cRow, uint32_t tail, int first) {
  V sums[MR][WIDE];
  const MASK mask = maskOf(tail);
  UNROLL for (int i = 0; i < mr; i++) {
    UNROLL for (int v = 0; v < nv; v++) sums[i][v] = splat(0.0f);
  }
  for (size_t k = 0; k < kc; k++) {
    V row[WIDE];
    UNROLL for (int v = 0; v < nv; v++) {
      const float *p = (const float *)b + v * VEC;
      row[v] = MASKED && v == nv - 1 ? loadMasked(p, mask) : load(p);
    }
    UNROLL for (int i = 0; i < mr; i++) {
      const V x = splat(*(const float *)(a + i * aRow));
      UNROLL for (int v = 0; v < nv; v++) sums[i][v] = multiplyAdd(x, row[v], sums[i][v]);
    }
    a += aDepth;
    b += bDepth;
  }
  UNROLL for (int i = 0; i < mr; i++) {
    float *out = (float *)(c + i * cRow);
    UNROLL for (int v = 0; v < nv; v++) {
      if (v < nv - 1 || tail == VEC) {
        store(out + v * VEC, first ? sums[i][v] : add(load(out + v * VEC), sums[i][v]));
      } else {
        storeMasked(out + v * VEC, mask, first ? sums[i][v] : add(loadMasked(out + v * VEC, mask), sums[i][v]));
      }
    }
  }
}

typedef void NAME(Tile)(const char *, size_t, size_t, const char *, size_t, size_t, char *, size_t, uint32_t, int);

#define TILE(mr, nv)                                                                                                                      \
  TARGET static void JOIN(NAME(tile##mr), nv)(const char *a, size_t aRow, size_t aDepth, const char *b, size_t bDepth, size_t kc, char *c, \
                                              size_t cRow, uint32_t tail, int first) {                                                    \
    NAME(tile)(mr, nv, a, aRow, aDepth, b, bDepth, kc, c, cRow, tail, first);                                                             \
  }
#define TILES(nv) TILE(1, nv) TILE(2, nv) TILE(3, nv) TILE(4, nv) TILE(5, nv) TILE(6, nv)
#define TILE_NAMES(nv) {JOIN(NAME(tile1), nv), JOIN(NAME(tile2), nv), JOIN(NAME(tile3), nv), JOIN(NAME(tile4), nv), JOIN(NAME(tile5), nv), JOIN(NAME(tile6), nv)}
#define LOW_TILES(nv) TILE(1, nv) TILE(2, nv)
#define LOW_TILE_NAMES(nv) {JOIN(NAME(tile1), nv), JOIN(NAME(tile2), nv)}
#if MR < 6
#undef TILES
#undef TILE_NAMES
#define TILES(nv) TILE(1, nv) TILE(2, nv) TILE(3, nv) TILE(4, nv)
#define TILE_NAMES(nv) {JOIN(NAME(tile1), nv), JOIN(NAME(tile2), nv), JOIN(NAME(tile3), nv), JOIN(NAME(tile4), nv)}
#endif
TILES(1)
TILES(2)
#if NV == 4
TILES(3)
TILES(4)
LOW_TILES(5)
LOW_TILES(6)
LOW_TILES(7)
LOW_TILES(8)
#else
LOW_TILES(3)
LOW_TILES(4)
#endif

/* By number of vectors − 1 and number of rows − 1. */
static NAME(Tile) *const NAME(tiles)[WIDE][MR] = {
    TILE_NAMES(1),     TILE_NAMES(2),
#if NV == 4
    TILE_NAMES(3),     TILE_NAMES(4),     LOW_TILE_NAMES(5), LOW_TILE_NAMES(6), LOW_TILE_NAMES(7), LOW_TILE_NAMES(8),
#else
    LOW_TILE_NAMES(3), LOW_TILE_NAMES(4),
#endif
};

#if MASKED
/* Four contiguous depths of VEC columns become four rows at `out`, `width` floats apart. */
TARGET INLINE void NAME(transpose)(const char *from, const uint32_t *columns, float *out, size_t width) {
  /* Lane q of part i is column 4q + i, so that transposing within lanes puts the columns in order. */
  V part[4];
  UNROLL for (int i = 0; i < 4; i++) {
#define LANE(q) _mm_loadu_ps((const float *)(from + columns[4 * (q) + i]))
#if LB_KIND == AVX512
    part[i] = _mm512_insertf32x4(_mm512_castps128_ps512(LANE(0)), LANE(1), 1);
    part[i] = _mm512_insertf32x4(_mm512_insertf32x4(part[i], LANE(2), 2), LANE(3), 3);
#else
    part[i] = _mm256_insertf128_ps(_mm256_castps128_ps256(LANE(0)), LANE(1), 1);
#endif
#undef LANE
  }
  const V low01 = unpackLow(part[0], part[1]), high01 = unpackHigh(part[0], part[1]);
  const V low23 = unpackLow(part[2], part[3]), high23 = unpackHigh(part[2], part[3]);
  store(out, shuffle(low01, low23, 0x44));
  store(out + width, shuffle(low01, low23, 0xee));
  store(out + 2 * width, shuffle(high01, high23, 0x44));
  store(out + 3 * width, shuffle(high01, high23, 0xee));
}
#endif

/* kc rows of `width` floats (a multiple of VEC): `count` columns at the given offsets, the rest zero or left over. */
TARGET static void NAME(packPanel)(const Job *job, const uint32_t *columns, uint32_t count, const uint32_t *depths, uint32_t kc, float *out,
                                   uint32_t width) {
  const char *b = job->b;
  /* Neighbouring columns that are contiguous, VEC at most, are copied at once. */
  uint32_t starts[PANEL_MOST + 1], chunks = 0;
  MASK masks[PANEL_MOST];
  for (uint32_t j = 0; j < count; j++) {
    if (j == 0 || columns[j] != columns[j - 1] + 4 || j - starts[chunks - 1] == VEC) starts[chunks++] = j;
  }
  starts[chunks] = count;
  if (chunks * 2 <= count + 1) {
    for (uint32_t q = 0; q < chunks; q++) masks[q] = maskOf(starts[q + 1] - starts[q]);
    for (uint32_t k = 0; k < kc; k++, out += width) {
      const char *row = b + depths[k];
      /* What a chunk writes beyond its end, the next one or the next row overwrites. */
      for (uint32_t q = 0; q < chunks; q++) store(out + starts[q], loadMasked((const float *)(row + columns[starts[q]]), masks[q]));
    }
    return;
  }
  for (uint32_t j = count; j < width; j++) {
    for (uint32_t k = 0; k < kc; k++) out[(size_t)k * width + j] = 0.0f;
  }
  uint32_t k = 0;
  while (k < kc) {
    /* Depths that are contiguous are transposed four by four. */
    const int four = isFour(depths, k, kc);
    const char *row = b + depths[k];
    float *to = out + (size_t)k * width;
    uint32_t j = 0;
    if (four) {
#if MASKED
      for (; j + VEC <= count; j += VEC) NAME(transpose)(row, columns + j, to + j, width);
#endif
      for (; j + 4 <= count; j += 4) {
        transposeFour(row + columns[j], row + columns[j + 1], row + columns[j + 2], row + columns[j + 3], to + j, width);
      }
    }
    for (uint32_t end = k + (four ? 4 : 1), start = j; k < end; k++, to += width) {
      for (j = start; j < count; j++) to[j] = *(const float *)(b + depths[k] + columns[j]);
    }
  }
}

/* Panels of MR rows: kc × MR floats each. */
TARGET static void NAME(packRows)(const Job *job, const uint32_t *rows, uint32_t count, const uint32_t *depths, uint32_t kc, float *out) {
  for (uint32_t i = 0; i < count; i += MR, out += (size_t)kc * MR) {
    const uint32_t mr = smaller(MR, count - i);
    const uint32_t fours = mr / 4 * 4;
    if (mr == MR && job->aRow.stride == 4) {
      const char *from = job->a + rows[i];
      for (uint32_t k = 0; k < kc; k++) memcpy(out + (size_t)k * MR, from + depths[k], PACKED_ROW);
      continue;
    }
    uint32_t k = 0;
    while (k < kc) {
      const int four = isFour(depths, k, kc);
      const char *column = job->a + depths[k];
      float *to = out + (size_t)k * MR;
      uint32_t r = 0;
      if (four) {
        for (; r < fours; r += 4) {
          transposeFour(column + rows[i + r], column + rows[i + r + 1], column + rows[i + r + 2], column + rows[i + r + 3], to + r, MR);
        }
      }
      for (uint32_t end = k + (four ? 4 : 1), start = r; k < end; k++, to += MR) {
        for (r = start; r < mr; r++) to[r] = *(const float *)(job->a + depths[k] + rows[i + r]);
      }
    }
  }
}

TARGET static Failure NAME(sequential)(const Job *job, Scratch *scratch) {
  const uint32_t rows = job->m1 - job->m0;
  const uint32_t panel = (rows <= 2 ? WIDE : NV) * VEC;
  const int regularA = job->aRow.table == NULL && job->aDepth.table == NULL;
  for (uint32_t jc = job->n0; jc < job->n1; jc += NC) {
    const uint32_t nc = smaller(NC, job->n1 - jc);
    const uint64_t mostColumn = copyOffsets(&job->bColumn, jc, nc, scratch->columnOffsets);
    /* Packing pays where rows of B are used again and again, and where they are not rows at all. */
    const int direct = job->bColumn.stride == 4 && job->bDepth.table == NULL && rows <= 4 * MR && (MASKED || nc % VEC == 0);
    const int packA = !regularA || (job->aDepth.stride != 4 && nc > panel && rows > MR && job->depth >= 64);
    for (uint32_t kb = 0, kc; kb < job->depth; kb += kc) {
      kc = smaller(job->depthBlock, job->depth - kb);
      if (mostColumn + copyOffsets(&job->bDepth, kb, kc, scratch->bDepthOffsets) + 4 > job->bLimit) return outsideText;
      const uint64_t mostDepth = copyOffsets(&job->aDepth, kb, kc, scratch->aDepthOffsets);
      for (uint32_t ic = job->m0; ic < job->m1; ic += MC) {
        const uint32_t mc = smaller(MC, job->m1 - ic);
        if (packA) {
          if (mostDepth + copyOffsets(&job->aRow, ic, mc, scratch->rowOffsets) + 4 > job->aLimit) return outsideText;
          NAME(packRows)(job, scratch->rowOffsets, mc, scratch->aDepthOffsets, kc, scratch->packedA);
        }
        for (uint32_t j = 0; j < nc; j += panel) {
          const uint32_t count = smaller(panel, nc - j);
          const uint32_t vectors = (count + VEC - 1) / VEC;
          const uint32_t width = vectors * VEC;
          const char *b = direct ? job->b + scratch->columnOffsets[j] + scratch->bDepthOffsets[0] : (const char *)(scratch->packedB + (size_t)j * KC);
          if (!direct && ic == job->m0) {
            NAME(packPanel)(job, scratch->columnOffsets + j, count, scratch->bDepthOffsets, kc, scratch->packedB + (size_t)j * KC, width);
          }
          const size_t bDepth = direct ? job->bDepth.stride : width * sizeof(float);
          const uint32_t tail = count - (vectors - 1) * VEC;
          char *c = job->c + (ic - job->m0) * job->cRow + (jc - job->n0 + j) * sizeof(float);
          for (uint32_t i = 0, mr; i < mc; i += mr) {
            mr = packA ? smaller(MR, mc - i) : tileRows(mc - i, MR);
            NAME(Tile) *tile = NAME(tiles)[vectors - 1][mr - 1];
            if (packA) {
              tile((const char *)(scratch->packedA + (size_t)i * kc), 4, PACKED_ROW, b, bDepth, kc, c, job->cRow, tail, kb == 0);
            } else {
              const char *a = job->a + (uint64_t)(ic + i) * job->aRow.stride + (uint64_t)kb * job->aDepth.stride;
              tile(a, job->aRow.stride, job->aDepth.stride, b, bDepth, kc, c, job->cRow, tail, kb == 0);
            }
            c += mr * job->cRow;
          }
        }
      }
    }
  }
  return NULL;
}

/* C(mr × nc) = or += dot products over the block's runs of contiguous depths. */
TARGET INLINE void NAME(dot)(const int mr, const int nc, const char *a, const uint32_t *rows, const char *b, const uint32_t *columns,
                             const Runs *runs, char *c, size_t cRow) {
  V sums[DR][DC];
  const char *left[DR], *right[DC];
  UNROLL for (int i = 0; i < mr; i++) left[i] = a + rows[i];
  UNROLL for (int j = 0; j < nc; j++) right[j] = b + columns[j];
  UNROLL for (int i = 0; i < mr; i++) {
    UNROLL for (int j = 0; j < nc; j++) sums[i][j] = splat(0.0f);
  }
  const uint32_t whole = runs->length / VEC * VEC, rest = runs->length - whole;
  const MASK mask = maskOf(rest);
  for (uint32_t r = 0; r < runs->count; r++) {
    size_t p = runs->a[r], q = runs->b[r];
    for (uint32_t k = 0; k < whole; k += VEC, p += VEC * sizeof(float), q += VEC * sizeof(float)) {
      V x[DR];
      UNROLL for (int i = 0; i < mr; i++) x[i] = load((const float *)(left[i] + p));
      UNROLL for (int j = 0; j < nc; j++) {
        const V y = load((const float *)(right[j] + q));
        UNROLL for (int i = 0; i < mr; i++) sums[i][j] = multiplyAdd(x[i], y, sums[i][j]);
      }
    }
    if (rest > 0) {
      V x[DR];
      UNROLL for (int i = 0; i < mr; i++) x[i] = loadMasked((const float *)(left[i] + p), mask);
      UNROLL for (int j = 0; j < nc; j++) {
        const V y = loadMasked((const float *)(right[j] + q), mask);
        UNROLL for (int i = 0; i < mr; i++) sums[i][j] = multiplyAdd(x[i], y, sums[i][j]);
      }
    }
  }
  /* Whole fours of a row at once, what is left of it by columns. */
  const int fours = nc / 4 * 4, last = mr - 1;
  UNROLL for (int i = 0; i < mr; i++) {
    UNROLL for (int j = 0; j < fours; j += 4) {
      float *out = (float *)(c + i * cRow) + j;
      const Four four = NAME(sums)(sums[i][j], sums[i][j + 1], sums[i][j + 2], sums[i][j + 3]);
      storeFour(out, runs->first ? four : loadFour((const char *)out) + four);
    }
  }
  UNROLL for (int j = fours; j < nc; j++) {
    const Four column = NAME(sums)(sums[0][j], sums[1 < last ? 1 : last][j], sums[2 < last ? 2 : last][j], sums[last][j]);
    UNROLL for (int i = 0; i < mr; i++) {
      float *out = (float *)(c + i * cRow) + j;
      *out = runs->first ? column[i == last ? 3 : i] : *out + column[i == last ? 3 : i];
    }
  }
}

typedef void NAME(Dot)(const char *, const uint32_t *, const char *, const uint32_t *, const Runs *, char *, size_t);

#define DOT(mr, nc)                                                                                                       \
  TARGET static void JOIN(NAME(dot##mr), nc)(const char *a, const uint32_t *rows, const char *b, const uint32_t *columns, \
                                             const Runs *runs, char *c, size_t cRow) {                                    \
    NAME(dot)(mr, nc, a, rows, b, columns, runs, c, cRow);                                                                \
  }
#if DR > 3
#define DOTS(nc) DOT(1, nc) DOT(2, nc) DOT(3, nc) DOT(4, nc)
#define DOT_NAMES(nc) {JOIN(NAME(dot1), nc), JOIN(NAME(dot2), nc), JOIN(NAME(dot3), nc), JOIN(NAME(dot4), nc)}
#else
#define DOTS(nc) DOT(1, nc) DOT(2, nc) DOT(3, nc)
#define DOT_NAMES(nc) {JOIN(NAME(dot1), nc), JOIN(NAME(dot2), nc), JOIN(NAME(dot3), nc)}
#endif
DOTS(1)
DOTS(2)
#if DC > 2
DOTS(3)
DOTS(4)
#endif
#if DC > 4
DOTS(5)
DOTS(6)
#endif

static NAME(Dot) *const NAME(dotTiles)[DC][DR] = {
    DOT_NAMES(1), DOT_NAMES(2),
#if DC > 2
    DOT_NAMES(3), DOT_NAMES(4),
#endif
#if DC > 4
    DOT_NAMES(5), DOT_NAMES(6),
#endif
};

TARGET static Failure NAME(dots)(const Job *job, Scratch *scratch) {
  Runs *runs = &scratch->runs;
  const uint32_t run = job->run;
  for (uint32_t jc = job->n0; jc < job->n1; jc += NC) {
    const uint32_t nc = smaller(NC, job->n1 - jc);
    const uint64_t mostColumn = copyOffsets(&job->bColumn, jc, nc, scratch->columnOffsets);
    for (uint32_t kb = 0, kc; kb < job->depth; kb += kc) {
      /* Some whole runs, or a piece of one. */
      const int isLong = run > RUN_BLOCK;
      runs->length = isLong ? smaller(RUN_BLOCK, run - kb % run) : run;
      runs->count = isLong ? 1 : smaller(RUN_BLOCK / run, (job->depth - kb) / run);
      runs->first = kb == 0;
      kc = runs->length * runs->count;
      const uint64_t end = 4ull * runs->length;
      const uint64_t mostA = runStarts(&job->aDepth, kb, runs->count, run, runs->a);
      if (mostColumn + runStarts(&job->bDepth, kb, runs->count, run, runs->b) + end > job->bLimit) return outsideText;
      for (uint32_t ic = job->m0; ic < job->m1; ic += MC) {
        const uint32_t mc = smaller(MC, job->m1 - ic);
        if (mostA + copyOffsets(&job->aRow, ic, mc, scratch->rowOffsets) + end > job->aLimit) return outsideText;
        char *c = job->c + (ic - job->m0) * job->cRow + (jc - job->n0) * sizeof(float);
        for (uint32_t j = 0; j < nc; j += DC) {
          const uint32_t columns = smaller(DC, nc - j);
          for (uint32_t i = 0; i < mc; i += DR) {
            const uint32_t rows = smaller(DR, mc - i);
            NAME(dotTiles)[columns - 1][rows - 1](job->a, scratch->rowOffsets + i, job->b, scratch->columnOffsets + j, runs,
                                                  c + i * job->cRow + j * sizeof(float), job->cRow);
          }
        }
      }
    }
  }
  return NULL;
}

/*
 * As `tile`, of B in place: vector v of row k begins at b + offsets[v] + depths[k]; the first counts[v] of its sums go to the
 * columns from places[v]. Whole vectors are read: what lies beyond a stretch is inside the memory and its sums are dropped.
 */
TARGET INLINE void NAME(windowTile)(const int mr, const int nv, const char *a, size_t aRow, size_t aDepth, const char *b, const Chunks *chunks,
                                    uint32_t chunk, const uint32_t *depths, size_t kc, char *c, size_t cRow, int first) {
  V sums[MR][NV];
  const char *columns[NV];
  UNROLL for (int v = 0; v < nv; v++) columns[v] = b + chunks->offsets[chunk + v];
  UNROLL for (int i = 0; i < mr; i++) {
    UNROLL for (int v = 0; v < nv; v++) sums[i][v] = splat(0.0f);
  }
  for (size_t k = 0; k < kc; k++) {
    const size_t depth = depths[k];
    V row[NV];
    UNROLL for (int v = 0; v < nv; v++) row[v] = load((const float *)(columns[v] + depth));
    UNROLL for (int i = 0; i < mr; i++) {
      const V x = splat(*(const float *)(a + i * aRow));
      UNROLL for (int v = 0; v < nv; v++) sums[i][v] = multiplyAdd(x, row[v], sums[i][v]);
    }
    a += aDepth;
  }
  UNROLL for (int v = 0; v < nv; v++) {
    const uint32_t count = chunks->counts[chunk + v];
    float *out = (float *)c + chunks->places[chunk + v];
    if (count == VEC) {
      UNROLL for (int i = 0; i < mr; i++) {
        float *p = (float *)((char *)out + i * cRow);
        store(p, first ? sums[i][v] : add(load(p), sums[i][v]));
      }
    } else {
      UNROLL for (int i = 0; i < mr; i++) {
        float lanes[VEC], *p = (float *)((char *)out + i * cRow);
        store(lanes, sums[i][v]);
        if (first) memcpy(p, lanes, count * sizeof(float));
        else
          for (uint32_t j = 0; j < count; j++) p[j] += lanes[j];
      }
    }
  }
}

typedef void NAME(Window)(const char *, size_t, size_t, const char *, const Chunks *, uint32_t, const uint32_t *, size_t, char *, size_t, int);

#define WINDOW(mr, nv)                                                                                                                       \
  TARGET static void JOIN(NAME(window##mr), nv)(const char *a, size_t aRow, size_t aDepth, const char *b, const Chunks *chunks, uint32_t chunk, \
                                                const uint32_t *depths, size_t kc, char *c, size_t cRow, int first) {                        \
    NAME(windowTile)(mr, nv, a, aRow, aDepth, b, chunks, chunk, depths, kc, c, cRow, first);                                                 \
  }
#if MR < 6
#define WINDOWS(nv) WINDOW(1, nv) WINDOW(2, nv) WINDOW(3, nv) WINDOW(4, nv)
#define WINDOW_NAMES(nv) {JOIN(NAME(window1), nv), JOIN(NAME(window2), nv), JOIN(NAME(window3), nv), JOIN(NAME(window4), nv)}
#else
#define WINDOWS(nv) WINDOW(1, nv) WINDOW(2, nv) WINDOW(3, nv) WINDOW(4, nv) WINDOW(5, nv) WINDOW(6, nv)
#define WINDOW_NAMES(nv) {JOIN(NAME(window1), nv), JOIN(NAME(window2), nv), JOIN(NAME(window3), nv), JOIN(NAME(window4), nv), JOIN(NAME(window5), nv), JOIN(NAME(window6), nv)}
#endif
WINDOWS(1)
WINDOWS(2)
#if NV == 4
WINDOWS(3)
WINDOWS(4)
#endif

static NAME(Window) *const NAME(windowTiles)[NV][MR] = {
    WINDOW_NAMES(1), WINDOW_NAMES(2),
#if NV == 4
    WINDOW_NAMES(3), WINDOW_NAMES(4),
#endif
};

/*
 * Windows of an image: rows of B that are contiguous in stretches are read where they lie, each stretch in vectors of its
 * own. Sums are those of `sequential`, bit by bit.
 */
TARGET static Failure NAME(windows)(const Job *job, Scratch *scratch) {
  const uint32_t rows = job->m1 - job->m0;
  const int packA = job->aRow.table != NULL || job->aDepth.table != NULL || (job->aDepth.stride != 4 && rows > MR && job->depth >= 64);
  Chunks *chunks = &scratch->chunks;
  for (uint32_t jc = job->n0; jc < job->n1; jc += WINDOW_NC) {
    const uint32_t nc = smaller(WINDOW_NC, job->n1 - jc);
    const uint64_t mostColumn = copyOffsets(&job->bColumn, jc, nc, scratch->columnOffsets);
    findChunks(scratch->columnOffsets, nc, VEC, chunks);
    for (uint32_t kb = 0, kc; kb < job->depth; kb += kc) {
      kc = smaller(job->depthBlock, job->depth - kb);
      const uint64_t end = mostColumn + copyOffsets(&job->bDepth, kb, kc, scratch->bDepthOffsets);
      if (end + 4 > job->bLimit) return outsideText;
      /* Packing reads nothing beyond the columns; it starts anew, with the same sums. */
      if (end + VEC * sizeof(float) > job->bLimit) return NAME(sequential)(job, scratch);
      const uint64_t mostDepth = packA ? copyOffsets(&job->aDepth, kb, kc, scratch->aDepthOffsets) : 0;
      for (uint32_t ic = job->m0; ic < job->m1; ic += MC) {
        const uint32_t mc = smaller(MC, job->m1 - ic);
        if (packA) {
          if (mostDepth + copyOffsets(&job->aRow, ic, mc, scratch->rowOffsets) + 4 > job->aLimit) return outsideText;
          NAME(packRows)(job, scratch->rowOffsets, mc, scratch->aDepthOffsets, kc, scratch->packedA);
        }
        char *c = job->c + (ic - job->m0) * job->cRow + (jc - job->n0) * sizeof(float);
        for (uint32_t q = 0; q < chunks->count; q += NV) {
          NAME(Window) *const *tiles = NAME(windowTiles)[smaller(NV, chunks->count - q) - 1];
          for (uint32_t i = 0, mr; i < mc; i += mr) {
            mr = packA ? smaller(MR, mc - i) : tileRows(mc - i, MR);
            const char *a = packA ? (const char *)(scratch->packedA + (size_t)i * kc)
                                  : job->a + (uint64_t)(ic + i) * job->aRow.stride + (uint64_t)kb * job->aDepth.stride;
            tiles[mr - 1](a, packA ? 4 : job->aRow.stride, packA ? PACKED_ROW : job->aDepth.stride, job->b, chunks, q, scratch->bDepthOffsets,
                          kc, c + i * job->cRow, job->cRow, kb == 0);
          }
        }
      }
    }
  }
  return NULL;
}

static Failure NAME(run)(const Job *job, Scratch *scratch) {
  if (job->run > 0) {
    /*
     * In cycles per result: adding lanes costs about 1.5; packing B, transposed, 0.6 per element, shared by all rows, and lanes
     * beyond the last column, or the end of a run, are lost.
     */
    const double padded = (job->columns + VEC - 1) / VEC * VEC;
    const double packing = 0.6 * job->depth / job->rows + (double)job->depth / VEC * (padded / job->columns - 1);
    const double blocks = (double)job->depth / (job->run > RUN_BLOCK ? RUN_BLOCK : RUN_BLOCK / job->run * job->run) + 1;
    const double lost = (double)(job->depth / job->run) * ((job->run + VEC - 1) / VEC - (double)job->run / VEC);
    if (packing > 1.5 * blocks + lost) return NAME(dots)(job, scratch);
  }
  if (suitsWindows(job, scratch, VEC)) return NAME(windows)(job, scratch);
  return NAME(sequential)(job, scratch);
}

#undef LB_ISA
#undef LB_KIND
#undef TARGET
#undef VEC
#undef MR
#undef NV
#undef WIDE
#undef DR
#undef DC
#undef MASKED
#undef V
#undef MASK
#undef maskOf
#undef load
#undef loadMasked
#undef store
#undef storeMasked
#undef splat
#undef add
#undef multiplyAdd
#undef unpackLow
#undef unpackHigh
#undef shuffle
#undef NAME
#undef PACKED_ROW
#undef UNROLL
#undef TILE
#undef TILES
#undef TILE_NAMES
#undef LOW_TILES
#undef LOW_TILE_NAMES
#undef DOT
#undef DOTS
#undef DOT_NAMES
#undef WINDOW
#undef WINDOWS
#undef WINDOW_NAMES
