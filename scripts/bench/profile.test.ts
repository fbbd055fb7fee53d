import { expect, it } from 'vitest';
import { profileTable } from './profile.ts';

it('sums equal kernels, the slowest first', () => {
  const small = { kind: 'loop', title: 'add', microseconds: 10, flops: 1000, bytes: 12_000 };
  const large = { kind: 'contract', title: 'contract, maximum', microseconds: 80, flops: 8_000_000, bytes: 80_000 };
  const lines = profileTable([small, large, { ...small }]).split('\n');
  expect(lines[1]).toMatch(/^contract +contract, maximum +1 +80 +80\.0 % +100 +1$/);
  expect(lines[2]).toMatch(/^loop +add +2 +20 +20\.0 % +0\.1 +1\.2$/);
  expect(lines[3]).toMatch(/^all +3 +100$/);
});
