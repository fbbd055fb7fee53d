/*
 * Contractions (matrix products over any strides) in place on the compiled engine's shared memory, reached through Node-API.
 * Optional: whatever this file cannot do, or where it cannot be built, the WebAssembly kernels do.
 *
 * The layout of descriptor and region blocks is that of core/engines/wasm/contract/descriptor.ts. A region is computed by
 *   - `sequential`: register tiles of MR rows × NV vectors of columns; each sum is a chain of fused multiply-adds over depth
 *     in equal blocks of at most KC, the blocks' sums added in order. Packing, direct access and tiling do not change a bit of it.
 *   - `windows`: the same sums of operands whose columns are contiguous in rows, as those of a convolution, without packing.
 *   - `dots`: for operands whose depth is contiguous, at least in rows: vectors along depth in blocks of RUN_BLOCK, lanes
 *     added at the end of each.
 * Whether `dots` depends on the descriptor alone, so any split into regions gives the same bits.
 *
 * Nothing that stands in the shared memory is trusted: descriptor and region are copied and checked on each call, tables of
 * offsets block by block while they are copied, so a wrong block is an error and never a fault.
 *
 * kernels.h is included once per instruction set, the best one of the machine is chosen at run time.
 */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#if defined(__x86_64__) || defined(__i386__)
#include <immintrin.h>
#elif defined(__aarch64__)
#include <arm_neon.h>
#endif

/* Raised whenever a bit of a result or the meaning of a block changes; loadNative.ts expects the same number. */
#define REVISION 2

/* Depth of a block (fixes the order of sums), rows and columns of a block (do not). */
#define KC 256
#define MC 96
#define NC 512
/* Columns of a block of windows: as many as lie on a few channels of an image. */
#define WINDOW_NC 512
/* Depth of a block of dot products (fixes the order of sums): some rows of both operands stay in the second-level cache. */
#define RUN_BLOCK 1024
/* Most rows of a tile and floats of a panel in any instruction set. */
#define MR_MOST 6
#define PANEL_MOST 128

#define INLINE static inline __attribute__((always_inline))
#define JOIN_(a, b) a##_##b
#define JOIN(a, b) JOIN_(a, b)

/* One index's byte offsets: `index * stride`, or the table's entries. */
typedef struct {
  uint64_t stride;
  const uint32_t *table;
} Axis;

/* A checked region. Limits are the bytes from a and b to the end of the memory. */
typedef struct {
  const char *a, *b;
  char *c;
  uint64_t aLimit, bLimit, cRow;
  Axis aRow, aDepth, bColumn, bDepth;
  uint32_t rows, columns, depth;
  /* Depths are contiguous in both operands in stretches of so many; 0 where they are not. */
  uint32_t run;
  /* Depth in blocks of one size, KC at most; fixes the order of sums. */
  uint32_t depthBlock;
  uint32_t m0, m1, n0, n1;
} Job;

/* Stretches of contiguous depths, as bytes from a and b. */
typedef struct {
  uint32_t a[RUN_BLOCK], b[RUN_BLOCK];
  uint32_t count, length;
  int first;
} Runs;

/* Stretches of contiguous columns, a vector long at most: where they lie in B, which column they begin with, how many they are. */
typedef struct {
  uint32_t offsets[WINDOW_NC], places[WINDOW_NC], counts[WINDOW_NC];
  uint32_t count;
} Chunks;

/* Per thread. Padding at the ends because packing writes whole vectors. */
typedef struct {
  float packedB[KC * (NC + PANEL_MOST) + 16];
  float packedA[KC * (MC + MR_MOST) + 16];
  uint32_t rowOffsets[MC + 16], columnOffsets[NC + PANEL_MOST], aDepthOffsets[KC + 16], bDepthOffsets[KC + 16];
  Runs runs;
  Chunks chunks;
} Scratch;

typedef const char *Failure;

static const char outsideText[] = "a table of offsets leads outside the memory";

