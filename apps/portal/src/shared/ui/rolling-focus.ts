/**
 * Where focus goes inside a list of `count` items when a key is pressed (the menu and tab patterns of ARIA APG):
 * arrows wrap around, Home and End go to the ends. null = the key is none of these.
 */
export function rollFocus(key: string, current: number, count: number, axis: 'vertical' | 'horizontal'): number | null {
  if (count === 0) return null;
  const [back, forth] = axis === 'vertical' ? ['ArrowUp', 'ArrowDown'] : ['ArrowLeft', 'ArrowRight'];
  if (key === 'Home') return 0;
  if (key === 'End') return count - 1;
  if (key === forth) return (current + 1) % count;
  if (key === back) return (current - 1 + count) % count;
  return null;
}

/** The next item, after the current one and around, whose label starts with the typed letter; null when there is none. */
export function findByLetter(letter: string, current: number, labels: readonly string[]): number | null {
  const wanted = letter.toLowerCase();
  for (let step = 1; step <= labels.length; step += 1) {
    const index = (current + step) % labels.length;
    if (labels[index]?.toLowerCase().startsWith(wanted)) return index;
  }
  return null;
}
