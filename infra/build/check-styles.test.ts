import { describe, expect, it } from 'vitest';
import { checkStyles } from './check-styles.js';

describe('checkStyles', () => {
  it.each([
    'left: 0;',
    'margin-right: 1rem;',
    'scroll-margin-left: 1rem;',
    'border-left: 1px solid;',
    'border-top-left-radius: 2px;',
    'text-align: right;',
    'float: left;',
    'transform: translateX(4px);',
    'padding: 0 1px 0 2px;',
    'inset: 0 calc(1px + 2px) 0 auto;',
  ])('refuses what names a side of the screen: %s', (declaration) => {
    expect(checkStyles(`.a {\n  ${declaration}\n}`)).toMatchObject([{ line: 2 }]);
  });

  it.each([
    'inset-inline-start: 0;',
    'margin-inline: auto 0;',
    'text-align: start;',
    'padding: 0 calc(1px + 2px) 0 calc(1px + 2px);',
    'border-radius: 2px 2px 0 0;',
    'padding: 0 1px;',
    '/* to the left: of it */',
  ])('accepts %s', (declaration) => {
    expect(checkStyles(`.a {\n  ${declaration}\n}`)).toEqual([]);
  });

  it('accepts a side of the screen where it says that it is meant', () => {
    expect(checkStyles('.a {\n  /* physical: a map has its west there */\n  left: 0;\n}')).toEqual([]);
  });
});
