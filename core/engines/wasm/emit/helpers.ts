/** Functions shared by all kernels of a module, as text. */

/** x^y in double precision by exp(y · log |x|): about 1e-10, so correctly rounded but for ties. Special cases as JavaScript's. */
const power = `
(func $lb_log64 (param $x f64) (result f64) (local $e i64) (local $m f64) (local $s f64) (local $z f64)
  ;; x > 0 and no denormal of f64: every f32 is none
  (local.set $e (i64.sub (i64.shr_u (i64.reinterpret_f64 (local.get $x)) (i64.const 52)) (i64.const 1023)))
  (local.set $m (f64.reinterpret_i64 (i64.or (i64.and (i64.reinterpret_f64 (local.get $x)) (i64.const 0xfffffffffffff)) (i64.const 0x3ff0000000000000))))
  (if (f64.gt (local.get $m) (f64.const 1.4142135623730951)) (then
    (local.set $m (f64.mul (local.get $m) (f64.const 0.5)))
    (local.set $e (i64.add (local.get $e) (i64.const 1)))))
  (local.set $s (f64.div (f64.sub (local.get $m) (f64.const 1)) (f64.add (local.get $m) (f64.const 1))))
  (local.set $z (f64.mul (local.get $s) (local.get $s)))
  (f64.add (f64.mul (f64.convert_i64_s (local.get $e)) (f64.const 0.6931471805599453))
    (f64.mul (f64.mul (f64.const 2) (local.get $s))
      (f64.add (f64.const 1) (f64.mul (local.get $z)
      (f64.add (f64.const 0.3333333333333333) (f64.mul (local.get $z)
      (f64.add (f64.const 0.2) (f64.mul (local.get $z)
      (f64.add (f64.const 0.14285714285714285) (f64.mul (local.get $z)
      (f64.add (f64.const 0.1111111111111111) (f64.mul (local.get $z)
      (f64.add (f64.const 0.09090909090909091) (f64.mul (local.get $z) (f64.const 0.07692307692307693))))))))))))))))

(func $lb_exp64 (param $x f64) (result f64) (local $n f64) (local $r f64) (local $p f64) (local $i i32)
  (if (f64.gt (local.get $x) (f64.const 100)) (then (return (f64.const inf))))
  (if (f64.lt (local.get $x) (f64.const -120)) (then (return (f64.const 0))))
  (local.set $n (f64.nearest (f64.mul (local.get $x) (f64.const 1.4426950408889634))))
  (local.set $r (f64.sub (local.get $x) (f64.mul (local.get $n) (f64.const 0.6931471805599453))))
  (local.set $p (f64.const 1))
  (local.set $i (i32.const 11))
  (loop $terms
    (local.set $p (f64.add (f64.const 1) (f64.div (f64.mul (local.get $p) (local.get $r)) (f64.convert_i32_s (local.get $i)))))
    (local.set $i (i32.sub (local.get $i) (i32.const 1)))
    (br_if $terms (local.get $i)))
  (f64.mul (local.get $p) (f64.reinterpret_i64 (i64.shl (i64.add (i64.trunc_sat_f64_s (local.get $n)) (i64.const 1023)) (i64.const 52)))))

(func $lb_pow (param $x f32) (param $y f32) (result f32) (local $a f32) (local $l f64) (local $value f32) (local $odd i32)
  (if (f32.eq (local.get $y) (f32.const 0)) (then (return (f32.const 1))))
  (if (i32.or (f32.ne (local.get $x) (local.get $x)) (f32.ne (local.get $y) (local.get $y))) (then (return (f32.const nan))))
  (local.set $a (f32.abs (local.get $x)))
  (if (f32.eq (local.get $a) (f32.const 0))
    (then (local.set $l (f64.const -inf)))
    (else (if (f32.eq (local.get $a) (f32.const inf))
      (then (local.set $l (f64.const inf)))
      (else (local.set $l (call $lb_log64 (f64.promote_f32 (local.get $a))))))))
  ;; 1 to an infinite power: 0 · inf is NaN, as it should be
  (local.set $l (f64.mul (local.get $l) (f64.promote_f32 (local.get $y))))
  (if (f64.ne (local.get $l) (local.get $l)) (then (return (f32.const nan))))
  (local.set $value (f32.demote_f64 (call $lb_exp64 (local.get $l))))
  (if (i32.ge_s (i32.reinterpret_f32 (local.get $x)) (i32.const 0)) (then (return (local.get $value))))
  ;; below zero (or -0): only whole exponents; odd ones change the sign
  (local.set $odd (f32.ne (f32.mul (f32.const 2) (f32.floor (f32.mul (local.get $y) (f32.const 0.5)))) (local.get $y)))
  (if (f32.ne (f32.floor (local.get $y)) (local.get $y)) (then
    (return (select (local.get $value) (f32.const nan)
      (i32.or (f32.eq (local.get $a) (f32.const 0)) (f32.eq (local.get $a) (f32.const inf)))))))
  (select (f32.neg (local.get $value)) (local.get $value) (local.get $odd)))`;