INLINE uint32_t smaller(uint32_t a, uint32_t b) { return a < b ? a : b; }

/* Rows of the next tile where so many are left: tiles differ by one row at most, because low ones wait for their own sums. */
INLINE uint32_t tileRows(uint32_t left, uint32_t most) {
  const uint32_t tiles = (left + most - 1) / most;
  return (left + tiles - 1) / tiles;
}

/* Copies the byte offsets of [start, start + count) and returns the largest. */
INLINE uint64_t copyOffsets(const Axis *axis, uint32_t start, uint32_t count, uint32_t *out) {
  if (axis->table == NULL) {
    for (uint32_t i = 0; i < count; i++) out[i] = (uint32_t)((start + i) * axis->stride);
    return (start + (uint64_t)count - 1) * axis->stride;
  }
  const volatile uint32_t *table = axis->table + start;
  uint32_t most = 0;
  for (uint32_t i = 0; i < count; i++) {
    const uint32_t offset = table[i] & ~3u;
    out[i] = offset;
    if (offset > most) most = offset;
  }
  return most;
}

/* The byte offsets of every `run`-th index from `start`; returns the largest. */
INLINE uint64_t runStarts(const Axis *axis, uint32_t start, uint32_t count, uint32_t run, uint32_t *out) {
  uint64_t most = 0;
  for (uint32_t i = 0; i < count; i++) {
    const uint64_t index = start + (uint64_t)i * run;
    const uint64_t offset = axis->table == NULL ? index * axis->stride : ((const volatile uint32_t *)axis->table)[index] & ~3u;
    out[i] = (uint32_t)offset;
    if (offset > most) most = offset;
  }
  return most;
}

static void findChunks(const uint32_t *columns, uint32_t count, uint32_t width, Chunks *chunks) {
  chunks->count = 0;
  uint32_t start = 0;
  for (uint32_t j = 1; j <= count; j++) {
    if (j < count && columns[j] == columns[j - 1] + 4 && j - start < width) continue;
    chunks->offsets[chunks->count] = columns[start];
    chunks->places[chunks->count] = start;
    chunks->counts[chunks->count++] = j - start;
    start = j;
  }
}

/* Whether reading windows in place loses fewer lanes at the ends of rows than packing them would take, shared by all rows. */
static int suitsWindows(const Job *job, Scratch *scratch, uint32_t width) {
  if (job->bColumn.table == NULL) return 0;
  const uint32_t count = smaller(WINDOW_NC, job->n1 - job->n0);
  copyOffsets(&job->bColumn, job->n0, count, scratch->columnOffsets);
  Chunks *chunks = &scratch->chunks;
  findChunks(scratch->columnOffsets, count, width, chunks);
  return (double)chunks->count * width <= count * (1.17 + 3.0 / (job->m1 - job->m0));
}

typedef float Four __attribute__((vector_size(16)));
typedef int32_t FourIndices __attribute__((vector_size(16)));

INLINE Four loadFour(const char *p) {
  Four v;
  memcpy(&v, p, sizeof v);
  return v;
}
INLINE void storeFour(float *p, Four v) { memcpy(p, &v, sizeof v); }
#if defined(__clang__)
#define SHUFFLE(a, b, i, j, k, l) __builtin_shufflevector(a, b, i, j, k, l)
#else
#define SHUFFLE(a, b, i, j, k, l) __builtin_shuffle(a, b, (FourIndices){i, j, k, l})
#endif

/* Whether four contiguous depths start at k. */
INLINE int isFour(const uint32_t *depths, uint32_t k, uint32_t kc) {
  return k + 4 <= kc && depths[k + 1] == depths[k] + 4 && depths[k + 2] == depths[k] + 8 && depths[k + 3] == depths[k] + 12;
}

