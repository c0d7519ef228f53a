import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { contrast, parseColor, writeColor, type Rgb } from './contrast';
import { deriveAccent, TEXT_CONTRAST, type Theme } from './derive-accent';

const SURFACES: Record<Theme, string[]> = {
  light: ['#ffffff', '#f6f8f7', '#f1f4f3', '#f3f6f5'],
  dark: ['#151c1a', '#0d1211', '#101614', '#1b2421'],
};
const THEMES: Theme[] = ['light', 'dark'];

const part = fc.integer({ min: 0, max: 255 });
const anyColor = fc.tuple(part, part, part).map((color) => writeColor(color));

const ratio = (one: string, other: string): number => contrast(parseColor(one) as Rgb, parseColor(other) as Rgb);

describe.each(THEMES)('deriveAccent in the %s theme', (theme) => {
  it('can be read on every surface, and what stands on it too, whatever colour was chosen', () => {
    fc.assert(
      fc.property(anyColor, (chosen) => {
        const accent = deriveAccent(chosen, theme);
        if (!accent) throw new Error('no accent');
        for (const surface of [...SURFACES[theme], accent.wash]) {
          expect(ratio(accent.accent, surface)).toBeGreaterThanOrEqual(TEXT_CONTRAST);
        }
        expect(ratio(accent.ink, accent.accent)).toBeGreaterThanOrEqual(TEXT_CONTRAST);
        expect(ratio(accent.ink, accent.hover)).toBeGreaterThanOrEqual(TEXT_CONTRAST);
      }),
    );
  });

  it('leaves a colour as it is that can be read', () => {
    const chosen = theme === 'light' ? '#0b6a5f' : '#4ecbb8';
    expect(deriveAccent(chosen, theme)?.accent).toBe(chosen);
  });
});

describe('deriveAccent', () => {
  it.each(['', '#fff', 'red', '#12345g', '#1234567', 'url(x)'])('takes "%s" for no colour', (text) => {
    expect(deriveAccent(text, 'light')).toBeNull();
  });
});

describe('contrast', () => {
  it('is that of WCAG', () => {
    expect(ratio('#000000', '#ffffff')).toBe(21);
    expect(ratio('#777777', '#ffffff')).toBeCloseTo(4.48, 2);
    expect(ratio('#123456', '#123456')).toBe(1);
  });
});
