/** What the first bytes of a picture are. */
const SIGNATURES: readonly { mediaType: string; isAt: (content: Buffer) => boolean }[] = [
  { mediaType: 'image/png', isAt: (content) => content.subarray(0, 8).equals(PNG) },
  { mediaType: 'image/jpeg', isAt: (content) => content.subarray(0, 3).equals(JPEG) },
  {
    mediaType: 'image/webp',
    isAt: (content) => content.toString('latin1', 0, 4) === 'RIFF' && content.toString('latin1', 8, 12) === 'WEBP',
  },
];
const PNG = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
const JPEG = Buffer.from([0xff, 0xd8, 0xff]);

/**
 * The media type of a picture by what it is, whatever its sender called it; null for anything else. Of SVG none is taken: it may
 * hold scripts.
 */
export function readLogoType(content: Buffer): string | null {
  return SIGNATURES.find(({ isAt }) => isAt(content))?.mediaType ?? null;
}