/* Four columns × four depths at p0..p3 become four rows at `out`, `width` floats apart. */
INLINE void transposeFour(const char *p0, const char *p1, const char *p2, const char *p3, float *out, size_t width) {
  const Four a = loadFour(p0), b = loadFour(p1), c = loadFour(p2), d = loadFour(p3);
  const Four ab0 = SHUFFLE(a, b, 0, 4, 1, 5), ab1 = SHUFFLE(a, b, 2, 6, 3, 7);
  const Four cd0 = SHUFFLE(c, d, 0, 4, 1, 5), cd1 = SHUFFLE(c, d, 2, 6, 3, 7);
  storeFour(out, SHUFFLE(ab0, cd0, 0, 1, 4, 5));
  storeFour(out + width, SHUFFLE(ab0, cd0, 2, 3, 6, 7));
  storeFour(out + 2 * width, SHUFFLE(ab1, cd1, 0, 1, 4, 5));
  storeFour(out + 3 * width, SHUFFLE(ab1, cd1, 2, 3, 6, 7));
}

/* ---- one inclusion per instruction set ---- */

#define AVX512 1
#define AVX2 2
#define NEON 3
#define PORTABLE 4

#if defined(__x86_64__)
#define LB_ISA avx512
#define LB_KIND AVX512
#define TARGET __attribute__((target("avx512f,avx512vl,avx512bw,avx512dq,avx2,fma")))
#include "kernels.h"
#define LB_ISA avx2
#define LB_KIND AVX2
#define TARGET __attribute__((target("avx2,fma")))
#include "kernels.h"
#elif defined(__aarch64__)
#define LB_ISA neon
#define LB_KIND NEON
#define TARGET
#include "kernels.h"
#endif
#define LB_ISA portable
#define LB_KIND PORTABLE
#define TARGET
#include "kernels.h"

typedef struct {
  const char *name;
  Failure (*run)(const Job *, Scratch *);
} Isa;

/* Best first; the portable one always runs. */
static const Isa isas[] = {
#if defined(__x86_64__)
    {"avx512", run_avx512},
    {"avx2", run_avx2},
#elif defined(__aarch64__)
    {"neon", run_neon},
#endif
    {"portable", run_portable},
};
enum { isaCount = sizeof isas / sizeof isas[0] };

static int canRun(int isa) {
#if defined(__x86_64__)
  __builtin_cpu_init();
  if (isa == 0) {
    return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512bw") &&
           __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("fma");
  }
  if (isa == 1) return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
#endif
  return isa < isaCount;
}

/* ---- checks ---- */

enum { descriptorLength = 19, regionLength = 8 };
#define IRREGULAR 0xffffffffu

typedef struct {
  char *memory;
  uint64_t length;
} Memory;

static Failure copyWords(const Memory *memory, uint32_t address, uint32_t *out, uint32_t count) {
  if (address % 4 != 0 || address + 4ull * count > memory->length) return "a block of words lies outside the memory";
  const volatile uint32_t *words = (const volatile uint32_t *)(memory->memory + address);
  for (uint32_t i = 0; i < count; i++) out[i] = words[i];
  return NULL;
}

/* One offset function; adds the largest offset to `extent` where it is known without reading the table. */
static Failure readAxis(const Memory *memory, uint32_t stride, uint32_t table, uint32_t size, Axis *axis, uint64_t *extent) {
  axis->stride = 0;
  axis->table = NULL;
  if (stride != IRREGULAR) {
    if (stride % 4 != 0 || stride > INT32_MAX) return "a stride is negative or not a multiple of 4";
    axis->stride = stride;
    *extent += (uint64_t)stride * (size - 1);
    return NULL;
  }
  if (table % 4 != 0 || table + 4ull * size > memory->length) return "a table of offsets lies outside the memory";
  axis->table = (const uint32_t *)(memory->memory + table);
  return NULL;
}

static uint64_t offsetAt(const Axis *axis, uint32_t index) {
  return axis->table == NULL ? axis->stride * index : *(const volatile uint32_t *)(axis->table + index) & ~3u;
}

