/**
 * Looks for texts in a stream of bytes, one after the other and however the stream is cut into chunks. The function that it
 * returns takes the next chunk and says whether the last text has passed.
 */
export function watchBytes(texts: readonly string[]): (chunk: Buffer) => boolean {
  const longest = Math.max(0, ...texts.map((text) => text.length));
  let found = 0;
  let rest = '';
  return (chunk) => {
    rest += chunk.toString('latin1');
    for (let text = texts[found]; text !== undefined; text = texts[found]) {
      const at = rest.indexOf(text);
      if (at === -1) break;
      rest = rest.slice(at + text.length);
      found += 1;
    }
    rest = rest.slice(-longest);
    return found === texts.length;
  };
}
