export type ThemeName = 'light' | 'dark';

/** Tones that mean something; text tones have at least 4.5:1 against the background (a test measures it). */
export type Theme = {
  background: string;
  ink: string;
  /** Secondary text. */
  quiet: string;
  /** Grid and axis lines. */
  line: string;
  /** This period. */
  brand: string;
  /** Earlier periods beside the asked one. */
  brandSoft: string;
  /** Faint fill under a line. */
  brandWash: string;
  /** What this period is compared with. */
  comparison: string;
  good: string;
  bad: string;
  /** What is uncertain: not bad news, but to be known. */
  caution: string;
};

export const themes: Record<ThemeName, Theme> = {
  light: {
    background: '#ffffff',
    ink: '#14171f',
    quiet: '#586174',
    line: '#e3e6ec',
    brand: '#2b4fd8',
    brandSoft: '#aebcf0',
    brandWash: '#eef1fd',
    comparison: '#a4acba',
    good: '#0a7a4a',
    bad: '#bf2f1b',
    caution: '#8a5800',
  },
  dark: {
    background: '#14171f',
    ink: '#f3f5f9',
    quiet: '#a9b2c3',
    line: '#2c3240',
    brand: '#86a4ff',
    brandSoft: '#3d4f8f',
    brandWash: '#1b2236',
    comparison: '#6d778a',
    good: '#4fcb93',
    bad: '#ff8f78',
    caution: '#f0bc5e',
  },
};

/** Okabe and Ito's palette for people who see colours differently (jfly.uni-koeln.de/color); black left out. */
export const categories = [
  '#0072b2',
  '#e69f00',
  '#009e73',
  '#cc79a7',
  '#56b4e9',
  '#d55e00',
  '#f0e442',
] as const;

export type Tone = 'good' | 'bad' | 'neutral';

export function toneColor(tone: Tone, theme: Theme): string {
  return tone === 'neutral' ? theme.quiet : theme[tone];
}