static uint64_t largestOffset(const Axis *axis, uint32_t size) {
  if (axis->table == NULL) return 0; /* is in `extent` already */
  uint64_t most = 0;
  for (uint32_t i = 0; i < size; i++) {
    if (offsetAt(axis, i) > most) most = offsetAt(axis, i);
  }
  return most;
}

/*
 * Reads a descriptor into `job` for batch index z. With `whole`, the extremes of all tables are tested too, for every batch
 * index; without, tables are tested while they are used.
 */
static Failure readDescriptor(const Memory *memory, uint32_t address, uint32_t z, int whole, Job *job) {
  uint32_t d[descriptorLength];
  Failure failure = copyWords(memory, address, d, descriptorLength);
  if (failure != NULL) return failure;
  const uint32_t batch = d[0];
  job->rows = d[1];
  job->columns = d[2];
  job->depth = d[3];
  for (int i = 0; i < 4; i++) {
    if (d[i] == 0 || d[i] > INT32_MAX) return "a size is not positive";
  }
  if (z >= batch) return "the batch index is outside the batch";
  if (d[4] % 4 != 0 || d[5] % 4 != 0) return "an operand is not aligned";
  Axis aBatch, bBatch;
  uint64_t aExtent = d[4] + 4ull, bExtent = d[5] + 4ull;
  if ((failure = readAxis(memory, d[6], d[12], batch, &aBatch, &aExtent)) != NULL) return failure;
  if ((failure = readAxis(memory, d[7], d[13], batch, &bBatch, &bExtent)) != NULL) return failure;
  if ((failure = readAxis(memory, d[8], d[14], job->rows, &job->aRow, &aExtent)) != NULL) return failure;
  if ((failure = readAxis(memory, d[9], d[15], job->depth, &job->aDepth, &aExtent)) != NULL) return failure;
  if ((failure = readAxis(memory, d[10], d[16], job->columns, &job->bColumn, &bExtent)) != NULL) return failure;
  if ((failure = readAxis(memory, d[11], d[17], job->depth, &job->bDepth, &bExtent)) != NULL) return failure;
  const uint32_t blocks = job->depth / KC + (job->depth % KC != 0);
  job->depthBlock = job->depth / blocks + (job->depth % blocks != 0);
  job->run = d[18];
  if (job->run > job->depth || (job->run > 0 && job->depth % job->run != 0)) return "the depth is no whole number of runs";
  if (whole) {
    aExtent += largestOffset(&aBatch, batch) + largestOffset(&job->aRow, job->rows) + largestOffset(&job->aDepth, job->depth);
    bExtent += largestOffset(&bBatch, batch) + largestOffset(&job->bColumn, job->columns) + largestOffset(&job->bDepth, job->depth);
  } else {
    if (aBatch.table != NULL) aExtent += offsetAt(&aBatch, z);
    if (bBatch.table != NULL) bExtent += offsetAt(&bBatch, z);
  }
  if (aExtent > memory->length) return "the left operand reaches outside the memory";
  if (bExtent > memory->length) return "the right operand reaches outside the memory";
  /* A table may change between two reads: the limits below count, and each address is held against them again. */
  const uint64_t aStart = d[4] + offsetAt(&aBatch, z), bStart = d[5] + offsetAt(&bBatch, z);
  if (aStart > memory->length || bStart > memory->length) return outsideText;
  job->a = memory->memory + aStart;
  job->b = memory->memory + bStart;
  job->aLimit = memory->length - aStart;
  job->bLimit = memory->length - bStart;
  return NULL;
}