/** x mod π/2 for large x, by four parts of π/2 whose products with n < 2³⁰ are exact; and which quarter it was. */
const reduction = `
(func $lb_quadrant (param $x f32) (result i32) (local $n f64)
  (local.set $n (f64.nearest (f64.mul (f64.promote_f32 (local.get $x)) (f64.const 0.6366197723675814))))
  (i32.wrap_i64 (i64.trunc_sat_f64_s (f64.sub (local.get $n) (f64.mul (f64.const 4) (f64.floor (f64.mul (local.get $n) (f64.const 0.25))))))))
(func $lb_reduce (param $x f32) (result f32) (local $n f64) (local $r f64)
  (local.set $n (f64.nearest (f64.mul (f64.promote_f32 (local.get $x)) (f64.const 0.6366197723675814))))
  (local.set $r (f64.sub (f64.promote_f32 (local.get $x)) (f64.mul (local.get $n) (f64.const 1.5707962512969971))))
  (local.set $r (f64.sub (local.get $r) (f64.mul (local.get $n) (f64.const 7.549789415861596e-8))))
  (local.set $r (f64.sub (local.get $r) (f64.mul (local.get $n) (f64.const 5.390302529957765e-15))))
  (local.set $r (f64.sub (local.get $r) (f64.mul (local.get $n) (f64.const 3.2820035428735005e-22))))
  ;; beyond the reach of the parts the remainder may stray: keep it within what the polynomials take
  (f32.demote_f64 (f64.max (f64.min (local.get $r) (f64.const 0.7854)) (f64.const -0.7854))))`;

function philoxRound(): string {
  return `
  (local.set $p (i64.mul (i64.extend_i32_u (local.get $c0)) (i64.const 0xd2511f53)))
  (local.set $q (i64.mul (i64.extend_i32_u (local.get $c2)) (i64.const 0xcd9e8d57)))
  (local.set $c0 (i32.xor (i32.xor (i32.wrap_i64 (i64.shr_u (local.get $q) (i64.const 32))) (local.get $c1)) (local.get $k0)))
  (local.set $c1 (i32.wrap_i64 (local.get $q)))
  (local.set $c2 (i32.xor (i32.xor (i32.wrap_i64 (i64.shr_u (local.get $p) (i64.const 32))) (local.get $c3)) (local.get $k1)))
  (local.set $c3 (i32.wrap_i64 (local.get $p)))
  (local.set $k0 (i32.add (local.get $k0) (i32.const 0x9e3779b9)))
  (local.set $k1 (i32.add (local.get $k1) (i32.const 0xbb67ae85)))`;
}

/** Four words of a block: the same as core/random/philox.ts. `$step` is the address of key and step number. */
const philox = `
(func $lb_philox (param $step i32) (param $c0 i32) (param $c1 i32) (result v128)
  (local $c2 i32) (local $c3 i32) (local $k0 i32) (local $k1 i32) (local $p i64) (local $q i64)
  (local.set $k0 (i32.load offset=0 (local.get $step)))
  (local.set $k1 (i32.load offset=4 (local.get $step)))
  (local.set $c2 (i32.load offset=8 (local.get $step)))
  (local.set $c3 (i32.load offset=12 (local.get $step)))${Array.from({ length: 10 }, philoxRound).join('')}
  (i32x4.replace_lane 3 (i32x4.replace_lane 2 (i32x4.replace_lane 1 (i32x4.splat (local.get $c0)) (local.get $c1)) (local.get $c2)) (local.get $c3)))

;; lane (i mod 4) of a vector, in all lanes
(func $lb_lane (param $v v128) (param $i i32) (result v128)
  (i8x16.swizzle (local.get $v) (i8x16.add (v128.const i8x16 0 1 2 3 0 1 2 3 0 1 2 3 0 1 2 3)
    (i8x16.splat (i32.shl (i32.and (local.get $i) (i32.const 3)) (i32.const 2))))))`;

export const kernelHelpers = `${philox}\n${reduction}\n${power}`;
