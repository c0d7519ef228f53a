import { describe, expect, it } from 'vitest';
import { readLogoType } from './read-logo-type';

describe('readLogoType', () => {
  it.each([
    ['image/png', Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0])],
    ['image/jpeg', Buffer.from([0xff, 0xd8, 0xff, 0xe0, 0])],
    ['image/webp', Buffer.from('RIFF\0\0\0\0WEBPVP8 ', 'latin1')],
  ])('knows %s by its first bytes', (mediaType, content) => {
    expect(readLogoType(content)).toBe(mediaType);
  });

  it.each([
    ['an SVG', '<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'],
    ['a page', '<!doctype html><script>alert(1)</script>'],
    ['a sound in the same container', 'RIFF\0\0\0\0WAVEfmt '],
    ['nothing', ''],
  ])('takes %s for no picture', (_, text) => {
    expect(readLogoType(Buffer.from(text, 'latin1'))).toBeNull();
  });
});
