import { describe, expect, it } from 'vitest';
import { isTooLong, unknownCharacters } from './sourceText.ts';

describe('a typed text', () => {
  it('says once what the network has never seen', () => {
    expect(unknownCharacters('1 May?!?', '1May ')).toBe('?!');
    expect(unknownCharacters('May', 'May')).toBe('');
  });

  it('is measured in characters, not in halves of them', () => {
    expect(isTooLong('𝛼𝛽', 2)).toBe(false);
    expect(isTooLong('abc', 2)).toBe(true);
  });
});
