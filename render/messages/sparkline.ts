const bars = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'] as const;

/** A course in one line of text. A gap stays a gap; a level course is drawn at half height. */
export function sparkline(values: readonly (number | null)[], most = 24): string {
  const shown = values.slice(-most);
  const known = shown.filter((value): value is number => value !== null && Number.isFinite(value));
  if (known.length < 2) return '';
  const low = Math.min(...known);
  const high = Math.max(...known);
  return shown
    .map((value) => {
      if (value === null || !Number.isFinite(value)) return ' ';
      const level = high === low ? 3 : Math.round(((value - low) / (high - low)) * 7);
      return bars[level];
    })
    .join('');
}
