import { expect, it } from 'vitest';
import { shorten } from './textWidth.ts';

// Without a page every letter counts 6.2 pixels in a summary.
it('leaves a text that fits', () => expect(shorten('32 units', 200, 'summary')).toBe('32 units'));
it('cuts the rest and says so', () => expect(shorten('6 columns as 10 features', 62, 'summary')).toBe('6 columns…'));
it('leaves nothing but the sign where there is no room', () => expect(shorten('dense', 3, 'name')).toBe('…'));