static Failure readRegion(const Memory *memory, uint32_t address, Job *job) {
  uint32_t r[regionLength];
  Failure failure = copyWords(memory, address, r, regionLength);
  if (failure == NULL) failure = readDescriptor(memory, r[0], r[1], 0, job);
  if (failure != NULL) return failure;
  job->m0 = r[2];
  job->m1 = r[3];
  job->n0 = r[4];
  job->n1 = r[5];
  job->cRow = r[7];
  if (job->m0 > job->m1 || job->m1 > job->rows || job->n0 > job->n1 || job->n1 > job->columns) return "the region is outside the result";
  if (r[6] % 4 != 0 || r[7] % 4 != 0) return "the result is not aligned";
  if (job->m0 < job->m1 && job->n0 < job->n1) {
    const uint64_t extent = r[6] + (uint64_t)r[7] * (job->m1 - job->m0 - 1) + 4ull * (job->n1 - job->n0);
    if (extent > memory->length) return "the result reaches outside the memory";
    if (r[7] < 4ull * (job->n1 - job->n0) && job->m1 - job->m0 > 1) return "rows of the result overlap";
  }
  job->c = memory->memory + r[6];
  return NULL;
}

static Failure computeRegion(const Memory *memory, uint32_t address, const Isa *isa, Scratch *scratch) {
  Job job;
  const Failure failure = readRegion(memory, address, &job);
  if (failure != NULL) return failure;
  if (job.m0 == job.m1 || job.n0 == job.n1) return NULL;
  return isa->run(&job, scratch);
}

#ifndef LB_NO_NODE

/* ---- Node-API ---- */

#define NAPI_VERSION 8
#if defined(_WIN32)
#include <windows.h>
#define NAPI_EXTERN
#endif
#include <node_api.h>

#if defined(_WIN32)
/* Taken from whatever program loads us (node.exe, the app's own .exe), so that no import library is needed. */
#define HOST_FUNCTIONS(each)                                                                                                              \
  each(napi_throw_error) each(napi_get_typedarray_info) each(napi_get_value_uint32) each(napi_get_cb_info) each(napi_create_function)     \
  each(napi_add_finalizer) each(napi_set_named_property) each(napi_create_uint32) each(napi_create_string_utf8) each(napi_create_array)   \
  each(napi_set_element) each(napi_set_instance_data) each(napi_get_instance_data)
#define MEMBER(name) __typeof__(&name) name;
#define FIND(name) host.name = (__typeof__(&name))(void *)GetProcAddress(GetModuleHandle(NULL), #name);
static struct {
  HOST_FUNCTIONS(MEMBER)
} host;
static void findHost(void) { HOST_FUNCTIONS(FIND) }
#define napi_throw_error host.napi_throw_error
#define napi_get_typedarray_info host.napi_get_typedarray_info
#define napi_get_value_uint32 host.napi_get_value_uint32
#define napi_get_cb_info host.napi_get_cb_info
#define napi_create_function host.napi_create_function
#define napi_add_finalizer host.napi_add_finalizer
#define napi_set_named_property host.napi_set_named_property
#define napi_create_uint32 host.napi_create_uint32
#define napi_create_string_utf8 host.napi_create_string_utf8
#define napi_create_array host.napi_create_array
#define napi_set_element host.napi_set_element
#define napi_set_instance_data host.napi_set_instance_data
#define napi_get_instance_data host.napi_get_instance_data
#else
static void findHost(void) {}
#endif

/* One memory as seen by one thread. */
typedef struct {
  Memory memory;
  const Isa *isa;
  Scratch *scratch;
} Binding;

static napi_value fail(napi_env env, const char *text) {
  napi_throw_error(env, "LAYERBENCH_NATIVE", text);
  return NULL;
}

/* The bytes of a Uint8Array over the shared memory. */
static int readMemory(napi_env env, napi_value value, Memory *memory) {
  napi_typedarray_type type;
  size_t length;
  void *data;
  if (napi_get_typedarray_info(env, value, &type, &length, &data, NULL, NULL) != napi_ok || type != napi_uint8_array) return 0;
  memory->memory = data;
  memory->length = length;
  return (uintptr_t)data % 4 == 0;
}

