import { BLACK, contrast, mix, parseColor, WHITE, writeColor, type Rgb } from './contrast';

export type Theme = 'light' | 'dark';

/** What tokens.css names of an accent colour, each as `#rrggbb`. */
export interface Accent {
  accent: string;
  hover: string;
  ink: string;
  wash: string;
  line: string;
}

/** Text and what it stands on (WCAG 2.2, success criterion 1.4.3). */
export const TEXT_CONTRAST = 4.5;

interface Ground {
  /** Whatever a link or an accent text may stand on, as in tokens.css. */
  surfaces: readonly Rgb[];
  /** Of which the washes are made. */
  surface: Rgb;
  /** Which way a colour goes that cannot be read. */
  towards: Rgb;
}

const GROUNDS: Record<Theme, Ground> = {
  light: { surfaces: colors('#ffffff', '#f6f8f7', '#f1f4f3', '#f3f6f5'), surface: WHITE, towards: BLACK },
  dark: {
    surfaces: colors('#151c1a', '#0d1211', '#101614', '#1b2421'),
    surface: [0x15, 0x1c, 0x1a],
    towards: WHITE,
  },
};

const STEPS = 50;

/**
 * The accent of a theme from a colour that somebody chose: as near to it as can be read. It is made darker in the light theme and lighter in
 * the dark one until text of it is read on every surface, and text on it is too. Null for what is no `#rrggbb`.
 */
export function deriveAccent(chosen: string, theme: Theme): Accent | null {
  const color = parseColor(chosen);
  if (color === null) return null;
  const { surfaces, surface, towards } = GROUNDS[theme];
  for (let step = 0; step <= STEPS; step += 1) {
    const accent = mix(color, towards, step / STEPS);
    const wash = mix(surface, accent, 0.12);
    if ([...surfaces, wash].every((ground) => contrast(accent, ground) >= TEXT_CONTRAST)) {
      return {
        accent: writeColor(accent),
        // Away from what stands on it, so that it stays readable.
        hover: writeColor(mix(accent, towards, 0.16)),
        ink: writeColor(inkOn(accent, theme)),
        wash: writeColor(wash),
        line: writeColor(mix(surface, accent, 0.4)),
      };
    }
  }
  throw new Error('black and white are read on every surface');
}

/** What is read on a light surface carries white; what is read on a dark one a shade of itself, or black. */
function inkOn(accent: Rgb, theme: Theme): Rgb {
  if (theme === 'light') return WHITE;
  const shade = mix(accent, BLACK, 0.88);
  return contrast(shade, accent) >= TEXT_CONTRAST ? shade : BLACK;
}

function colors(...texts: string[]): Rgb[] {
  return texts.map((text) => parseColor(text) ?? WHITE);
}