/* region(address) */
static napi_value callRegion(napi_env env, napi_callback_info info) {
  napi_value argument;
  size_t count = 1;
  void *data;
  uint32_t address;
  napi_get_cb_info(env, info, &count, &argument, NULL, &data);
  if (napi_get_value_uint32(env, argument, &address) != napi_ok) return fail(env, "region: expected an address");
  const Binding *binding = data;
  const Failure failure = computeRegion(&binding->memory, address, binding->isa, binding->scratch);
  return failure == NULL ? NULL : fail(env, failure);
}

static void freeBinding(napi_env env, void *data, void *hint) {
  (void)env;
  (void)hint;
  free(data);
}

static void freeScratch(napi_env env, void *data, void *hint) {
  (void)env;
  (void)hint;
  free(data);
}

/* bind(bytes, isaIndex): a function (regionAddress) that computes on them */
static napi_value callBind(napi_env env, napi_callback_info info) {
  napi_value arguments[2], function;
  size_t count = 2;
  Memory memory;
  uint32_t isa;
  napi_get_cb_info(env, info, &count, arguments, NULL, NULL);
  if (!readMemory(env, arguments[0], &memory)) return fail(env, "bind: expected the memory's bytes");
  if (napi_get_value_uint32(env, arguments[1], &isa) != napi_ok || isa >= isaCount || !canRun((int)isa)) {
    return fail(env, "bind: this processor lacks the instruction set");
  }
  void *scratch = NULL;
  napi_get_instance_data(env, &scratch);
  if (scratch == NULL) {
    /* Kept for the thread's life and used by all its bindings, which never run at the same time. */
    scratch = calloc(1, sizeof(Scratch));
    if (scratch == NULL) return fail(env, "bind: no memory for packing");
    napi_set_instance_data(env, scratch, freeScratch, NULL);
  }
  Binding *binding = malloc(sizeof *binding);
  if (binding == NULL) return fail(env, "bind: no memory");
  *binding = (Binding){memory, &isas[isa], scratch};
  napi_create_function(env, "region", NAPI_AUTO_LENGTH, callRegion, binding, &function);
  napi_add_finalizer(env, function, binding, freeBinding, NULL, NULL);
  napi_set_named_property(env, function, "bytes", arguments[0]); /* keeps the memory alive */
  return function;
}

/* check(bytes, descriptorAddress): throws unless every address the descriptor can touch lies inside */
static napi_value callCheck(napi_env env, napi_callback_info info) {
  napi_value arguments[2];
  size_t count = 2;
  Memory memory;
  uint32_t address;
  Job job;
  napi_get_cb_info(env, info, &count, arguments, NULL, NULL);
  if (!readMemory(env, arguments[0], &memory)) return fail(env, "check: expected the memory's bytes");
  if (napi_get_value_uint32(env, arguments[1], &address) != napi_ok) return fail(env, "check: expected an address");
  const Failure failure = readDescriptor(&memory, address, 0, 1, &job);
  return failure == NULL ? NULL : fail(env, failure);
}

static void export(napi_env env, napi_value exports, const char *name, napi_callback function) {
  napi_value value;
  napi_create_function(env, name, NAPI_AUTO_LENGTH, function, NULL, &value);
  napi_set_named_property(env, exports, name, value);
}

NAPI_MODULE_INIT() {
  findHost();
  napi_value revision, names, name;
  napi_create_uint32(env, REVISION, &revision);
  napi_set_named_property(env, exports, "revision", revision);
  /* All instruction sets by index, best first; those this processor lacks are empty. */
  napi_create_array(env, &names);
  for (int i = 0; i < isaCount; i++) {
    napi_create_string_utf8(env, canRun(i) ? isas[i].name : "", NAPI_AUTO_LENGTH, &name);
    napi_set_element(env, names, (uint32_t)i, name);
  }
  napi_set_named_property(env, exports, "isas", names);
  export(env, exports, "bind", callBind);
  export(env, exports, "check", callCheck);
  return exports;
}

#endif
